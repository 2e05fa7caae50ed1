"""Branches that run at once: edges and `Send`, sync in threads and async; each request hangs below its graph."""

import asyncio
import operator
from typing import Annotated, TypedDict

from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, StateGraph
from langgraph.types import Send

TREE = """
invoke_agent branches
  chat left [stop]
  chat right [stop]
invoke_agent senders
  chat send-1 [stop]
  chat send-2 [stop]
  chat send-3 [stop]
invoke_agent senders
  chat send-1 [stop]
  chat send-2 [stop]
  chat send-3 [stop]
"""


class State(TypedDict):
    said: Annotated[list, operator.add]


class Job(TypedDict):
    number: int


def ask(model: str) -> dict:
    return {"said": [ChatOpenAI(model=model).invoke(f"What does {model} say?").content]}


graph = StateGraph(State)
for side in ("left", "right"):
    graph.add_node(side, lambda state, side=side: ask(side))
    graph.add_edge(START, side)
    graph.add_edge(side, END)
print(sorted(graph.compile(name="branches").invoke({"said": []})["said"]))

graph = StateGraph(State)
graph.add_node("work", lambda job: ask(f"send-{job['number']}"))
graph.add_conditional_edges(START, lambda state: [Send("work", {"number": number}) for number in (1, 2, 3)], ["work"])
graph.add_edge("work", END)
senders = graph.compile(name="senders")
print(sorted(senders.invoke({"said": []})["said"]))
print(len(asyncio.run(senders.ainvoke({"said": []}))["said"]))
