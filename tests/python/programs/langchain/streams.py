"""Streamed models of both vendors: read, and left in every way; a call made while a stream is open."""

import gc

from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI

TREE = """
chat read ~ [stop]
chat usage ~ [stop]
chat claude-read ~ [end_turn]
chat broken ~
chat meanwhile [stop]
chat closed ~
chat let-go ~
"""


def ask(model: str, **options: object) -> object:
    return ChatOpenAI(model=model, **options).stream(f"Tell the story of {model}.")


stream = ask("read")
print(type(stream).__name__, [chunk.content for chunk in stream])
print([chunk.usage_metadata for chunk in ask("usage", stream_usage=True)][-1])
print([chunk.content for chunk in ChatAnthropic(model="claude-read", max_tokens=100).stream("Tell a story of reading.")])
for number, chunk in enumerate(ask("broken")):
    print(chunk.content)
    if number == 2:
        print(ChatOpenAI(model="meanwhile").invoke("What happens meanwhile?").content)
        break
closed = ask("closed")
print(next(closed).content, next(closed).content)
closed.close()
let_go = ask("let-go")
print(next(let_go).content, next(let_go).content)
del let_go
gc.collect()
