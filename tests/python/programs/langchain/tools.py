"""Tools on their own and in agents, of all sorts, and what is asked of models in them."""

import asyncio

from langchain.agents import create_agent
from langchain_core.tools import StructuredTool, ToolException, tool
from langchain_openai import ChatOpenAI
from openai import OpenAI

TREE = """
execute_tool add
execute_tool add
execute_tool ask
  chat within [stop]
  chat beside [stop]
execute_tool fail !ValueError
execute_tool refuse !tool_error
invoke_agent outer
  chat gpt-4o [tool_calls]
  execute_tool research
    invoke_agent inner
      chat gpt-4o-mini [stop]
  chat gpt-4o [stop]
"""


@tool
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@tool
def ask(question: str) -> str:
    """Asks two models."""
    said = ChatOpenAI(model="within").invoke(question).content
    messages = [{"role": "user", "content": said}]
    return OpenAI().chat.completions.create(model="beside", messages=messages).choices[0].message.content


@tool
def fail(question: str) -> str:
    """Fails."""
    raise ValueError("no")


def refuse(question: str) -> str:
    raise ToolException("not now")


inner = create_agent(ChatOpenAI(model="gpt-4o-mini"), [], name="inner")


@tool
def research(city: str) -> str:
    """Asks another agent."""
    return inner.invoke({"messages": [("user", f"What do you know of {city}?")]})["messages"][-1].content


print(add.invoke({"a": 1, "b": 2}), asyncio.run(add.ainvoke({"a": 3, "b": 4})))
print(ask.invoke("What do bees do all day?"))
try:
    fail.invoke("What now?")
except ValueError as error:
    print(error)
refusing = StructuredTool.from_function(refuse, description="Refuses.", handle_tool_error=True)
print(refusing.invoke({"name": "refuse", "args": {"question": "Now?"}, "id": "call_1", "type": "tool_call"}))
agent = create_agent(ChatOpenAI(model="gpt-4o"), [research], name="outer")
print(agent.invoke({"messages": [("user", "Please research the city of Paris.")]})["messages"][-1].content)
