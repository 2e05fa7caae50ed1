"""Tools that run at once, one that fails and says so, one that fails for good, and one that is missing."""

import asyncio

from agents import Agent, Runner, function_tool, set_trace_processors

TREE = """
Agent workflow
  invoke_agent Parallel
    responses gpt-parallel [completed]
    execute_tool get_weather
    execute_tool get_weather
    execute_tool get_time
    responses gpt-parallel [completed]
Agent workflow
  invoke_agent Soft
    responses gpt-soft [completed]
    execute_tool find_hotel !LookupError
    responses gpt-soft [completed]
    execute_tool find_hotel !LookupError
    responses gpt-soft [completed]
    execute_tool find_hotel !LookupError
    responses gpt-soft [completed]
Agent workflow
  invoke_agent Fatal !UserError
    responses gpt-fatal [completed]
    execute_tool find_flight !LookupError
"""

set_trace_processors([])


@function_tool
async def get_weather(city: str) -> str:
    """The weather of a city."""
    await asyncio.sleep(0.01)
    return f"Rain in {city}"


@function_tool
def get_time() -> str:
    """The time."""
    return "Noon"


@function_tool
def find_hotel(city: str) -> str:
    """A hotel in a city."""
    raise LookupError(f"no free hotel in {city}")


@function_tool(failure_error_function=None)
def find_flight(city: str) -> str:
    """A flight to a city."""
    raise LookupError(f"no flight to {city}")


async def main() -> None:
    parallel = Agent(name="Parallel", model="gpt-parallel", tools=[get_weather, get_time])
    print((await Runner.run(parallel, "Ask for the weather and time in parallel.")).final_output)
    print((await Runner.run(Agent(name="Soft", model="gpt-soft", tools=[find_hotel]), "Please find_hotel.")).final_output)
    try:
        await Runner.run(Agent(name="Fatal", model="gpt-fatal", tools=[find_flight]), "Please find_flight.")
    except Exception as error:
        print(type(error).__name__, error, repr(error.__cause__))


asyncio.run(main())
