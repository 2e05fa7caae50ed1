"""A graph around Anthropic's model: the agent has its usage."""

from langchain_anthropic import ChatAnthropic
from langchain_core.tools import tool
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode, tools_condition

TREE = """
invoke_agent LangGraph
  chat claude-x [tool_use]
  execute_tool get_weather
  chat claude-x [end_turn]
"""


@tool
def get_weather(city: str) -> str:
    """The weather of a city."""
    return f"Rain in {city}"


model = ChatAnthropic(model="claude-x", max_tokens=100).bind_tools([get_weather])
graph = StateGraph(MessagesState)
graph.add_node("model", lambda state: {"messages": [model.invoke(state["messages"])]})
graph.add_node("tools", ToolNode([get_weather]))
graph.add_edge(START, "model")
graph.add_conditional_edges("model", tools_condition)
graph.add_edge("tools", "model")
print(graph.compile().invoke({"messages": [("user", "How is the weather in Paris?")]})["messages"][-1].content)
