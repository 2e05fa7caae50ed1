"""Streams that are broken off, closed, left by an error, and let go."""

import gc

from anthropic import Anthropic

TREE = """
chat broken ~
chat closed ~
chat failed-block ~
chat let-go ~
chat never-read
"""

client = Anthropic()


def ask(model: str) -> object:
    messages = [{"role": "user", "content": f"Tell the story of {model}."}]
    return client.messages.create(model=model, max_tokens=100, messages=messages, stream=True)


def types(stream: object, count: int) -> list[str]:
    return [next(stream).type for _ in range(count)]


broken = ask("broken")
for number, event in enumerate(broken):
    print(event.type)
    if number == 3:
        break
closed = ask("closed")
print(types(closed, 4))
closed.close()
try:
    with ask("failed-block") as stream:
        print(types(stream, 3))
        raise LookupError("no more")
except LookupError as error:
    print(error)
let_go = ask("let-go")
print(types(let_go, 4))
del let_go
gc.collect()
ask("never-read").close()
