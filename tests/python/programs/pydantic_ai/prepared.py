"""Prompts, instructions and tools that ask a model before the agent does, in every way to run an agent."""

import asyncio

from openai import AsyncOpenAI
from pydantic_ai import Agent, RunContext
from pydantic_ai.tools import ToolDefinition

TREE = """
invoke_agent prepared
  chat gpt-prompt [stop]
  chat gpt-instructions [stop]
  chat gpt-tools [stop]
  chat gpt-4o-run [stop]
invoke_agent prepared
  chat gpt-prompt [stop]
  chat gpt-instructions [stop]
  chat gpt-tools [stop]
  chat gpt-4o-streamed ~ [stop]
invoke_agent prepared
  chat gpt-prompt [stop]
  chat gpt-instructions [stop]
  chat gpt-tools [stop]
  chat gpt-4o-steps [stop]
invoke_agent prepared
  chat gpt-prompt [stop]
  chat gpt-instructions [stop]
  chat gpt-tools [stop]
  chat gpt-4o-node ~ [stop]
chat gpt-after [stop]
"""

agent = Agent(name="prepared")


async def ask(model: str) -> str:
    async with AsyncOpenAI() as client:
        question = {"role": "user", "content": f"What does {model} say?"}
        answer = await client.chat.completions.create(model=model, messages=[question])
    return str(answer.choices[0].message.content)


@agent.system_prompt
async def prompt() -> str:
    return await ask("gpt-prompt")


@agent.instructions
async def instructions() -> str:
    return await ask("gpt-instructions")


async def prepare(ctx: RunContext[None], definition: ToolDefinition) -> ToolDefinition | None:
    await ask("gpt-tools")
    return definition


@agent.tool_plain(prepare=prepare)
async def get_nothing() -> str:
    """Nobody calls it."""
    return ""


async def main() -> None:
    print((await agent.run("Tell me about it", model="openai-chat:gpt-4o-run")).output)
    async with agent.run_stream("Tell me about it", model="openai-chat:gpt-4o-streamed") as result:
        print(await result.get_output())
    async with agent.iter("Tell me about it", model="openai-chat:gpt-4o-steps") as run:
        print([type(node).__name__ async for node in run])
    async with agent.iter("Tell me about it", model="openai-chat:gpt-4o-node") as run:
        async for node in run:
            if Agent.is_model_request_node(node):
                async with node.stream(run.ctx) as events:
                    print(len([event async for event in events]) > 1)
    await ask("gpt-after")


asyncio.run(main())
