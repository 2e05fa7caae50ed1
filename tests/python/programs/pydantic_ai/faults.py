"""Answers without sense, cut, or without what is promised: the program gets the errors that it would have got."""

import asyncio

from openai import AsyncOpenAI
from pydantic_ai import Agent
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

TREE = """
invoke_agent agent
  chat gpt-4o-fault-missing-fields ~
invoke_agent agent
  chat gpt-4o-fault-slow [stop]
invoke_agent agent
  chat gpt-4o-fault-slow ~ [stop]
invoke_agent agent
  responses gpt-4o-fault-missing-fields
invoke_agent agent
  responses gpt-4o-fault-missing-fields ~
invoke_agent agent
  responses gpt-4o-fault-slow [completed]
invoke_agent agent
  responses gpt-4o-fault-slow ~ [completed]
invoke_agent agent !AttributeError
  chat gpt-4o-fault-nonsense ~
invoke_agent agent !AttributeError
  responses gpt-4o-fault-nonsense ~
invoke_agent agent !AttributeError
  responses gpt-4o-fault-nonsense ~ !AttributeError
invoke_agent agent !AttributeError
  responses gpt-4o-fault-null-choices ~
invoke_agent agent !ModelAPIError
  chat gpt-4o-fault-empty !ModelAPIError
invoke_agent agent !ModelAPIError
  responses gpt-4o-fault-empty !ModelAPIError
invoke_agent agent !ModelAPIError
  responses gpt-4o-fault-html !ModelAPIError
invoke_agent agent !ModelConnectionError
  chat gpt-4o-fault-cut !ModelConnectionError
invoke_agent agent !ModelConnectionError
  chat gpt-4o-fault-cut ~ !ModelConnectionError
invoke_agent agent !ModelConnectionError
  responses gpt-4o-fault-cut !ModelConnectionError
invoke_agent agent !ModelConnectionError
  responses gpt-4o-fault-cut ~ !ModelConnectionError
invoke_agent agent !ModelServerError
  chat gpt-4o-fault-stream-error ~ !ModelServerError 500
invoke_agent agent !ModelServerError
  responses gpt-4o-fault-stream-error !ModelServerError
invoke_agent agent !ModelServerError
  responses gpt-4o-fault-stream-error ~ !ModelServerError 500
invoke_agent agent !TypeError
  responses gpt-4o-fault-null-choices [completed] !TypeError
invoke_agent agent !UnexpectedModelBehavior
  chat gpt-4o-fault-empty !UnexpectedModelBehavior
invoke_agent agent !UnexpectedModelBehavior
  chat gpt-4o-fault-html !UnexpectedModelBehavior
invoke_agent agent !UnexpectedModelBehavior
  chat gpt-4o-fault-html !UnexpectedModelBehavior
invoke_agent agent !UnexpectedModelBehavior
  chat gpt-4o-fault-missing-fields !UnexpectedModelBehavior
invoke_agent agent !UnexpectedModelBehavior
  chat gpt-4o-fault-nonsense ~ !UnexpectedModelBehavior
invoke_agent agent !UnexpectedModelBehavior
  chat gpt-4o-fault-null-choices !UnexpectedModelBehavior
invoke_agent agent !UnexpectedModelBehavior
  chat gpt-4o-fault-null-choices ~
  chat gpt-4o-fault-null-choices ~
invoke_agent agent !UnexpectedModelBehavior
  chat gpt-4o-fault-stream-error !UnexpectedModelBehavior
invoke_agent agent !UnexpectedModelBehavior
  responses gpt-4o-fault-empty !UnexpectedModelBehavior
invoke_agent agent !UnexpectedModelBehavior
  responses gpt-4o-fault-html !UnexpectedModelBehavior
"""

FAULTS = ("cut", "null-choices", "missing-fields", "nonsense", "html", "empty", "stream-error", "slow")


async def main() -> None:
    async with AsyncOpenAI(max_retries=0) as client:
        provider = OpenAIProvider(openai_client=client)
        agent = Agent(name="agent")
        for kind in (OpenAIChatModel, OpenAIResponsesModel):
            for fault in FAULTS:
                model = kind(f"gpt-4o-fault-{fault}", provider=provider)
                try:
                    print(fault, (await agent.run("Hello", model=model)).output)
                except Exception as error:
                    print(fault, type(error).__name__, str(error)[:40])
                try:
                    async with agent.run_stream("Tell me", model=model) as result:
                        print(fault, await result.get_output())
                except Exception as error:
                    print(fault, type(error).__name__, str(error)[:40])


asyncio.run(main())
