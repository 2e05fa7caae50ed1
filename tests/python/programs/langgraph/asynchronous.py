"""Async graphs: several at once, streamed, with fan-out and async nodes."""

import asyncio
import operator
from typing import Annotated, TypedDict

from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI
from langgraph.graph import START, StateGraph
from langgraph.types import Send

TREE = """
invoke_agent bees
  chat claude-bees-1 [end_turn]
  chat claude-bees-2 [end_turn]
  chat bees-last [stop]
invoke_agent wasps
  chat claude-wasps-1 [end_turn]
  chat claude-wasps-2 [end_turn]
  chat wasps-last [stop]
invoke_agent ants
  chat claude-ants-1 [end_turn]
  chat claude-ants-2 [end_turn]
  chat ants-last [stop]
invoke_agent bugs
  chat claude-bugs-1 ~ [end_turn]
  chat claude-bugs-2 ~ [end_turn]
  chat bugs-last ~ [stop]
"""


class State(TypedDict):
    said: Annotated[list[str], operator.add]


def built(topic: str):
    async def ask(state: dict) -> dict:
        model = ChatAnthropic(model=f"claude-{topic}-{state['number']}")
        return {"said": [(await model.ainvoke(f"What do you know of {topic}?")).content]}

    async def last(state: dict) -> dict:
        answer = await ChatOpenAI(model=f"{topic}-last", stream_usage=True).ainvoke("Put it all together, please")
        return {"said": [answer.content]}

    graph = StateGraph(State)
    graph.add_node("ask", ask)
    graph.add_node("last", last)
    graph.add_conditional_edges(START, lambda state: [Send("ask", {"number": number}) for number in (1, 2)], ["ask"])
    graph.add_edge("ask", "last")
    return graph.compile(name=topic)


async def follow(topic: str) -> int:
    return len([update async for update in built(topic).astream({"said": []})])


async def main() -> None:
    for state in await asyncio.gather(*(built(topic).ainvoke({"said": []}) for topic in ("bees", "wasps"))):
        print(sorted(state["said"]))
    print(await follow("ants"))
    print(len([piece async for piece in built("bugs").astream({"said": []}, stream_mode="messages")]))


asyncio.run(main())
