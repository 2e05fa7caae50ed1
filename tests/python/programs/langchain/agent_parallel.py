"""An agent whose tools run at once, one of which fails, and agents that run at once."""

import asyncio

from langchain.agents import create_agent
from langchain.agents.middleware import wrap_tool_call
from langchain_core.messages import ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI

TREE = """
invoke_agent one
  chat gpt-parallel [tool_calls]
  execute_tool get_weather
  execute_tool get_weather !LookupError
  chat gpt-parallel [stop]
invoke_agent two
  chat gpt-two [tool_calls]
  execute_tool get_weather
  chat gpt-two [stop]
invoke_agent three
  chat gpt-three [tool_calls]
  execute_tool get_weather
  chat gpt-three [stop]
"""


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    if city == "Rome":
        raise LookupError("nobody knows Rome")
    return f"Rain in {city}"


@wrap_tool_call
def forgive(request: object, handler: object) -> ToolMessage:
    try:
        return handler(request)
    except LookupError as error:
        return ToolMessage(content=f"No: {error}", tool_call_id=request.tool_call["id"], status="error")


question = {"messages": [("user", "How is the weather in Paris?")]}
agent = create_agent(ChatOpenAI(model="gpt-parallel"), tools=[get_weather], middleware=[forgive], name="one")
print([type(message).__name__ for message in agent.invoke(question)["messages"]])


async def main() -> None:
    agents = [create_agent(ChatOpenAI(model=f"gpt-{name}"), tools=[get_weather], name=name) for name in ("two", "three")]
    answers = await asyncio.gather(*(agent.ainvoke(question) for agent in agents))
    print([answer["messages"][-1].content for answer in answers])


asyncio.run(main())
