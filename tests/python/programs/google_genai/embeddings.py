"""Embeddings: one text, several, and async."""

import asyncio

from google import genai

TREE = """
embeddings gemini-embedding-001
embeddings gemini-embedding-001
embeddings gemini-embedding-002
"""

client = genai.Client()
answer = client.models.embed_content(model="gemini-embedding-001", contents="What is this about?")
print(type(answer).__name__, len(answer.embeddings))
config = {"output_dimensionality": 8, "task_type": "RETRIEVAL_QUERY"}
answer = client.models.embed_content(model="gemini-embedding-001", contents=["The first text", "The second text"], config=config)
print(len(answer.embeddings), len(answer.embeddings[0].values))


async def main() -> None:
    answer = await client.aio.models.embed_content(model="gemini-embedding-002", contents="And what is that about?")
    print(len(answer.embeddings))
    await client.aio.aclose()


asyncio.run(main())
