"""Messages of `anthropic`."""

from anthropic import Anthropic

client = Anthropic()
REQUEST = {"model": "claude-sonnet-4-5", "max_tokens": 64, "messages": [{"role": "user", "content": "Tell me a story."}]}


def ask():
    client.messages.create(**REQUEST)


def read():
    with client.messages.stream(**REQUEST) as stream:
        stream.get_final_message()


def leave():
    next(iter(client.messages.create(**REQUEST, stream=True)))
