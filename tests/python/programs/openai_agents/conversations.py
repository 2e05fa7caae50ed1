"""Conversations: one that is given, a group, a trace's group, and a session that makes one when it is first asked."""

import asyncio
import json

import httpx2
from agents import (
    Agent,
    OpenAIConversationsSession,
    RunConfig,
    Runner,
    function_tool,
    set_trace_processors,
    trace,
)
from openai import AsyncOpenAI

TREE = """
Given @conv_given
  invoke_agent Keeper @conv_given
    responses gpt-keeper @conv_given [completed]
    execute_tool get_name @conv_given
    responses gpt-keeper @conv_given [completed]
Grouped @thread-5
  invoke_agent Keeper @thread-5
    responses gpt-keeper @thread-5 [completed]
    execute_tool get_name @thread-5
    responses gpt-keeper @thread-5 [completed]
Both @conv_both
  invoke_agent Keeper @conv_both
    responses gpt-keeper @conv_both [completed]
    execute_tool get_name @conv_both
    responses gpt-keeper @conv_both [completed]
Around @thread-6
  invoke_agent Keeper @thread-6
    responses gpt-keeper @thread-6 [completed]
    execute_tool get_name @thread-6
    responses gpt-keeper @thread-6 [completed]
Kept @conv_kept
  invoke_agent Keeper @conv_kept
    responses gpt-keeper @conv_kept [completed]
    execute_tool get_name @conv_kept
    responses gpt-keeper @conv_kept [completed]
Streamed @conv_kept
  invoke_agent Keeper @conv_kept
    responses gpt-keeper @conv_kept ~ [completed]
    execute_tool get_name @conv_kept
    responses gpt-keeper @conv_kept ~ [completed]
Alone
  invoke_agent Keeper
    responses gpt-keeper [completed]
    execute_tool get_name
    responses gpt-keeper [completed]
"""

set_trace_processors([])


@function_tool
def get_name() -> str:
    """The name of the user."""
    return "Somebody"


def keep(request: httpx2.Request) -> httpx2.Response:
    """A service that keeps conversations, and nothing in them."""
    if request.url.path.endswith("/conversations"):
        body = {"id": "conv_kept", "object": "conversation", "created_at": 0, "metadata": {}}
    else:
        body = {"object": "list", "data": [], "has_more": False, "first_id": "", "last_id": ""}
    return httpx2.Response(200, content=json.dumps(body), headers={"content-type": "application/json"})


async def main() -> None:
    agent = Agent(name="Keeper", instructions="You remember.", model="gpt-keeper", tools=[get_name])

    async def ask(workflow: str, group: str | None = None, **options: object) -> None:
        config = RunConfig(workflow_name=workflow, group_id=group)
        print((await Runner.run(agent, "Please get_name: what is it?", run_config=config, **options)).final_output)

    await ask("Given", conversation_id="conv_given")
    await ask("Grouped", "thread-5")
    await ask("Both", "thread-5", conversation_id="conv_both")
    with trace("Around", group_id="thread-6"):
        await ask("Inside")

    async with AsyncOpenAI(http_client=httpx2.AsyncClient(transport=httpx2.MockTransport(keep))) as client:
        await ask("Kept", session=OpenAIConversationsSession(openai_client=client))
        session = OpenAIConversationsSession(openai_client=client)
        config = RunConfig(workflow_name="Streamed")
        result = Runner.run_streamed(agent, "And streamed, please get_name.", session=session, run_config=config)
        async for _ in result.stream_events():
            pass
        print(result.final_output)
    await ask("Alone")


asyncio.run(main())
