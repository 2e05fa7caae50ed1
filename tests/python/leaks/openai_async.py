"""Chat completions of the async client of `openai`."""

import asyncio

from openai import AsyncOpenAI

client = AsyncOpenAI()
loop = asyncio.new_event_loop()
REQUEST = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Tell me a story."}]}


def ask():
    loop.run_until_complete(client.chat.completions.create(**REQUEST))


async def first(count):
    async for _ in await client.chat.completions.create(**REQUEST, stream=True):
        count -= 1
        if count == 0:
            break


def read():
    loop.run_until_complete(first(-1))


def leave():
    loop.run_until_complete(first(1))


def settle():
    loop.run_until_complete(asyncio.sleep(0.1))
