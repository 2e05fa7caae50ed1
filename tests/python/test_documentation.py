"""Code in the shape of the four examples of Sentry's page "Instrument AI Agents", with the import changed."""

from __future__ import annotations

import json
import textwrap
from types import SimpleNamespace

from conftest import Recorded

REQUEST = """
import json
import spanwire as sentry_sdk

messages = [{"role": "user", "content": "Tell me a joke"}]

with sentry_sdk.start_span(op="gen_ai.request", name="chat o3-mini") as span:
    span.set_data("gen_ai.request.model", "o3-mini")
    span.set_data("gen_ai.request.messages", json.dumps(messages))
    span.set_data("gen_ai.operation.name", "invoke_agent")

    result = client.chat.completions.create(model="o3-mini", messages=messages)

    span.set_data("gen_ai.response.text", json.dumps([result.choices[0].message.content]))
    span.set_data("gen_ai.usage.input_tokens", result.usage.prompt_tokens)
    span.set_data("gen_ai.usage.output_tokens", result.usage.completion_tokens)
"""

AGENT = """
import json
import spanwire as sentry_sdk

with sentry_sdk.start_span(op="gen_ai.invoke_agent", name="invoke_agent Weather Agent") as span:
    span.set_data("gen_ai.request.model", "o3-mini")
    span.set_data("gen_ai.agent.name", "Weather Agent")

    result = my_agent.run()

    span.set_data("gen_ai.response.text", json.dumps([result.output]))
    span.set_data("gen_ai.usage.input_tokens", result.usage.input_tokens)
    span.set_data("gen_ai.usage.output_tokens", result.usage.output_tokens)
"""

TOOL = """
import json
import spanwire as sentry_sdk

with sentry_sdk.start_span(op="gen_ai.execute_tool", name="execute_tool get_weather") as span:
    span.set_data("gen_ai.tool.name", "get_weather")
    span.set_data("gen_ai.tool.input", json.dumps({"location": "Paris"}))

    result = get_weather(location="Paris")

    span.set_data("gen_ai.tool.output", json.dumps(result))
"""

HANDOFF = """
import spanwire as sentry_sdk

with sentry_sdk.start_span(op="gen_ai.handoff", name="handoff from Weather Agent to Travel Agent"):
    pass

with sentry_sdk.start_span(op="gen_ai.invoke_agent", name="invoke_agent Travel Agent"):
    pass
"""


def run(program: str, **names: object) -> None:
    exec(compile(textwrap.dedent(program), "example.py", "exec"), dict(names))


def test_ai_request(recorded: Recorded) -> None:
    message = SimpleNamespace(message=SimpleNamespace(content="Knock knock"))
    answer = SimpleNamespace(choices=[message], usage=SimpleNamespace(prompt_tokens=7, completion_tokens=3))
    create = SimpleNamespace(create=lambda **_: answer)
    run(REQUEST, client=SimpleNamespace(chat=SimpleNamespace(completions=create)))
    sent = recorded.span()
    attributes = sent["attributes"]
    assert (sent["name"], attributes["sentry.op"]) == ("chat o3-mini", "gen_ai.chat")
    assert attributes["gen_ai.operation.name"] == "chat"
    assert json.loads(attributes["gen_ai.input.messages"]) == [
        {"role": "user", "parts": [{"type": "text", "content": "Tell me a joke"}]}
    ]
    assert json.loads(attributes["gen_ai.output.messages"]) == [
        {"role": "assistant", "parts": [{"type": "text", "content": "Knock knock"}]}
    ]
    assert (attributes["gen_ai.usage.input_tokens"], attributes["gen_ai.usage.total_tokens"]) == (7, 10)
    assert not {"gen_ai.request.messages", "gen_ai.response.text"} & attributes.keys()


def test_invoke_agent(recorded: Recorded) -> None:
    usage = SimpleNamespace(input_tokens=5, output_tokens=6)
    run(AGENT, my_agent=SimpleNamespace(run=lambda: SimpleNamespace(output="sunny", usage=usage)))
    sent = recorded.span()
    attributes = sent["attributes"]
    assert (sent["name"], attributes["gen_ai.agent.name"]) == ("invoke_agent Weather Agent", "Weather Agent")
    assert attributes["gen_ai.operation.name"] == "invoke_agent"
    assert "sunny" in attributes["gen_ai.output.messages"] and attributes["gen_ai.usage.output_tokens"] == 6


def test_execute_tool(recorded: Recorded) -> None:
    run(TOOL, get_weather=lambda location: {"sky": "rain"})
    attributes = recorded.span()["attributes"]
    assert attributes["gen_ai.tool.name"] == "get_weather"
    assert json.loads(attributes["gen_ai.tool.call.arguments"]) == {"location": "Paris"}
    assert json.loads(attributes["gen_ai.tool.call.result"]) == {"sky": "rain"}
    assert not {"gen_ai.tool.input", "gen_ai.tool.output"} & attributes.keys()


def test_handoff(recorded: Recorded) -> None:
    run(HANDOFF)
    handoff = recorded.named("handoff from Weather Agent to Travel Agent")
    assert handoff["attributes"]["sentry.op"] == "gen_ai.handoff"
    assert handoff["attributes"]["gen_ai.agent.name"] == "Weather Agent"
    assert recorded.named("invoke_agent Travel Agent")["attributes"]["gen_ai.agent.name"] == "Travel Agent"
