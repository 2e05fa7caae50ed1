"""Tools that somebody has to approve: approved, rejected, and one that asks an agent whose tool needs no leave."""

import asyncio

from agents import Agent, Runner, function_tool, set_trace_processors

TREE = """
Agent workflow
  invoke_agent Careful
    responses gpt-careful [completed]
Agent workflow
  invoke_agent Careful
    execute_tool get_weather
      invoke_agent Helper
        responses gpt-helper [completed]
        execute_tool find_hotel
        responses gpt-helper [completed]
    responses gpt-careful [completed]
Agent workflow
  invoke_agent Careful
    responses gpt-careful [completed]
Agent workflow
  invoke_agent Careful
    responses gpt-careful [completed]
"""

set_trace_processors([])


@function_tool
async def find_hotel(city: str) -> str:
    """Finds a hotel."""
    return f"A hotel in {city}"


helper = Agent(name="Helper", model="gpt-helper", tools=[find_hotel])


@function_tool(needs_approval=True)
async def get_weather(city: str) -> str:
    """What the weather is like."""
    return str((await Runner.run(helper, "Find a hotel, please: find_hotel")).final_output)


async def main() -> None:
    agent = Agent(name="Careful", model="gpt-careful", tools=[get_weather])
    for city in ("Paris", "Rome"):
        result = await Runner.run(agent, f"What is the weather in {city}?")
        state = result.to_state()
        for interruption in result.interruptions:
            print(interruption.name)
            state.approve(interruption) if city == "Paris" else state.reject(interruption)
        print((await Runner.run(agent, state)).final_output)


asyncio.run(main())
