"""What goes wrong: statuses, cut streams, nobody there, too many turns, and a run that is cancelled."""

import asyncio

from agents import Agent, OpenAIChatCompletionsModel, Runner, function_tool, set_trace_processors
from openai import AsyncOpenAI

TREE = """
Agent workflow
  invoke_agent Failing !BadRequestError 400
    responses gpt-fault-400 !BadRequestError 400
Agent workflow
  invoke_agent Failing !RateLimitError 429
    chat gpt-fault-429 !RateLimitError 429
Agent workflow
  invoke_agent Failing !APIConnectionError
    chat gpt-nobody !APIConnectionError
Agent workflow
  invoke_agent Cut !APIConnectionError
    responses gpt-fault-cut ~ !APIConnectionError
Agent workflow
  invoke_agent Cut !APIConnectionError
    chat gpt-fault-cut-chat ~ !APIConnectionError
Agent workflow
  invoke_agent Endless !MaxTurnsExceeded
    responses gpt-endless [completed]
    execute_tool get_weather
    responses gpt-endless [completed]
    execute_tool get_weather
Agent workflow
  invoke_agent Slow !CancelledError
    responses gpt-fault-hang !CancelledError
"""

set_trace_processors([])


@function_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Please try again: {city}"


async def main() -> None:
    async with AsyncOpenAI(max_retries=0) as client:
        models = [
            "gpt-fault-400",
            OpenAIChatCompletionsModel("gpt-fault-429", client),
            OpenAIChatCompletionsModel("gpt-nobody", AsyncOpenAI(base_url="http://127.0.0.1:9/v1", max_retries=0)),
        ]
        for model in models:
            try:
                await Runner.run(Agent(name="Failing", model=model), "Is anybody there?")
            except Exception as error:
                print(type(error).__name__, error)
        for model in ("gpt-fault-cut", OpenAIChatCompletionsModel("gpt-fault-cut-chat", client)):
            result = Runner.run_streamed(Agent(name="Cut", model=model), "Is the stream whole?")
            try:
                print(len([event async for event in result.stream_events()]))
            except Exception as error:
                print(type(error).__name__, error)
    try:
        await Runner.run(Agent(name="Endless", model="gpt-endless", tools=[get_weather]), "How is the weather?", max_turns=2)
    except Exception as error:
        print(type(error).__name__, error)
    try:
        await asyncio.wait_for(Runner.run(Agent(name="Slow", model="gpt-fault-hang"), "Will you come back?"), 0.3)
    except asyncio.TimeoutError:
        print("too late")


asyncio.run(main())
