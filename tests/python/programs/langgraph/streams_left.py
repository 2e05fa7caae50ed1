"""Streams of graphs that are left, closed or let go: no failures, and nothing hangs below them afterwards."""

import asyncio
import gc

from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph

TREE = """
invoke_agent broken
  chat first [stop]
invoke_agent closed
  chat first [stop]
invoke_agent let-go
  chat first [stop]
invoke_agent async
  chat first [stop]
chat after [stop]
"""


def built(name: str):
    graph = StateGraph(MessagesState)
    for node in ("first", "second"):
        graph.add_node(node, lambda state, node=node: {"messages": [ChatOpenAI(model=node).invoke(state["messages"])]})
    graph.add_edge(START, "first")
    graph.add_edge("first", "second")
    return graph.compile(name=name)


question = {"messages": [("user", "What do bees do all day?")]}
for update in built("broken").stream(question):
    print(list(update))
    break
stream = built("closed").stream(question)
print(list(next(stream)))
stream.close()
stream = built("let-go").stream(question)
print(list(next(stream)))
del stream
gc.collect()


async def main() -> None:
    stream = built("async").astream(question)
    print(list(await anext(stream)))
    await stream.aclose()


asyncio.run(main())
print(ChatOpenAI(model="after").invoke("Is it over now?").content)
