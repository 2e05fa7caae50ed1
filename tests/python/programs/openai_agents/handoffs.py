"""Handoffs: one agent hands the conversation to another one, which hands it on."""

import asyncio

from agents import Agent, Runner, function_tool, handoff, set_trace_processors

TREE = """
Agent workflow
  invoke_agent Weather Agent
    responses gpt-weather [completed]
    execute_tool get_weather
    responses gpt-weather [completed]
    handoff from Weather Agent to Travel Agent
  invoke_agent Travel Agent
    responses gpt-travel [completed]
"""

set_trace_processors([])


@function_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


async def main() -> None:
    travel = Agent(name="Travel Agent", instructions="You plan travel.", model="gpt-travel")
    agent = Agent(
        name="Weather Agent",
        model="gpt-weather",
        tools=[get_weather],
        handoffs=[handoff(travel, tool_name_override="transfer_to_travel_agent")],
    )
    result = await Runner.run(agent, "How is the weather in Paris, and should I go?")
    print(result.last_agent.name, result.final_output)


asyncio.run(main())
