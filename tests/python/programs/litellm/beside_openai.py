"""OpenAI's client beside LiteLLM, which uses it as well: each call has one span."""

import litellm
from openai import OpenAI

TREE = """
chat by-litellm [stop]
chat by-openai [stop]
chat fault-500-by-litellm !InternalServerError 500
chat by-openai-after [stop]
chat open ~ [stop]
chat by-openai-inside [stop]
text_completion by-litellm-instruct [stop]
"""

litellm.suppress_debug_info = True

client = OpenAI()
question = [{"role": "user", "content": "Who of you is there?"}]


def direct(model: str) -> None:
    print(client.chat.completions.create(model=model, messages=question).choices[0].message.content)


print(litellm.completion(model="openai/by-litellm", messages=question).choices[0].message.content)
direct("by-openai")
try:
    litellm.completion(model="openai/fault-500-by-litellm", messages=question, max_retries=0)
except litellm.InternalServerError:
    direct("by-openai-after")
stream = litellm.completion(model="openai/open", messages=question, stream=True)
next(stream)
direct("by-openai-inside")
print([chunk.choices[0].delta.content for chunk in stream])
print(litellm.text_completion(model="text-completion-openai/by-litellm-instruct", prompt="Once upon").choices[0].text)
