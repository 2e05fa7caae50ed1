"""Async streams that are left, closed or dropped, and what is asked afterwards."""

import asyncio
from collections.abc import AsyncIterator

from langchain.agents import create_agent
from langchain_anthropic import ChatAnthropic
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables.schema import StreamEvent
from langchain_openai import ChatOpenAI

TREE = """
chat every-100-left ~
chat claude-every-100-left ~
chat every-100-closed ~
invoke_agent LangGraph
  chat every-100-agent ~
invoke_agent events
  chat every-100-events ~
chat every-100-chain ~
invoke_agent stopped !CancelledError
  chat every-100-chunks-100-stopped ~ !CancelledError
chat after [stop]
"""

QUESTION = "Tell me a very long story"


async def first_words(events: AsyncIterator[StreamEvent]) -> object:
    async for event in events:
        if event["event"] == "on_chat_model_stream":
            return event["data"]["chunk"].content


async def read(events: AsyncIterator[StreamEvent], is_read: asyncio.Event) -> None:
    async for _ in events:
        is_read.set()


async def main() -> None:
    for model in (ChatOpenAI(model="every-100-left"), ChatAnthropic(model="claude-every-100-left")):
        count = 0
        async for chunk in model.astream(QUESTION):
            count += 1
            if count == 3:
                break
        print(chunk.content)
    stream = ChatOpenAI(model="every-100-closed").astream(QUESTION)
    print([(await anext(stream)).content for _ in range(3)])
    await stream.aclose()
    agent = create_agent(ChatOpenAI(model="every-100-agent"), [])
    stream = agent.astream({"messages": [("user", QUESTION)]}, stream_mode="messages")
    print([(await anext(stream))[0].content for _ in range(3)])
    await stream.aclose()
    agent = create_agent(ChatOpenAI(model="every-100-events"), [], name="events")
    events = agent.astream_events({"messages": [("user", QUESTION)]}, version="v2")
    print(await first_words(events))
    await events.aclose()
    chain = ChatPromptTemplate.from_template("Tell {what}") | ChatOpenAI(model="every-100-chain")
    async for event in chain.astream_events({"what": QUESTION}, version="v2"):
        if event["event"] == "on_chat_model_stream":
            break
    agent = create_agent(ChatOpenAI(model="every-100-chunks-100-stopped"), [], name="stopped")
    events = agent.astream_events({"messages": [("user", QUESTION)]}, version="v2")
    print(await first_words(events))
    is_read = asyncio.Event()
    task = asyncio.create_task(read(events, is_read))
    await is_read.wait()
    task.cancel()
    print(await asyncio.gather(task, return_exceptions=True))
    print((await ChatOpenAI(model="after").ainvoke("Is it over now?")).content)


asyncio.run(main())
