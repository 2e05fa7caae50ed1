"""A `ToolNode` with several calls at once, one of which fails and is told to the model."""

from langchain_core.messages import AIMessage
from langchain_core.tools import tool
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode

TREE = """
invoke_agent tools only
  execute_tool add
  execute_tool divide
  execute_tool divide !ZeroDivisionError
"""


@tool
def add(a: int, b: int) -> int:
    """Adds two numbers."""
    return a + b


@tool
def divide(a: int, b: int) -> float:
    """Divides a number by another one."""
    return a / b


graph = StateGraph(MessagesState)
graph.add_node("tools", ToolNode([add, divide], handle_tool_errors=True))
graph.add_edge(START, "tools")
graph.add_edge("tools", END)
calls = [
    {"name": "add", "args": {"a": 1, "b": 2}, "id": "call_1"},
    {"name": "divide", "args": {"a": 1, "b": 2}, "id": "call_2"},
    {"name": "divide", "args": {"a": 1, "b": 0}, "id": "call_3"},
]
answer = graph.compile(name="tools only").invoke({"messages": [AIMessage("", tool_calls=calls)]})
print([(message.content, message.status) for message in answer["messages"][1:]])
