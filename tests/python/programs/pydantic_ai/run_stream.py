"""Streams of text: after a tool, and read to the end by other means."""

import asyncio

from pydantic_ai import Agent

TREE = """
invoke_agent forecaster
  chat gpt-4o-mini ~ [tool_calls]
  execute_tool get_weather
  chat gpt-4o-mini ~ [stop]
invoke_agent forecaster
  chat gpt-4o-mini ~ [stop]
invoke_agent forecaster
  chat gpt-4o-mini ~ [stop]
"""

agent = Agent("openai-chat:gpt-4o-mini", name="forecaster")


@agent.tool_plain
def get_weather(city: str) -> str:
    """What the weather is like."""
    return f"Sunny in {city}."


async def main() -> None:
    async with agent.run_stream("What is the weather in Paris?") as result:
        print([text async for text in result.stream_text(debounce_by=None)][-1])
    async with agent.run_stream("Tell me a joke") as result:
        print(await result.get_output())
    async with agent.run_stream("Tell me another joke") as result:
        print(len([text async for text in result.stream_text(delta=True, debounce_by=None)]) > 3, result.usage.total_tokens)


asyncio.run(main())
