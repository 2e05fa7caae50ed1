"""Graphs that are cancelled or run into a timeout, branches included."""

import asyncio
import operator
from typing import Annotated, TypedDict

from langchain_openai import ChatOpenAI
from langgraph.graph import START, StateGraph

TREE = """
invoke_agent LangGraph !CancelledError
  chat fault-hang-left !CancelledError
  chat fault-hang-right !CancelledError
invoke_agent LangGraph !ValueError
  chat fault-hang-peer !CancelledError
chat after [stop]
"""


class State(TypedDict):
    said: Annotated[list[str], operator.add]


def built(*nodes: str):
    graph = StateGraph(State)
    for node in nodes:

        async def ask(state: dict, node: str = node) -> dict:
            if node == "raise":
                await asyncio.sleep(0.2)
                raise ValueError("no")
            return {"said": [(await ChatOpenAI(model=node).ainvoke("Come back some day!")).content]}

        graph.add_node(node, ask)
        graph.add_edge(START, node)
    return graph.compile()


async def main() -> None:
    try:
        await asyncio.wait_for(built("fault-hang-left", "fault-hang-right").ainvoke({"said": []}), 0.3)
    except asyncio.TimeoutError:
        print("too late")
    try:
        await built("fault-hang-peer", "raise").ainvoke({"said": []})
    except ValueError as error:
        print(error)
    print((await ChatOpenAI(model="after").ainvoke("Is it over now?")).content)


asyncio.run(main())
