"""An agent that calls a tool and answers."""

import asyncio

from pydantic_ai import Agent

TREE = """
invoke_agent forecaster
  chat gpt-4o-mini [tool_calls]
  execute_tool get_weather
  chat gpt-4o-mini [stop]
"""

agent = Agent("openai-chat:gpt-4o-mini", name="forecaster", instructions="Answer in one sentence.")


@agent.tool_plain
async def get_weather(city: str) -> str:
    """What the weather is like."""
    return f"Sunny in {city}."


async def main() -> None:
    result = await agent.run("What is the weather in Paris?")
    print(result.output, result.usage.requests, result.usage.total_tokens)


asyncio.run(main())
