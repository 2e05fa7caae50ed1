"""Runs of the OpenAI Agents SDK."""

import asyncio

from agents import Agent, Runner, set_trace_processors

set_trace_processors([])
agent = Agent(name="storyteller", model="gpt-4o")
loop = asyncio.new_event_loop()


def ask():
    loop.run_until_complete(Runner.run(agent, "Tell me a story."))


async def stream(is_read):
    result = Runner.run_streamed(agent, "Tell me a story.")
    async for _ in result.stream_events():
        if not is_read:
            break
    result.cancel()


def read():
    loop.run_until_complete(stream(True))


def leave():
    loop.run_until_complete(stream(False))


def settle():
    loop.run_until_complete(asyncio.sleep(0.1))
