"""Streamed runs: read to the end, of responses and of chat completions; what is done meanwhile stands beside it."""

import asyncio

from agents import Agent, OpenAIChatCompletionsModel, Runner, function_tool, set_trace_processors
from openai import AsyncOpenAI

TREE = """
Agent workflow
  invoke_agent Weather Agent
    responses gpt-4o ~ [completed]
    execute_tool get_weather
    responses gpt-4o ~ [completed]
chat meanwhile [stop]
Agent workflow
  invoke_agent Chat Agent
    chat gpt-chat ~ [tool_calls]
    execute_tool get_weather
    chat gpt-chat ~ [stop]
"""

set_trace_processors([])


@function_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


async def main() -> None:
    async with AsyncOpenAI() as client:
        agent = Agent(name="Weather Agent", model="gpt-4o", tools=[get_weather])
        result = Runner.run_streamed(agent, "How is the weather in Paris?")
        count = 0
        async for event in result.stream_events():
            count += 1
            if count == 3:
                messages = [{"role": "user", "content": "What happens meanwhile?"}]
                answer = await client.chat.completions.create(model="meanwhile", messages=messages)
                print(answer.choices[0].message.content)
        print(type(result).__name__, count > 20, result.final_output)
        model = OpenAIChatCompletionsModel("gpt-chat", client)
        result = Runner.run_streamed(Agent(name="Chat Agent", model=model, tools=[get_weather]), "How is the weather in Rome?")
        kinds = [event.type async for event in result.stream_events()]
        print(kinds.count("run_item_stream_event"), result.final_output)


asyncio.run(main())
