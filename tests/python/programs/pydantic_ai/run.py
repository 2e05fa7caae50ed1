"""An agent that calls a tool and answers; one whose name is found where it is run."""

import asyncio

from pydantic_ai import Agent

TREE = """
invoke_agent forecaster
  chat gpt-4o-mini [tool_calls]
  execute_tool get_weather
  chat gpt-4o-mini [stop]
invoke_agent nameless
  chat gpt-4o-mini [stop]
invoke_agent
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
    nameless = Agent("openai-chat:gpt-4o-mini")
    print((await nameless.run("Tell me a joke")).output, nameless.name)
    agents = [Agent("openai-chat:gpt-4o-mini")]
    print((await agents[0].run("Tell me another joke")).output, agents[0].name)


asyncio.run(main())
