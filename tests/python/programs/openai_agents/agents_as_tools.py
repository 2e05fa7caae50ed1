"""An agent that is a tool of another one: it runs below the tool, and its tokens are its own."""

import asyncio

from agents import Agent, Runner, function_tool, set_trace_processors

TREE = """
Agent workflow
  invoke_agent Outer
    responses gpt-outer [completed]
    execute_tool ask_expert
      invoke_agent Expert
        responses gpt-expert [completed]
    responses gpt-outer [completed]
"""

set_trace_processors([])


@function_tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


async def main() -> None:
    expert = Agent(name="Expert", instructions="Use get_weather for the weather.", model="gpt-expert", tools=[get_weather])
    tool = expert.as_tool(
        tool_name="ask_expert", tool_description="Asks somebody who knows.",
        custom_output_extractor=None,
    )
    outer = Agent(name="Outer", model="gpt-outer", tools=[tool])
    result = await Runner.run(outer, "Please ask_expert, who has to use get_weather.")
    print(result.final_output)


asyncio.run(main())
