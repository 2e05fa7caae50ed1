"""Streams: read, and left."""

import os

import cohere

TREE = """
chat command-a-read ~ [COMPLETE]
chat command-every-100-left ~
"""

client = cohere.ClientV2(api_key="key", base_url=os.environ["VENDOR"])


def ask(model: str) -> object:
    return client.chat_stream(model=model, messages=[{"role": "user", "content": f"Tell the story of {model}."}])


print([event.type for event in ask("command-a-read")])
for number, event in enumerate(ask("command-every-100-left")):
    print(event.type)
    if number == 3:
        break
