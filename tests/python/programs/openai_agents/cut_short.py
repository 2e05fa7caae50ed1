"""Tools that are cancelled or late, and guardrails that fail: what becomes of them is not said by the library."""

import asyncio

from agents import Agent, GuardrailFunctionOutput, ModelSettings, Runner, function_tool, input_guardrail, set_trace_processors

TREE = """
Agent workflow
  invoke_agent Parallel !UserError
    responses gpt-parallel [completed]
    execute_tool wait !CancelledError
    execute_tool fail !ZeroDivisionError
Agent workflow
  invoke_agent Patient !CancelledError
    responses gpt-patient [completed]
    execute_tool wait !CancelledError
Agent workflow
  invoke_agent Late
    responses gpt-late [completed]
    execute_tool nap !ToolTimeoutError
    responses gpt-late [completed]
Agent workflow
  invoke_agent Guarded !LookupError
    guardrail broken !LookupError
Agent workflow
  invoke_agent Streamed !LookupError
    guardrail beside !LookupError
    responses gpt-streamed-delay-500 !CancelledError
"""

set_trace_processors([])
waiting = asyncio.Event()


@function_tool
async def wait() -> str:
    """Waits."""
    waiting.set()
    await asyncio.sleep(60)
    return "Never"


@function_tool(failure_error_function=None)
async def fail() -> str:
    """Fails."""
    await waiting.wait()
    raise ZeroDivisionError("no")


@function_tool(timeout=0.1, timeout_error_function=lambda context, error: "It slept for too long.")
async def nap() -> str:
    """Sleeps."""
    await asyncio.sleep(60)
    return "Never"


@input_guardrail(run_in_parallel=False)
async def broken(context: object, agent: object, given: object) -> GuardrailFunctionOutput:
    raise LookupError("no such list")


@input_guardrail
async def beside(context: object, agent: object, given: object) -> GuardrailFunctionOutput:
    await asyncio.sleep(0.1)
    raise LookupError("no such list either")


async def main() -> None:
    settings = ModelSettings(parallel_tool_calls=True)
    agent = Agent(name="Parallel", model="gpt-parallel", tools=[wait, fail], model_settings=settings)
    try:
        await Runner.run(agent, "Do both in parallel, please")
    except Exception as error:
        print(type(error).__name__, error)
    waiting.clear()
    run = asyncio.create_task(Runner.run(Agent(name="Patient", model="gpt-patient", tools=[wait]), "Please wait for me"))
    await waiting.wait()
    run.cancel()
    print(type((await asyncio.gather(run, return_exceptions=True))[0]).__name__)
    print((await Runner.run(Agent(name="Late", model="gpt-late", tools=[nap]), "Please nap for me")).final_output)
    try:
        await Runner.run(Agent(name="Guarded", model="gpt-guarded", input_guardrails=[broken]), "Is this allowed or not?")
    except LookupError as error:
        print(error)
    streamed = Agent(name="Streamed", model="gpt-streamed-delay-500", input_guardrails=[beside])
    try:
        async for _ in Runner.run_streamed(streamed, "Is this allowed or not, while it is streamed?").stream_events():
            pass
    except LookupError as error:
        print(error)


asyncio.run(main())
