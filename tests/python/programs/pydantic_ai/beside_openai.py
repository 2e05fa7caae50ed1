"""Pydantic AI over OpenAI's client: one span for one model call, and one for each direct call beside it."""

import asyncio

from openai import AsyncOpenAI
from pydantic_ai import Agent
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.providers.openai import OpenAIProvider

TREE = """
invoke_agent assistant
  chat gpt-4o [tool_calls]
  execute_tool search
    embeddings text-embedding-3-small
    chat direct-in-tool [stop]
  chat gpt-4o [stop]
chat direct-after [stop]
invoke_agent assistant
  chat gpt-4o ~ [stop]
chat direct-in-stream [stop]
invoke_agent storyteller
  chat story ~
chat direct-in-stream [stop]
chat direct-at-last [stop]
"""


async def tell(messages, info: AgentInfo):
    yield "Once "
    yield "upon a time."


async def main() -> None:
    async with AsyncOpenAI() as client:
        agent = Agent(OpenAIChatModel("gpt-4o", provider=OpenAIProvider(openai_client=client)), name="assistant")
        storyteller = Agent(FunctionModel(stream_function=tell, model_name="story"), name="storyteller")

        async def ask(model: str) -> str:
            answer = await client.chat.completions.create(model=model, messages=[{"role": "user", "content": "Hi there"}])
            return answer.choices[0].message.content

        @agent.tool_plain
        async def search(query: str) -> str:
            """Searches."""
            await client.embeddings.create(model="text-embedding-3-small", input=query)
            return await ask("direct-in-tool")

        print((await agent.run("Please search")).output, await ask("direct-after"))
        for each in (agent, storyteller):
            async with each.run_stream("Tell me a story") as result:
                pieces = 0
                async for text in result.stream_text(debounce_by=None):
                    pieces += 1
                    if pieces == 1:
                        print(await ask("direct-in-stream"))
                print(text)
        print(await ask("direct-at-last"))


asyncio.run(main())
