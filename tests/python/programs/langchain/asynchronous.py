"""Everything at once in asyncio: requests, streams and agents, side by side."""

import asyncio

from langchain.agents import create_agent
from langchain_anthropic import ChatAnthropic
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

TREE = """
chat gpt-4o-mini [stop]
chat claude-sonnet-4-5 [end_turn]
chat gpt-4o-mini ~ [stop]
chat claude-sonnet-4-5 ~ [end_turn]
invoke_agent streamed
  chat gpt-4o ~ [tool_calls]
  execute_tool get_weather
  chat gpt-4o ~ [stop]
invoke_agent whole
  chat gpt-4o-parallel [tool_calls]
  execute_tool get_weather
  execute_tool get_weather
  chat gpt-4o-parallel [stop]
"""


@tool
async def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    await asyncio.sleep(0)
    return f"Rain in {city}"


async def ask(model) -> str:
    return (await model.ainvoke("Tell me a joke about bees")).content


async def read(model) -> str:
    return "".join([chunk.content async for chunk in model.astream("Tell me a story of bees") if chunk.content])


async def follow() -> list[str]:
    agent = create_agent(ChatOpenAI(model="gpt-4o", stream_usage=True), [get_weather], name="streamed")
    question = {"messages": [("user", "What is the weather in Paris?")]}
    return [type(message).__name__ async for message, _ in agent.astream(question, stream_mode="messages")]


async def run() -> str:
    agent = create_agent(ChatOpenAI(model="gpt-4o-parallel"), [get_weather], name="whole")
    return (await agent.ainvoke({"messages": [("user", "What is the weather in Rome?")]}))["messages"][-1].content


async def main() -> None:
    openai, anthropic = ChatOpenAI(model="gpt-4o-mini", stream_usage=True), ChatAnthropic(model="claude-sonnet-4-5")
    for said in await asyncio.gather(ask(openai), ask(anthropic), read(openai), read(anthropic), follow(), run()):
        print(said)


asyncio.run(main())
