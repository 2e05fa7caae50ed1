"""Streams of graphs that are broken off and closed, sync and async, and the program going on."""

import asyncio

from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph

TREE = """
invoke_agent broken
  chat broken-model [stop]
invoke_agent closed
  chat closed-model [stop]
invoke_agent left
  chat left-model [stop]
chat after [stop]
"""


def compiled(name: str) -> object:
    graph = StateGraph(MessagesState)
    for number in (1, 2):
        model = ChatOpenAI(model=f"{name}-model")
        graph.add_node(f"think-{number}", lambda state, model=model: {"messages": [model.invoke("What comes first?")]})
    graph.add_edge(START, "think-1")
    graph.add_edge("think-1", "think-2")
    graph.add_edge("think-2", END)
    return graph.compile(name=name)


for step in compiled("broken").stream({"messages": []}):
    print(list(step))
    break
stream = compiled("closed").stream({"messages": []})
print(list(next(stream)))
stream.close()


async def main() -> None:
    stream = compiled("left").astream({"messages": []})
    print(list(await anext(stream)))
    await stream.aclose()


asyncio.run(main())
print(ChatOpenAI(model="after").invoke("What comes after it?").content)
