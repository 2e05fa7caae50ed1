"""What trees of programs do not show of Pydantic AI: when agents are seen, what their spans say, how hooks come off."""

from __future__ import annotations

import json
from textwrap import dedent
from typing import Any

from programs import scripts

#: What a script begins with: models that need no vendor, and an agent with a tool.
PRELUDE = """
def make_agent(name="agent", **options):
    from pydantic_ai import Agent, ModelResponse, TextPart, ToolCallPart
    from pydantic_ai.models.function import FunctionModel
    from pydantic_ai.usage import RequestUsage

    def answer(messages, info):
        usage = RequestUsage(input_tokens=10, output_tokens=1)
        if info.function_tools and len(messages) == 1:
            return ModelResponse([ToolCallPart("work", {"hard": True}, tool_call_id="call-7")], usage=usage)
        return ModelResponse([TextPart("Done.")], usage=usage)

    return Agent(FunctionModel(answer, model_name="oracle"), name=name, **options)
"""


def told(script: str, **environment_too: str) -> dict[str, Any]:
    """What a script says in the end, and its spans."""
    return scripts.told("pydantic_ai", PRELUDE + dedent(script), **environment_too)


def attributes(result: dict[str, Any], name: str) -> dict[str, Any]:
    """The attributes of the one span of that name."""
    (span,) = [span for span in result["spans"] if span["name"] == name]
    return dict(span["attributes"])


def names(result: dict[str, Any]) -> list[str]:
    return sorted(span["name"] for span in result["spans"])


def test_init_imports_nothing_and_agents_made_before_are_seen() -> None:
    result = told("""
        agent = make_agent()
        begin()
        agent.run_sync("Go!")
        done()
    """)
    assert names(result) == ["chat oracle", "invoke_agent agent"]
    result = told("""
        begin()
        done(imported="pydantic_ai" in sys.modules)
    """)
    assert result["imported"] is False


def test_hooks_come_off_and_on_again() -> None:
    result = told("""
        import pydantic_ai
        from pydantic_ai.agent import AgentRunEvents
        from pydantic_ai._agent_graph import ModelRequestNode
        from pydantic_ai.models._continuation import _ContinuationStreamedResponse

        def hooked():
            return (pydantic_ai.Agent.iter, AgentRunEvents.aclose, ModelRequestNode._open_stream,
                    _ContinuationStreamedResponse._open_segment)

        before = hooked()
        begin()
        changed = [ours is not own for ours, own in zip(hooked(), before)]
        spanwire.uninstrument()
        own = [ours is own for ours, own in zip(hooked(), before)]
        agent = make_agent()
        agent.run_sync("Go!")
        spanwire.flush()
        silent = not envelopes
        spanwire.instrument()
        agent.run_sync("Go!")
        done(changed=changed, own=own, silent=silent)
    """)
    assert all(result["changed"]) and all(result["own"]) and result["silent"]
    assert names(result) == ["chat oracle", "invoke_agent agent"]


def test_the_banner_of_the_library_says_the_same() -> None:
    script = """
        make_agent().run_sync("Go!")
        done()
    """
    # What it takes for a coding agent gets the banner without a terminal.
    banner = told(script, CODEX_CI="1")["complained"]
    assert "capabilities" in banner
    assert told("        begin()" + script, CODEX_CI="1")["complained"] == banner


def test_other_shapes_of_the_library_are_left_alone() -> None:
    result = told("""
        from pydantic_ai import Agent

        own = Agent.iter
        Agent.iter = lambda self, *args, **options: own(self, *args, **options)
        begin(debug=True)
        make_agent().run_sync("Go!")
        done()
    """)
    assert result["spans"] == []
    assert "Agent.iter is not as it is known here" in result["complained"]
    result = told("""
        from pydantic_ai._agent_graph import ModelRequestNode

        async def open_stream(self, *args, own=ModelRequestNode._open_stream, **kwargs):
            return await own(self, *args, **kwargs)

        ModelRequestNode._open_stream = open_stream
        begin(debug=True)
        from pydantic_ai import Agent
        from pydantic_ai.models.test import TestModel

        async def main():
            async with Agent(TestModel(), name="agent").run_stream("Go!") as result:
                return await result.get_output()

        done(output=asyncio.run(main()))
    """)
    assert result["output"] == "success (no tool calls)"
    assert names(result) == ["chat test", "invoke_agent agent"]


def test_a_tool_says_what_it_was_asked_and_what_it_gave() -> None:
    result = told("""
        agent = make_agent(instructions="Be quick.")

        @agent.tool_plain
        def work(hard: bool) -> dict[str, int]:
            '''Works.'''
            return {"hours": 8}

        begin()
        agent.run_sync("Go!")
        done()
    """)
    tool = attributes(result, "execute_tool work")
    assert tool["gen_ai.tool.call.id"] == "call-7"
    assert json.loads(tool["gen_ai.tool.call.arguments"]) == {"hard": True}
    assert json.loads(tool["gen_ai.tool.call.result"]) == {"hours": 8}
    assert tool["gen_ai.tool.description"] == "Works."
    assert tool["gen_ai.agent.name"] == "agent"


def test_a_model_without_a_client_says_what_the_library_knows() -> None:
    result = told("""
        begin(input_messages="all")
        agent = make_agent(instructions="Be quick.", system_prompt="Be kind.")
        agent.run_sync("Go!", model_settings={"temperature": 0.5, "max_tokens": 9})
        done()
    """)
    chat = attributes(result, "chat oracle")
    assert json.loads(chat["gen_ai.input.messages"]) == [
        {"role": "user", "parts": [{"type": "text", "content": "Go!"}]}
    ]
    instructions = [part["content"] for part in json.loads(chat["gen_ai.system_instructions"])]
    assert instructions == ["Be quick.", "Be kind."]
    (answer,) = json.loads(chat["gen_ai.output.messages"])
    assert answer["parts"] == [{"type": "text", "content": "Done."}]
    expected = {
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.max_tokens": 9,
        "gen_ai.usage.input_tokens": 10,
        "gen_ai.usage.output_tokens": 1,
        "gen_ai.provider.name": "function",
        "sentry.origin": "auto.ai.pydantic_ai",
    }
    assert {key: chat.get(key) for key in expected} == expected


def test_an_agent_sums_its_own_requests() -> None:
    result = told("""
        outer, inner = make_agent("outer"), make_agent("inner")

        @outer.tool
        async def work(context, hard: bool) -> str:
            return (await inner.run("Go on!", usage=context.usage)).output

        begin()
        total = outer.run_sync("Go!").usage.input_tokens
        done(total=total)
    """)
    assert result["total"] == 30
    assert attributes(result, "invoke_agent outer")["gen_ai.usage.input_tokens"] == 20
    assert attributes(result, "invoke_agent inner")["gen_ai.usage.input_tokens"] == 10


def test_runs_of_one_conversation_have_its_id() -> None:
    result = told("""
        begin()
        first, second, third, other = (make_agent(name) for name in ("first", "second", "third", "other"))
        history = first.run_sync("Go!", conversation_id="c1").all_messages()

        async def follow():
            async with second.iter("Go on!", message_history=history) as run:
                async for node in run:
                    pass
            await other.run("Who are you?")

        asyncio.run(follow())
        with spanwire.scope(conversation_id="mine"):
            third.run_sync("Go on!", message_history=history)
        done()
    """)
    conversation = {
        span["attributes"]["gen_ai.agent.name"]: span["attributes"]["gen_ai.conversation.id"] for span in result["spans"]
    }
    assert (conversation["first"], conversation["second"], conversation["third"]) == ("c1", "c1", "mine")
    assert conversation["other"] not in (None, "", "c1")
    assert len({(span["name"], span["attributes"]["gen_ai.conversation.id"]) for span in result["spans"]}) == 7


def test_an_answer_with_a_structure_is_told_as_json() -> None:
    result = told("""
        from pydantic import BaseModel
        from pydantic_ai import Agent, BinaryContent
        from pydantic_ai.models.test import TestModel

        class City(BaseModel):
            name: str

        begin()
        picture = BinaryContent(b"1234", media_type="image/png")
        Agent(TestModel(custom_output_args={"name": "Paris"}), name="agent", output_type=City).run_sync(["Look!", picture])
        done()
    """)
    agent = attributes(result, "invoke_agent agent")
    (answer,) = json.loads(agent["gen_ai.output.messages"])
    assert answer["parts"] == [{"type": "text", "content": '{"name":"Paris"}'}]
    text, picture = json.loads(agent["gen_ai.input.messages"])[0]["parts"]
    assert text == {"type": "text", "content": "Look!"}
    assert (picture["type"], picture["modality"], picture["mime_type"], picture["size"]) == ("blob", "image", "image/png", 4)
