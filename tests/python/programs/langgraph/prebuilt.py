"""The prebuilt agent of LangGraph, and the functional API."""

import warnings

from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.func import entrypoint, task
from langgraph.prebuilt import create_react_agent

TREE = """
invoke_agent Weather Agent
  chat react-model [tool_calls]
  execute_tool get_weather
  chat react-model [stop]
invoke_agent LangGraph
  chat task-1 [stop]
  chat task-2 [stop]
"""

warnings.simplefilter("ignore")


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


agent = create_react_agent(ChatOpenAI(model="react-model"), [get_weather], name="Weather Agent")
print(agent.invoke({"messages": [("user", "How is the weather in Paris?")]})["messages"][-1].content)


@task
def ask(number: int) -> str:
    return ChatOpenAI(model=f"task-{number}").invoke(f"What is task {number}?").content


@entrypoint()
def workflow(count: int) -> list:
    return [future.result() for future in [ask(number + 1) for number in range(count)]]


print(workflow.invoke(2))
