"""What the program does with a stream fails, or is cancelled: its request counts for the run all the same."""

import asyncio

from pydantic_ai import Agent
from pydantic_ai.models.anthropic import AnthropicModel

TREE = """
invoke_agent teller !KeyError
  chat claude-sonnet-4-5 ~ [end_turn]
invoke_agent asked !CancelledError
  chat gpt-fault-slow ~ !CancelledError
"""


async def main() -> None:
    try:
        async with Agent(AnthropicModel("claude-sonnet-4-5"), name="teller").run_stream("A short story, please.") as result:
            async for _ in result.stream_text():
                raise KeyError("chapter")
    except KeyError as error:
        print("no", error)
    reads = asyncio.Event()

    async def ask() -> None:
        agent = Agent("openai-chat:gpt-fault-slow", name="asked")
        async with agent.run_stream("A slow story, please.") as result:
            async for _ in result.stream_text(debounce_by=None):
                reads.set()

    asking = asyncio.create_task(ask())
    await reads.wait()
    asking.cancel()
    print(type((await asyncio.gather(asking, return_exceptions=True))[0]).__name__)


asyncio.run(main())
