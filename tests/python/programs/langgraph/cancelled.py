"""A graph that is cancelled while its models wait, in two branches at once, and the program going on."""

import asyncio

from langchain_openai import ChatOpenAI
from langgraph.graph import END, START, MessagesState, StateGraph

TREE = """
invoke_agent slow !CancelledError
  chat fault-hang-left !CancelledError
  chat fault-hang-right !CancelledError
chat after [stop]
"""


async def main() -> None:
    graph = StateGraph(MessagesState)
    for side in ("left", "right"):
        model = ChatOpenAI(model=f"fault-hang-{side}")

        async def think(state: MessagesState, model: ChatOpenAI = model) -> dict:
            return {"messages": [await model.ainvoke("Will you come back?")]}

        graph.add_node(side, think)
        graph.add_edge(START, side)
        graph.add_edge(side, END)
    task = asyncio.create_task(graph.compile(name="slow").ainvoke({"messages": []}))
    await asyncio.sleep(0.3)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")
    print((await ChatOpenAI(model="after").ainvoke("Are you still there?")).content)


asyncio.run(main())
