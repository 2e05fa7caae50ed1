"""OpenAI's client stands on `httpx2`: its calls have one span, and those beside it their own."""

import os

import httpx2
from openai import OpenAI

TREE = """
chat by-openai [stop]
chat by-openai-streamed ~ [stop]
chat by-httpx2 [stop]
"""

question = [{"role": "user", "content": "Who of you is there?"}]
plain = httpx2.Client(base_url=os.environ["OPENAI_BASE_URL"])
client = OpenAI(http_client=plain)
print(client.chat.completions.create(model="by-openai", messages=question).choices[0].message.content)
stream = client.chat.completions.create(model="by-openai-streamed", messages=question, stream=True)
print([chunk.choices[0].delta.content for chunk in stream])
print(plain.post("/chat/completions", json={"model": "by-httpx2", "messages": question}).status_code)
