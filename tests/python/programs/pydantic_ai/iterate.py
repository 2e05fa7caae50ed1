"""A run taken step by step: plainly, with the streams of its nodes, by hand, and left after the first answer."""

import asyncio

from pydantic_ai import Agent
from pydantic_graph import End

TREE = """
invoke_agent forecaster
  chat gpt-4o-mini [tool_calls]
  execute_tool get_weather
  chat gpt-4o-mini [stop]
invoke_agent forecaster
  chat gpt-4o-mini ~ [tool_calls]
  execute_tool get_weather
  chat gpt-4o-mini ~ [stop]
invoke_agent forecaster
  chat gpt-4o-mini [tool_calls]
  execute_tool get_weather
  chat gpt-4o-mini [stop]
invoke_agent forecaster
  chat gpt-4o-mini [tool_calls]
"""

agent = Agent("openai-chat:gpt-4o-mini", name="forecaster")


@agent.tool_plain
async def get_weather(city: str) -> str:
    """What the weather is like."""
    return f"Sunny in {city}."


async def main() -> None:
    async with agent.iter("What is the weather in Paris?") as run:
        print([type(node).__name__ async for node in run])
    async with agent.iter("What is the weather in Rome?") as run:
        async for node in run:
            if Agent.is_model_request_node(node) or Agent.is_call_tools_node(node):
                async with node.stream(run.ctx) as events:
                    print(len([event async for event in events]) > 1)
    async with agent.iter("What is the weather in Oslo?") as run:
        node = run.next_node
        while not isinstance(node, End):
            # In a task of its own, as servers do it.
            node = await asyncio.create_task(run.next(node))
        print(run.result.output)
    async with agent.iter("What is the weather in Bern?") as run:
        async for node in run:
            if Agent.is_call_tools_node(node):
                break
    print(run.result)


asyncio.run(main())
