"""Answers that make no sense, whole and streamed: what the program sees is what it would have seen."""

import asyncio
import warnings

from agents import Agent, OpenAIChatCompletionsModel, Runner, set_trace_processors
from openai import AsyncOpenAI

TREE = """
Agent workflow
  invoke_agent Confused
    chat gpt-chat-fault-empty
Agent workflow
  invoke_agent Confused
    chat gpt-chat-fault-html
Agent workflow
  invoke_agent Confused
    chat gpt-chat-fault-missing-fields
Agent workflow
  invoke_agent Confused
    chat gpt-chat-fault-missing-fields ~
Agent workflow
  invoke_agent Confused
    chat gpt-chat-fault-null-choices ~
Agent workflow
  invoke_agent Confused
    responses gpt-fault-missing-fields
Agent workflow
  invoke_agent Confused
    responses gpt-fault-missing-fields ~
Agent workflow
  invoke_agent Confused !AttributeError
    chat gpt-chat-fault-html !AttributeError
Agent workflow
  invoke_agent Confused !AttributeError
    chat gpt-chat-fault-nonsense ~ !AttributeError
Agent workflow
  invoke_agent Confused !AttributeError
    chat gpt-chat-fault-nonsense ~ !AttributeError
Agent workflow
  invoke_agent Confused !AttributeError
    responses gpt-fault-html !AttributeError
Agent workflow
  invoke_agent Confused !AttributeError
    responses gpt-fault-nonsense ~ !AttributeError
Agent workflow
  invoke_agent Confused !AttributeError
    responses gpt-fault-null-choices ~ !AttributeError
Agent workflow
  invoke_agent Confused !JSONDecodeError
    chat gpt-chat-fault-empty !JSONDecodeError
Agent workflow
  invoke_agent Confused !JSONDecodeError
    responses gpt-fault-empty !JSONDecodeError
Agent workflow
  invoke_agent Confused !ModelBehaviorError
    chat gpt-chat-fault-null-choices !ModelBehaviorError
Agent workflow
  invoke_agent Confused !ModelBehaviorError
    responses gpt-fault-empty
Agent workflow
  invoke_agent Confused !ModelBehaviorError
    responses gpt-fault-html
Agent workflow
  invoke_agent Confused !ModelBehaviorError
    responses gpt-fault-nonsense ~
Agent workflow
  invoke_agent Confused !ValidationError
    responses gpt-fault-null-choices [completed]
"""

warnings.simplefilter("ignore")
set_trace_processors([])


async def main() -> None:
    async with AsyncOpenAI(max_retries=0) as client:
        for fault in ("nonsense", "null-choices", "missing-fields", "html", "empty"):
            for model in (f"gpt-fault-{fault}", OpenAIChatCompletionsModel(f"gpt-chat-fault-{fault}", client)):
                for stream in (False, True):
                    agent = Agent(name="Confused", model=model)
                    try:
                        if stream:
                            result = Runner.run_streamed(agent, "Does this make sense?", max_turns=1)
                            print(fault, len([event async for event in result.stream_events()]), result.final_output)
                        else:
                            print(fault, (await Runner.run(agent, "Does this make sense?", max_turns=1)).final_output)
                    except Exception as error:
                        print(fault, type(error).__name__)


asyncio.run(main())
