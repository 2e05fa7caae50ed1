"""The same by chat completions, with settings of the model and structured output."""

import asyncio

from agents import Agent, ModelSettings, OpenAIChatCompletionsModel, Runner, function_tool, set_trace_processors
from openai import AsyncOpenAI
from pydantic import BaseModel

TREE = """
Agent workflow
  invoke_agent Weather Agent
    chat gpt-4o [tool_calls]
    execute_tool get_weather
    chat gpt-4o [stop]
Agent workflow
  invoke_agent Planner
    chat gpt-plan [stop]
Agent workflow
  invoke_agent Planner
    responses gpt-plan-responses [completed]
"""

set_trace_processors([])


class Trip(BaseModel):
    city: str
    days: list[int]


@function_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


async def main() -> None:
    async with AsyncOpenAI() as client:
        settings = ModelSettings(temperature=0.3, max_tokens=100, top_p=0.9)
        model = OpenAIChatCompletionsModel("gpt-4o", client)
        agent = Agent(name="Weather Agent", instructions="You know.", model=model, tools=[get_weather], model_settings=settings)
        print((await Runner.run(agent, "How is the weather in Paris?")).final_output)
        planner = Agent(name="Planner", model=OpenAIChatCompletionsModel("gpt-plan", client), output_type=Trip)
        print(repr((await Runner.run(planner, "Plan a trip for me.")).final_output))
    planner = Agent(name="Planner", model="gpt-plan-responses", output_type=Trip, model_settings=settings)
    print(repr((await Runner.run(planner, "Plan a trip for me.")).final_output))


asyncio.run(main())
