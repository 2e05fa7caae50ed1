"""What trees of programs do not show of the OpenAI Agents SDK: privacy, conversations, and how its hooks come off."""

from __future__ import annotations

from typing import Any

from conftest import Servers
from programs import scripts


def told(script: str, servers: Servers) -> dict[str, Any]:
    """What a script says in the end, and its spans."""
    return scripts.told("openai_agents", script, OPENAI_BASE_URL=f"{servers.vendor}/v1", OPENAI_API_KEY="key")


def test_init_imports_nothing_and_what_is_hooked_comes_off(servers: Servers) -> None:
    result = told(
        """
        begin()
        before = "agents" in sys.modules
        from agents import Agent, Runner, set_trace_processors
        from agents.run import AgentRunner
        set_trace_processors([])
        hooked = AgentRunner.run
        spanwire.uninstrument()
        Runner.run_sync(Agent(name="Nobody", model="gpt-4o"), "Who is there?")
        done(before=before, is_off=AgentRunner.run is not hooked)
        """,
        servers,
    )
    assert result["before"] is False and result["is_off"] is True
    assert result["spans"] == []


def test_what_is_under_way_when_it_comes_off_ends_there(servers: Servers) -> None:
    result = told(
        """
        begin()
        from agents import Agent, Runner, function_tool, set_trace_processors
        set_trace_processors([])

        @function_tool
        def leave() -> str:
            spanwire.uninstrument()
            return "left"

        Runner.run_sync(Agent(name="Leaving", model="gpt-4o", tools=[leave]), "Please leave now")
        spanwire.instrument()
        Runner.run_sync(Agent(name="Back", model="gpt-4o"), "Are you back?")
        spanwire.flush(30.0)
        done(stats=spanwire.stats())
        """,
        servers,
    )
    assert result["stats"]["waiting"] == 0
    assert [span["name"] for span in result["spans"]].count("Agent workflow") == 2
    assert {span["name"]: span["status"] for span in result["spans"]} == {
        **{"Agent workflow": "ok", "invoke_agent Leaving": "ok", "execute_tool leave": "ok"},
        **{"responses gpt-4o": "ok", "invoke_agent Back": "ok"},
    }


def test_what_a_program_wants_nobody_to_trace_is_not_recorded(servers: Servers) -> None:
    result = told(
        """
        begin()
        from agents import Agent, RunConfig, Runner, set_trace_processors
        set_trace_processors([])
        agent = Agent(name="Secret", instructions="marked-instructions", model="gpt-4o")
        config = RunConfig(trace_include_sensitive_data=False)
        Runner.run_sync(agent, "marked-question", run_config=config)
        done()
        """,
        servers,
    )
    assert len(result["spans"]) == 3 and "marked-" not in result["raw"]


def test_a_session_is_the_conversation_and_its_run_has_a_pipeline(servers: Servers) -> None:
    result = told(
        """
        begin()
        from agents import Agent, RunConfig, Runner, SQLiteSession, set_trace_processors
        set_trace_processors([])
        agent = Agent(name="Keeper", model="gpt-4o")
        config = RunConfig(workflow_name="Keeping")
        Runner.run_sync(agent, "Who is there?", session=SQLiteSession("session-7"), run_config=config)
        Runner.run_sync(agent, "Who else is there?")
        done()
        """,
        servers,
    )
    seen = {
        (span["name"], span["attributes"].get("gen_ai.conversation.id"), span["attributes"].get("gen_ai.pipeline.name"))
        for span in result["spans"]
    }
    assert {("invoke_agent Keeper", "session-7", "Keeping"), ("invoke_agent Keeper", None, "Agent workflow")} <= seen
    assert ("responses gpt-4o", "session-7", "Keeping") in seen


def test_the_usage_of_a_nested_agent_is_its_own(servers: Servers) -> None:
    result = told(
        """
        begin()
        from agents import Agent, Runner, set_trace_processors
        set_trace_processors([])
        expert = Agent(name="Expert", model="gpt-expert").as_tool("ask_expert", "Asks somebody who knows.")
        Runner.run_sync(Agent(name="Outer", model="gpt-outer", tools=[expert]), "Please ask_expert.")
        done()
        """,
        servers,
    )
    spans = result["spans"]
    for name in ("Outer", "Expert"):
        (agent,) = [span for span in spans if span["name"] == f"invoke_agent {name}"]
        own = [span for span in spans if span.get("parent_span_id") == agent["span_id"] and span["name"].startswith("responses")]
        counts = [span["attributes"]["gen_ai.usage.input_tokens"] for span in own]
        assert agent["attributes"]["gen_ai.usage.input_tokens"] == sum(counts) > 0


def test_what_a_tool_says_for_an_agent_is_its_output_and_guardrails_are_of_it(servers: Servers) -> None:
    result = told(
        """
        begin()
        from agents import Agent, GuardrailFunctionOutput, RunConfig, Runner, function_tool, input_guardrail, output_guardrail
        from agents import set_trace_processors
        set_trace_processors([])
        @function_tool
        def get_weather(city: str) -> str:
            return "It rains in Paris."
        @input_guardrail
        def fine_in(context, agent, given):
            return GuardrailFunctionOutput(output_info=None, tripwire_triggered=False)
        @output_guardrail
        def fine_out(context, agent, output):
            return GuardrailFunctionOutput(output_info=None, tripwire_triggered=False)
        agent = Agent(
            name="Stopped", model="gpt-4o", tools=[get_weather], tool_use_behavior="stop_on_first_tool",
            input_guardrails=[fine_in], output_guardrails=[fine_out],
        )
        config = RunConfig(workflow_name="Stopping")
        output = Runner.run_sync(agent, "What is the weather in Paris?", run_config=config).final_output
        done(output=output)
        """,
        servers,
    )
    spans = {span["name"]: span["attributes"] for span in result["spans"]}
    assert result["output"] == "It rains in Paris."
    assert result["output"] in spans["invoke_agent Stopped"]["gen_ai.output.messages"]
    for name in ("guardrail fine_in", "guardrail fine_out"):
        assert (spans[name]["gen_ai.agent.name"], spans[name]["gen_ai.pipeline.name"]) == ("Stopped", "Stopping")
