"""What trees of programs do not show of LangChain and LangGraph: what is told of models without a known client."""

from __future__ import annotations

from typing import Any

from conftest import Servers
from programs import scripts


def told(script: str, servers: Servers) -> dict[str, Any]:
    """What a script says in the end, and its spans."""
    return scripts.told("langchain", script, OPENAI_BASE_URL=f"{servers.vendor}/v1", OPENAI_API_KEY="key")


def test_a_stream_without_a_client_says_its_words_and_when_the_first_one_came(servers: Servers) -> None:
    result = told(
        """
        begin()
        from langchain_core.language_models import GenericFakeChatModel
        from langchain_core.messages import AIMessage
        model = GenericFakeChatModel(messages=iter([AIMessage("It rains a lot")]))
        for _ in model.stream("What is the weather?"):
            pass
        done()
        """,
        servers,
    )
    (span,) = result["spans"]
    attributes = span["attributes"]
    assert "It rains a lot" in attributes["gen_ai.output.messages"]
    assert "What is the weather?" in attributes["gen_ai.input.messages"]
    assert attributes["gen_ai.response.streaming"] is True
    assert attributes["gen_ai.response.time_to_first_chunk"] >= 0


def test_an_answer_out_of_the_cache_used_nothing(servers: Servers) -> None:
    result = told(
        """
        begin()
        from langchain_core.caches import InMemoryCache
        from langchain_openai import ChatOpenAI
        model = ChatOpenAI(model="gpt-4o", cache=InMemoryCache())
        print([model.invoke("What is kept?").content for _ in range(3)])
        done()
        """,
        servers,
    )
    attributes = [span["attributes"] for span in result["spans"]]
    assert len(servers.requests()) == 1
    assert len({each["gen_ai.output.messages"] for each in attributes}) == 1
    assert ["gen_ai.usage.total_tokens" in each for each in attributes] == [True, False, False]
    assert not any(name.startswith("gen_ai.usage") for each in attributes[1:] for name in each)


def test_a_model_in_a_tool_of_whose_end_nobody_hears(servers: Servers) -> None:
    result = told(
        """
        begin()
        from langchain_core.callbacks import manager
        from langchain_core.language_models import FakeListChatModel
        from langchain_core.tools import tool

        async def say_nothing(*args, **kwargs):
            pass  # As the first 1.0 does where a tool is cancelled.

        manager.AsyncCallbackManagerForToolRun.on_tool_error = say_nothing
        begun = asyncio.Event()

        class Slow(FakeListChatModel):
            async def _astream(self, *args, **kwargs):
                begun.set()
                await asyncio.Event().wait()
                yield

        model = Slow(responses=[])

        @tool
        async def ask(question: str) -> str:
            "Asks."
            return [piece async for piece in model.astream(question)][0].content

        async def main():
            task = asyncio.create_task(ask.ainvoke({"question": "Why?"}))
            await begun.wait()
            task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                print("cancelled")

        asyncio.run(main())
        done()
        """,
        servers,
    )
    (span,) = result["spans"]
    assert span["attributes"]["gen_ai.operation.name"] == "chat"
    assert span["attributes"]["error.type"] == "CancelledError"
