"""Async models: at once, in a batch, streamed beside it, and one after the other."""

import asyncio

from langchain_anthropic import ChatAnthropic
from langchain_openai import ChatOpenAI

TREE = """
chat first [stop]
chat claude-second [end_turn]
chat streamed ~ [stop]
chat batch [stop]
chat batch [stop]
chat batch [stop]
chat later [stop]
"""


async def read(model: ChatOpenAI) -> str:
    return "".join([chunk.content async for chunk in model.astream("Who is streamed?")])


async def main() -> None:
    first, second = ChatOpenAI(model="first"), ChatAnthropic(model="claude-second", max_tokens=100)
    asked = first.ainvoke("Who comes first?"), second.ainvoke("Who comes second?"), read(ChatOpenAI(model="streamed"))
    answers = await asyncio.gather(*asked)
    print([getattr(answer, "content", answer) for answer in answers])
    answers = await ChatOpenAI(model="batch").abatch(["The first question", "The second question", "The third question"])
    print([answer.content for answer in answers])
    print((await ChatOpenAI(model="later").ainvoke("Who comes later?")).content)


asyncio.run(main())
