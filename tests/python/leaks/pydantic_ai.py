"""Runs of `pydantic_ai`."""

import asyncio

from pydantic_ai import Agent

agent = Agent("openai-chat:gpt-4o", name="storyteller")
loop = asyncio.new_event_loop()


def ask():
    loop.run_until_complete(agent.run("Tell me a story."))


async def stream(is_read):
    async with agent.run_stream("Tell me a story.") as result:
        async for _ in result.stream_text(debounce_by=None):
            if not is_read:
                break


def read():
    loop.run_until_complete(stream(True))


def leave():
    loop.run_until_complete(stream(False))


def settle():
    loop.run_until_complete(asyncio.sleep(0.1))
