"""Branches at once, by edges and by Send: siblings below the graph."""

import operator
from typing import Annotated, TypedDict

from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send

TREE = """
invoke_agent branches
  chat left [stop]
  chat right [stop]
  chat last [stop]
invoke_agent sends
  chat bees [stop]
  chat wasps [stop]
  chat ants [stop]
"""


class State(TypedDict):
    topics: list[str]
    said: Annotated[list[str], operator.add]


def ask(model: str) -> dict:
    return {"said": [ChatOpenAI(model=model).invoke(f"What do you know of {model}?").content]}


graph = StateGraph(State)
for name in ("left", "right", "last"):
    graph.add_node(name, lambda state, name=name: ask(name))
graph.add_edge(START, "left")
graph.add_edge(START, "right")
graph.add_edge(["left", "right"], "last")
print(sorted(graph.compile(name="branches").invoke({"topics": [], "said": []})["said"]))

graph = StateGraph(State)
graph.add_node("ask", lambda state: ask(state["topic"]))
graph.add_conditional_edges(START, lambda state: [Send("ask", {"topic": topic}) for topic in state["topics"]], ["ask"])
graph.add_edge("ask", END)
print(sorted(graph.compile(name="sends").invoke({"topics": ["bees", "wasps", "ants"], "said": []})["said"]))
