"""The same async: `ainvoke` at once, `astream`, and every mode of it."""

import asyncio

from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph

TREE = """
invoke_agent first
  chat first-model [stop]
invoke_agent second
  chat second-model [stop]
invoke_agent updates
  chat updates-model [stop]
invoke_agent messages
  chat messages-model ~ [stop]
invoke_agent values
  chat values-model [stop]
"""


def compiled(name: str) -> object:
    model = ChatOpenAI(model=f"{name}-model")

    async def think(state: MessagesState) -> dict:
        return {"messages": [await model.ainvoke(state["messages"])]}

    graph = StateGraph(MessagesState)
    graph.add_node("think", think)
    graph.add_edge(START, "think")
    graph.add_edge("think", END)
    return graph.compile(name=name)


async def main() -> None:
    question = {"messages": [("user", "What is there to think of?")]}
    answers = await asyncio.gather(compiled("first").ainvoke(question), compiled("second").ainvoke(question))
    print([answer["messages"][-1].content for answer in answers])
    print([list(step) async for step in compiled("updates").astream(question)])
    print("".join([message.content async for message, _ in compiled("messages").astream(question, stream_mode="messages")]))
    print([len(state["messages"]) async for state in compiled("values").astream(question, stream_mode="values")])


asyncio.run(main())
