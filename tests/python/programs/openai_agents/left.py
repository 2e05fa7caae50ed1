"""Streamed runs that are cancelled and whose events are not read to the end."""

import asyncio

from agents import Agent, Runner, set_trace_processors

TREE = """
Agent workflow
  invoke_agent Cancelled !CancelledError
    responses gpt-every-50 ~ !CancelledError
Agent workflow
  invoke_agent Broken
    responses gpt-broken ~ [completed]
Agent workflow
  invoke_agent After
    responses gpt-after [completed]
"""

set_trace_processors([])


async def main() -> None:
    result = Runner.run_streamed(Agent(name="Cancelled", model="gpt-every-50"), "Tell a long story, please.")
    async for event in result.stream_events():
        if event.type == "raw_response_event" and event.data.type == "response.output_text.delta":
            result.cancel()
    print(result.is_complete)
    result = Runner.run_streamed(Agent(name="Broken", model="gpt-broken"), "Tell another story, please.")
    async for event in result.stream_events():
        break
    while not result.is_complete:
        await asyncio.sleep(0.01)
    print((await Runner.run(Agent(name="After", model="gpt-after"), "Are you still there?")).final_output)


asyncio.run(main())
