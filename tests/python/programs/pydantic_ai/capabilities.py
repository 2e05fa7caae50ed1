"""Capabilities of the program's own: answers in the model's place make no request, another model makes another one,
and a tool that waits for somebody has not failed."""

import asyncio

from openai import AsyncOpenAI
from pydantic_ai import Agent, ApprovalRequired, DeferredToolRequests, DeferredToolResults, ModelResponse, RunContext
from pydantic_ai import TextPart
from pydantic_ai.capabilities import AbstractCapability, ModelFallback
from pydantic_ai.exceptions import SkipModelRequest
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

TREE = """
invoke_agent cached
invoke_agent cached
invoke_agent asking
  chat gpt-4o-mini [stop]
  chat gpt-4o-mini [stop]
invoke_agent changing
  chat gpt-4o-fault-500 !InternalServerError 500
  chat gpt-4o-mini [stop]
invoke_agent careful
  chat gpt-4o [tool_calls]
  execute_tool delete
invoke_agent careful
  execute_tool delete
  chat gpt-4o [stop]
"""


class Cache(AbstractCapability):
    async def wrap_model_request(self, ctx, *, request_context, handler):
        return ModelResponse([TextPart("I know that already.")])


class Skip(AbstractCapability):
    async def before_model_request(self, ctx, request_context):
        raise SkipModelRequest(ModelResponse([TextPart("No need to ask.")]))


class AskFirst(AbstractCapability):
    """Asks a model before each request: that is a request of the program, not the agent's."""

    def __init__(self, client: AsyncOpenAI) -> None:
        self.client = client

    async def before_model_request(self, ctx, request_context):
        message = {"role": "user", "content": "May I?"}
        await self.client.chat.completions.create(model="gpt-4o-mini", messages=[message])
        return request_context


async def main() -> None:
    async with AsyncOpenAI(max_retries=0) as client:
        provider = OpenAIProvider(openai_client=client)
        broken, small, large = (
            OpenAIChatModel(name, provider=provider) for name in ("gpt-4o-fault-500", "gpt-4o-mini", "gpt-4o")
        )
        for capability in (Cache(), Skip()):
            print((await Agent(small, name="cached", capabilities=[capability]).run("Tell me a joke")).output)
        asking = Agent(small, name="asking", capabilities=[AskFirst(client)])
        print((await asking.run("Tell me a joke")).output)
        changing = Agent(broken, name="changing", capabilities=[ModelFallback(small)])
        print((await changing.run("Tell me another joke")).output)

        careful = Agent(large, name="careful", output_type=[str, DeferredToolRequests])

        @careful.tool
        def delete(context: RunContext[None], name: str) -> str:
            """Deletes."""
            if not context.tool_call_approved:
                raise ApprovalRequired
            return f"{name} is gone"

        asked = await careful.run("Please delete")
        (call,) = asked.output.approvals
        approvals = DeferredToolResults(approvals={call.tool_call_id: True})
        print((await careful.run(message_history=asked.all_messages(), deferred_tool_results=approvals)).output)


asyncio.run(main())
