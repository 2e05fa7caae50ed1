"""`astream_events` of a chain and of an agent."""

import asyncio
from collections import Counter

from langchain.agents import create_agent
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

TREE = """
chat gpt-4o-mini ~ [stop]
invoke_agent weather
  chat gpt-4o ~ [tool_calls]
  execute_tool get_weather
  chat gpt-4o ~ [stop]
"""


@tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"Rain in {city}"


async def main() -> None:
    chain = ChatPromptTemplate.from_template("Tell a joke about {topic}") | ChatOpenAI(model="gpt-4o-mini", stream_usage=True)
    print(Counter([event["event"] async for event in chain.astream_events({"topic": "bees"})]))
    agent = create_agent(ChatOpenAI(model="gpt-4o", stream_usage=True), [get_weather], name="weather")
    question = {"messages": [("user", "What is the weather in Paris?")]}
    print(Counter([event["event"] async for event in agent.astream_events(question)]))


asyncio.run(main())
