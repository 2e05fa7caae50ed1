"""Tools that run at once, that want another try, that tell of a failure, and one that fails."""

import asyncio

from pydantic_ai import Agent, ModelRetry, RunContext
from pydantic_ai.exceptions import ToolFailed

TREE = """
invoke_agent traveller
  chat gpt-4o-parallel [tool_calls]
  execute_tool get_weather
  execute_tool get_weather
  execute_tool get_time
  chat gpt-4o-parallel [stop]
invoke_agent patient
  chat gpt-4o [tool_calls]
  execute_tool search
  chat gpt-4o [tool_calls]
  execute_tool search
  chat gpt-4o [stop]
invoke_agent modest
  chat gpt-4o [tool_calls]
  execute_tool search !ToolFailedError
  chat gpt-4o [stop]
invoke_agent unlucky !ValueError
  chat gpt-4o [tool_calls]
  execute_tool search !ValueError
"""

traveller = Agent("openai-chat:gpt-4o-parallel", name="traveller")
patient = Agent("openai-chat:gpt-4o", name="patient")
modest = Agent("openai-chat:gpt-4o", name="modest")
unlucky = Agent("openai-chat:gpt-4o", name="unlucky")


@traveller.tool_plain
async def get_weather(city: str) -> dict[str, str]:
    """What the weather is like."""
    await asyncio.sleep(0.01)
    return {"city": city, "sky": "blue"}


@traveller.tool_plain
def get_time(place: str) -> str:
    """What time it is."""
    return f"Noon in {place}."


@patient.tool
def search(context: RunContext[None], query: str) -> str:
    """Searches."""
    if context.retry == 0:
        raise ModelRetry("Nothing found, try again.")
    return "found"


@modest.tool_plain(name="search")
def cannot_search(query: str) -> str:
    raise ToolFailed("The library is closed.")


@unlucky.tool_plain(name="search")
def fail_to_search(query: str) -> str:
    raise ValueError("no such index")


async def main() -> None:
    print((await traveller.run("Tell me all you can")).output)
    for agent in (patient, modest, unlucky):
        try:
            print((await agent.run("Please search")).output)
        except ValueError as error:
            print(repr(error))


asyncio.run(main())
