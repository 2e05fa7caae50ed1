"""The same where the program has switched the library's own tracing off, for one run and altogether."""

import asyncio

from agents import Agent, RunConfig, Runner, function_tool, handoff, set_tracing_disabled

TREE = """
Agent workflow
  invoke_agent Weather Agent
    responses gpt-weather [completed]
    execute_tool get_weather
    responses gpt-weather [completed]
    handoff from Weather Agent to Travel Agent
  invoke_agent Travel Agent
    responses gpt-travel [completed]
Agent workflow
  invoke_agent Failing !InternalServerError 500
    responses gpt-fault-500 !InternalServerError 500
Agent workflow
  invoke_agent Travel Agent
    responses gpt-travel ~ [completed]
"""


@function_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


async def main() -> None:
    off = RunConfig(tracing_disabled=True)
    travel = Agent(name="Travel Agent", instructions="You plan travel.", model="gpt-travel")
    handoffs = [handoff(travel, tool_name_override="transfer_to_travel_agent")]
    agent = Agent(name="Weather Agent", model="gpt-weather", tools=[get_weather], handoffs=handoffs)
    print((await Runner.run(agent, "How is the weather in Paris?", run_config=off)).final_output)
    set_tracing_disabled(True)
    try:
        try:
            await Runner.run(Agent(name="Failing", model="gpt-fault-500"), "Is anybody there?")
        except Exception as error:
            print(type(error).__name__)
        result = Runner.run_streamed(travel, "Where shall I go to?")
        print(len([event async for event in result.stream_events()]) > 5, result.final_output)
    finally:
        set_tracing_disabled(False)


asyncio.run(main())
