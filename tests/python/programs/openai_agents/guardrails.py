"""Guardrails of the input, one of which asks a model, and of the output; one that is triggered."""

import asyncio

from agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrailTripwireTriggered,
    Runner,
    input_guardrail,
    output_guardrail,
    set_trace_processors,
)

TREE = """
Agent workflow
  invoke_agent Guarded
    guardrail polite
      invoke_agent Checker
        responses gpt-checker [completed]
    responses gpt-guarded [completed]
    guardrail short
Agent workflow
  invoke_agent Blocked !InputGuardrailTripwireTriggered
    guardrail never
"""

set_trace_processors([])
checker = Agent(name="Checker", model="gpt-checker")


@input_guardrail
async def polite(context: object, agent: object, given: object) -> GuardrailFunctionOutput:
    result = await Runner.run(checker, "Is this polite or not?")
    return GuardrailFunctionOutput(output_info=result.final_output, tripwire_triggered=False)


@output_guardrail
async def short(context: object, agent: object, said: str) -> GuardrailFunctionOutput:
    return GuardrailFunctionOutput(output_info=len(said), tripwire_triggered=False)


@input_guardrail(run_in_parallel=False)
async def never(context: object, agent: object, given: object) -> GuardrailFunctionOutput:
    return GuardrailFunctionOutput(output_info="no", tripwire_triggered=True)


async def main() -> None:
    guarded = Agent(name="Guarded", model="gpt-guarded", input_guardrails=[polite], output_guardrails=[short])
    print((await Runner.run(guarded, "Would you please say something?")).final_output)
    try:
        await Runner.run(Agent(name="Blocked", model="gpt-blocked", input_guardrails=[never]), "May I say this?")
    except InputGuardrailTripwireTriggered as error:
        print(error.guardrail_result.output.output_info)


asyncio.run(main())
