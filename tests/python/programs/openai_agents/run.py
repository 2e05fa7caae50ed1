"""An agent with a tool, and a direct call of a client beside it and inside of a tool."""

import asyncio

from agents import Agent, Runner, function_tool, set_trace_processors
from openai import AsyncOpenAI

TREE = """
Agent workflow
  invoke_agent Weather Agent
    responses gpt-4o [completed]
    execute_tool get_weather
    responses gpt-4o [completed]
chat beside [stop]
Agent workflow
  invoke_agent Asker
    responses gpt-4o-asks [completed]
    execute_tool look_up
      chat inside [stop]
    responses gpt-4o-asks [completed]
"""

set_trace_processors([])  # Nothing is uploaded.


async def ask(model: str, text: str) -> str:
    messages = [{"role": "user", "content": text}]
    async with AsyncOpenAI() as client:
        return (await client.chat.completions.create(model=model, messages=messages)).choices[0].message.content


@function_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


@function_tool
async def look_up(word: str) -> str:
    """Looks a word up."""
    return await ask("inside", f"What does it mean: {word}?")


async def main() -> None:
    agent = Agent(name="Weather Agent", instructions="You know the weather.", model="gpt-4o", tools=[get_weather])
    result = await Runner.run(agent, "How is the weather in Paris?")
    print(type(result).__name__, result.final_output, len(result.raw_responses), result.context_wrapper.usage.total_tokens)
    print(await ask("beside", "And who are you?"))
    asker = Agent(name="Asker", model="gpt-4o-asks", tools=[look_up])
    print((await Runner.run(asker, "Please use look_up for it.")).final_output)


asyncio.run(main())
