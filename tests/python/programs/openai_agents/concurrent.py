"""Many runs at once: every one has its own agent, requests and tools."""

import asyncio

from agents import Agent, Runner, function_tool, set_trace_processors

TREE = """
Agent workflow
  invoke_agent agent-1
    responses gpt-1 [completed]
    execute_tool get_weather
    responses gpt-1 [completed]
Agent workflow
  invoke_agent agent-2
    responses gpt-2 [completed]
    execute_tool get_weather
    responses gpt-2 [completed]
Agent workflow
  invoke_agent agent-3
    responses gpt-3 [completed]
    execute_tool get_weather
    responses gpt-3 [completed]
"""

set_trace_processors([])


@function_tool
async def get_weather(city: str) -> str:
    """The weather of a city."""
    await asyncio.sleep(0.01)
    return f"Rain in {city}"


async def main() -> None:
    agents = [Agent(name=f"agent-{number}", model=f"gpt-{number}", tools=[get_weather]) for number in (1, 2, 3)]
    results = await asyncio.gather(*(Runner.run(agent, "How is the weather in Paris?") for agent in agents))
    print([result.final_output for result in results])


asyncio.run(main())
