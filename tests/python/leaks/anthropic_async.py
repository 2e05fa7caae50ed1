"""Messages of the async client of `anthropic`."""

import asyncio

from anthropic import AsyncAnthropic

client = AsyncAnthropic()
loop = asyncio.new_event_loop()
REQUEST = {"model": "claude-sonnet-4-5", "max_tokens": 64, "messages": [{"role": "user", "content": "Tell me a story."}]}


def ask():
    loop.run_until_complete(client.messages.create(**REQUEST))


async def first(count):
    async for _ in await client.messages.create(**REQUEST, stream=True):
        count -= 1
        if count == 0:
            break


async def helped():
    async with client.messages.stream(**REQUEST) as stream:
        await stream.get_final_message()


def read():
    loop.run_until_complete(helped())


def leave():
    loop.run_until_complete(first(1))


def settle():
    loop.run_until_complete(asyncio.sleep(0.1))
