"""Functions of the program that ask models themselves, in the course of a run: for instructions, of the history, of
the output. They are parts of the run, also where the program goes through it itself."""

import asyncio

from openai import AsyncOpenAI
from pydantic_ai import Agent, ModelMessage
from pydantic_ai.capabilities import ProcessHistory
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

TREE = """
invoke_agent thorough
  chat asked-for-instructions [stop]
  chat asked-of-history [stop]
  chat gpt-4o [stop]
  chat asked-of-output [stop]
invoke_agent thorough
  chat asked-for-instructions [stop]
  chat asked-of-history [stop]
  chat gpt-4o ~ [stop]
  chat asked-of-output [stop]
"""


async def main() -> None:
    async with AsyncOpenAI() as client:

        async def ask(model: str) -> str:
            answer = await client.chat.completions.create(model=model, messages=[{"role": "user", "content": "Hi there"}])
            return answer.choices[0].message.content

        async def process(messages: list[ModelMessage]) -> list[ModelMessage]:
            await ask("asked-of-history")
            return messages

        model = OpenAIChatModel("gpt-4o", provider=OpenAIProvider(openai_client=client))
        agent = Agent(model, name="thorough", capabilities=[ProcessHistory(process)])

        @agent.instructions
        async def instruct() -> str:
            return await ask("asked-for-instructions")

        @agent.output_validator
        async def validate(output: str) -> str:
            await ask("asked-of-output")
            return output

        print((await agent.run("Tell me a joke")).output)
        async with agent.run_stream("Tell me a story") as result:
            print(await result.get_output())


asyncio.run(main())
