"""Runs at once: of one agent in a gather and in threads, and of two inside of tools that run at once."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from openai import AsyncOpenAI
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

TREE = """
invoke_agent helper
  chat gpt-4o-mini [stop]
invoke_agent helper
  chat gpt-4o-mini [stop]
invoke_agent helper
  chat gpt-4o-mini ~ [stop]
invoke_agent helper
  chat gpt-4o-mini [stop]
invoke_agent helper
  chat gpt-4o-mini [stop]
invoke_agent leader
  chat gpt-4o-parallel [tool_calls]
  execute_tool ask_left
    invoke_agent left
      chat gpt-4o-mini [stop]
  execute_tool ask_right
    invoke_agent right
      chat gpt-4o-mini [stop]
  chat gpt-4o-parallel [stop]
"""

helper = Agent("openai-chat:gpt-4o-mini", name="helper")
leader = Agent("openai-chat:gpt-4o-parallel", name="leader")
left = Agent("openai-chat:gpt-4o-mini", name="left")
right = Agent("openai-chat:gpt-4o-mini", name="right")


@leader.tool_plain
async def ask_left() -> str:
    """Asks to the left."""
    return (await left.run("What is on the left?")).output


@leader.tool_plain
async def ask_right() -> str:
    """Asks to the right."""
    return (await right.run("What is on the right?")).output


async def ask(question: str) -> str:
    async with helper.run_stream(question) as result:
        return await result.get_output()


async def main() -> None:
    asked = [helper.run("What is one?"), helper.run("What is two?")]
    print([result.output for result in await asyncio.gather(*asked)], await ask("What is three?"))
    print((await leader.run("Ask everybody")).output[:24])


def ask_in_thread(question: str) -> str:
    """With a client of its own: the library's belongs to the loop that it was first used in."""
    model = OpenAIChatModel("gpt-4o-mini", provider=OpenAIProvider(openai_client=AsyncOpenAI()))
    return helper.run_sync(question, model=model).output


asyncio.run(main())
with ThreadPoolExecutor(2) as pool:
    print(list(pool.map(ask_in_thread, ["What is four?", "What is five?"])))
