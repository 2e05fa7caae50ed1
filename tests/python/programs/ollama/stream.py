"""Streams: read, left, and of the async client."""

import asyncio
import os

import ollama

TREE = """
chat read ~ [stop]
chat every-100-left ~
chat awaited ~ [stop]
chat llama3.2 [stop]
"""

VENDOR = os.environ["VENDOR"]
client = ollama.Client(host=VENDOR)


def messages(model: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": f"Tell the story of {model}."}]


print([part.message.content for part in client.chat("read", messages("read"), stream=True)])
for number, part in enumerate(client.chat("every-100-left", messages("left"), stream=True)):
    print(part.message.content)
    if number == 2:
        break


async def main() -> None:
    client = ollama.AsyncClient(host=VENDOR)
    print([part.message.content async for part in await client.chat("awaited", messages("it"), stream=True)])
    print((await client.chat("llama3.2", messages("it"))).message.content)


asyncio.run(main())
