"""A session keeps the turns: it is the conversation. A trace of the program's own is around two runs."""

import asyncio

from agents import Agent, Runner, SQLiteSession, custom_span, set_trace_processors, trace

TREE = """
Two turns
  invoke_agent Keeper @session-7
    responses gpt-keeper @session-7 [completed]
  invoke_agent Keeper @session-7
    responses gpt-keeper @session-7 [completed]
"""

set_trace_processors([])


async def main() -> None:
    agent = Agent(name="Keeper", instructions="You remember.", model="gpt-keeper")
    session = SQLiteSession("session-7")
    with trace("Two turns"):
        print((await Runner.run(agent, "My name is somebody.", session=session)).final_output)
        with custom_span("the second one"):
            print((await Runner.run(agent, "What is my name then?", session=session)).final_output)
    print(len(await session.get_items()))


asyncio.run(main())
