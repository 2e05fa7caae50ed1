"""The prebuilt agent, ToolNode in a graph of one's own, and tools that fail."""

import warnings

from langchain_anthropic import ChatAnthropic
from langchain_core.messages import AIMessage, ToolMessage
from langchain_core.tools import tool
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, create_react_agent, tools_condition

warnings.simplefilter("ignore")

TREE = """
invoke_agent react
  chat claude-sonnet-4-5 [tool_use]
  execute_tool get_weather
  chat claude-sonnet-4-5 [end_turn]
invoke_agent LangGraph
  chat gpt-4o-parallel [tool_calls]
  execute_tool get_weather
  execute_tool get_weather
  execute_tool get_time
  chat gpt-4o-parallel [stop]
invoke_agent LangGraph
  chat gpt-4o [tool_calls]
  execute_tool broken !ValueError
  chat gpt-4o [stop]
invoke_agent LangGraph !ValueError
  chat gpt-4o [tool_calls]
  execute_tool broken !ValueError
"""


@tool
def get_weather(city: str) -> str:
    """Tells the weather of a city."""
    return f"Rain in {city}"


@tool
def get_time(city: str) -> str:
    """Tells the time of a city."""
    return "Noon"


@tool
def broken(city: str) -> str:
    """Fails."""
    raise ValueError("no such city")


def built(model: str, node: ToolNode, tools: list):
    bound = ChatOpenAI(model=model).bind_tools(tools)
    graph = StateGraph(MessagesState)
    graph.add_node("model", lambda state: {"messages": [bound.invoke(state["messages"])]})
    graph.add_node("tools", node)
    graph.add_edge(START, "model")
    graph.add_conditional_edges("model", tools_condition)
    graph.add_edge("tools", "model")
    return graph.compile()


def said(state: dict) -> list:
    return [(type(message).__name__, message.content) for message in state["messages"] if not isinstance(message, AIMessage)]


question = {"messages": [("user", "What is the weather in Paris?")]}
react = create_react_agent(ChatAnthropic(model="claude-sonnet-4-5"), [get_weather], name="react")
print(said(react.invoke(question)))
both = [get_weather, get_time]
print(said(built("gpt-4o-parallel", ToolNode(both), both).invoke(question)))
question = {"messages": [("user", "Is it broken?")]}
print(said(built("gpt-4o", ToolNode([broken], handle_tool_errors=True), [broken]).invoke(question)))
try:
    built("gpt-4o", ToolNode([broken], handle_tool_errors=False), [broken]).invoke(question)
except ValueError as error:
    print(error)
