"""Chat completions of `openai`."""

from openai import OpenAI

client = OpenAI()
REQUEST = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Tell me a story."}]}


def ask():
    client.chat.completions.create(**REQUEST)


def read():
    for _ in client.chat.completions.create(**REQUEST, stream=True):
        pass


def leave():
    next(iter(client.chat.completions.create(**REQUEST, stream=True)))
