"""Streams that are broken off, closed, left by an error, and let go."""

import gc

from openai import OpenAI

TREE = """
chat broken ~
chat closed ~
chat failed-block ~
chat let-go ~
chat never-read
"""

client = OpenAI()


def ask(model: str) -> object:
    messages = [{"role": "user", "content": f"Tell the story of {model}."}]
    return client.chat.completions.create(model=model, messages=messages, stream=True)


def words(stream: object, count: int) -> list[str]:
    return [next(stream).choices[0].delta.content for _ in range(count)]


broken = ask("broken")
for number, chunk in enumerate(broken):
    print(chunk.choices[0].delta.content)
    if number == 2:
        break
closed = ask("closed")
print(words(closed, 3))
closed.close()
try:
    with ask("failed-block") as stream:
        print(words(stream, 2))
        raise LookupError("no more")
except LookupError as error:
    print(error)
let_go = ask("let-go")
print(words(let_go, 2))
del let_go
gc.collect()
ask("never-read").close()
