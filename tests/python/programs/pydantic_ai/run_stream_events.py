"""The events of a run: to the end, left in the middle, and never begun."""

import asyncio

from pydantic_ai import Agent, AgentRunResultEvent, PartStartEvent

TREE = """
invoke_agent forecaster
  chat gpt-4o ~ [tool_calls]
  execute_tool get_weather
  chat gpt-4o ~ [stop]
invoke_agent forecaster
  chat gpt-4o ~
"""

agent = Agent("openai-chat:gpt-4o", name="forecaster")


@agent.tool_plain
async def get_weather(city: str) -> str:
    """What the weather is like."""
    return f"Sunny in {city}."


async def main() -> None:
    async with agent.run_stream_events("What is the weather in Paris?") as events:
        async for event in events:
            if isinstance(event, AgentRunResultEvent):
                print(event.result.output)
    async with agent.run_stream_events("Tell me a long story") as events:
        async for event in events:
            print(isinstance(event, PartStartEvent))
            break
    async with agent.run_stream_events("Tell me nothing"):
        print("left")


asyncio.run(main())
