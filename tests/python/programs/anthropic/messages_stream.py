"""Streamed messages: a loop, `next`, a block, and two loops."""

from anthropic import Anthropic

TREE = """
chat loop ~ [end_turn]
chat next ~ [end_turn]
chat block ~ [end_turn]
chat two-loops ~ [end_turn]
"""

client = Anthropic()


def ask(model: str) -> object:
    messages = [{"role": "user", "content": f"Tell the story of {model}."}]
    return client.messages.create(model=model, max_tokens=100, messages=messages, stream=True)


def text(event: object) -> str:
    return event.delta.text if event.type == "content_block_delta" else f"<{event.type}>"


stream = ask("loop")
print(type(stream).__name__, [text(event) for event in stream])
stream = ask("next")
print(next(stream).message.id, text(next(stream)), "".join(map(text, stream)))
with ask("block") as stream:
    for event in stream:
        print(text(event), end="|")
stream = ask("two-loops")
for event in stream:
    print(text(event))
    break
print([text(event) for event in stream])
