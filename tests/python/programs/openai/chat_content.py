"""Content of all sorts: parts, images, messages that are objects, and a list that is changed later."""

from openai import OpenAI
from openai.types.chat import ChatCompletionMessage

TREE = """
chat parts [stop]
chat objects [stop]
chat gpt-4o-refusal [stop]
"""

client = OpenAI()
parts = [
    {"type": "text", "text": "What is on this picture?"},
    {"type": "image_url", "image_url": {"url": "data:image/png;base64," + "A" * 4000}},
]
messages = [{"role": "user", "content": parts}]
answer = client.chat.completions.create(model="parts", messages=messages)
messages.clear()
print(answer.choices[0].message.content)
said = ChatCompletionMessage(role="assistant", content="I said something before.")
messages = [said, {"role": "user", "content": "What did you say?", "name": "someone"}]
print(client.chat.completions.create(model="objects", messages=messages, extra_body={"top_k": 5}).id)
print(type(messages[0]).__name__, messages[1])
answer = client.chat.completions.create(model="gpt-4o-refusal", messages=[{"role": "user", "content": "Do something bad."}])
print(answer.choices[0].message.refusal)
