"""`astream_events` and `astream` of a chain and of an agent."""

import asyncio

from langchain.agents import create_agent
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

TREE = """
chat chain ~ [stop]
invoke_agent Weather Agent
  chat agent ~ [tool_calls]
  execute_tool get_weather
  chat agent ~ [stop]
invoke_agent Weather Agent
  chat updates [tool_calls]
  execute_tool get_weather
  chat updates [stop]
"""


@tool
async def get_weather(city: str) -> str:
    """The weather of a city."""
    await asyncio.sleep(0)
    return f"Snow in {city}"


async def main() -> None:
    chain = ChatPromptTemplate.from_template("How deep is {what}?") | ChatOpenAI(model="chain")
    print([event["event"] async for event in chain.astream_events({"what": "the sea"}, version="v2")])
    question = {"messages": [("user", "How is the weather in Paris?")]}
    agent = create_agent(ChatOpenAI(model="agent"), tools=[get_weather], name="Weather Agent")
    kinds = [event["event"] async for event in agent.astream_events(question, version="v2")]
    print(kinds.count("on_chat_model_start"), kinds.count("on_tool_end"))
    agent = create_agent(ChatOpenAI(model="updates"), tools=[get_weather], name="Weather Agent")
    print([list(step) async for step in agent.astream(question)])


asyncio.run(main())
