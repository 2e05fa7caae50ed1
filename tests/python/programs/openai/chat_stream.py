"""Streamed chat completions: a loop, `next`, a block, two loops, and with usage."""

from openai import OpenAI

TREE = """
chat loop ~ [stop]
chat next ~ [stop]
chat block ~ [stop]
chat two-loops ~ [stop]
chat usage ~ [stop]
"""

client = OpenAI()


def ask(model: str, **options: object) -> object:
    messages = [{"role": "user", "content": f"Tell the story of {model}."}]
    return client.chat.completions.create(model=model, messages=messages, stream=True, **options)


def text(chunk: object) -> str:
    return (chunk.choices[0].delta.content or "") if chunk.choices else str(chunk.usage)


stream = ask("loop")
print(type(stream).__name__, [text(chunk) for chunk in stream])
stream = ask("next")
print(next(stream).id, text(next(stream)), "".join(map(text, stream)))
with ask("block") as stream:
    for chunk in stream:
        print(text(chunk), end="|")
stream = ask("two-loops")
for chunk in stream:
    print(text(chunk))
    break
print([text(chunk) for chunk in stream])
print([text(chunk) for chunk in ask("usage", stream_options={"include_usage": True})])
