"""Embeddings of one text and of many, as numbers and packed, sync and async."""

import asyncio

from openai import AsyncOpenAI, OpenAI

TREE = """
embeddings text-embedding-3-small
embeddings text-embedding-3-large
embeddings text-embedding-ada-002
"""

client = OpenAI()
answer = client.embeddings.create(model="text-embedding-3-small", input="A text that is embedded")
print(type(answer).__name__, len(answer.data[0].embedding), answer.usage)
answer = client.embeddings.create(
    model="text-embedding-3-large", input=["The first text", "The second text"], encoding_format="base64", dimensions=8
)
print(len(answer.data))


async def main() -> None:
    async with AsyncOpenAI() as client:
        print(len((await client.embeddings.create(model="text-embedding-ada-002", input="An async text")).data))


asyncio.run(main())
