"""Graphs that wait for somebody: an interrupt in a node and in a tool is no failure."""

from langchain_core.tools import tool
from langchain.agents import create_agent
from langchain_openai import ChatOpenAI
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.types import Command, interrupt

TREE = """
invoke_agent asking @thread
  chat gpt-4o-mini @thread [stop]
invoke_agent asking @thread
  chat gpt-4o-mini @thread [stop]
invoke_agent buying @thread
  chat gpt-4o @thread [tool_calls]
  execute_tool buy @thread
invoke_agent buying @thread
  execute_tool buy @thread
  chat gpt-4o @thread [stop]
"""


@tool
def buy(thing: str) -> str:
    """Buys a thing."""
    return f"Bought, {interrupt('Really?')}"


def ask(state: dict) -> dict:
    return {"messages": [ChatOpenAI(model="gpt-4o-mini").invoke(state["messages"])]}


config = {"configurable": {"thread_id": "thread"}}
graph = StateGraph(MessagesState)
graph.add_node("before", ask)
graph.add_node("human", lambda state: {"messages": [("user", interrupt("What now?"))]})
graph.add_node("after", ask)
graph.add_edge(START, "before")
graph.add_edge("before", "human")
graph.add_edge("human", "after")
graph = graph.compile(name="asking", checkpointer=InMemorySaver())
print("__interrupt__" in graph.invoke({"messages": [("user", "What do bees do all day?")]}, config))
print(graph.invoke(Command(resume="Go on like that"), config)["messages"][-1].content)

agent = create_agent(ChatOpenAI(model="gpt-4o"), [buy], name="buying", checkpointer=InMemorySaver())
print("__interrupt__" in agent.invoke({"messages": [("user", "Please buy a boat")]}, config))
print(agent.invoke(Command(resume="yes"), config)["messages"][-1].content)
