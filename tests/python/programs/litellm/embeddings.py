"""Embeddings, sync and async, of two providers."""

import asyncio
import os

import litellm

TREE = """
embeddings text-embedding-3-small
embeddings text-embedding-3-large
embeddings gemini-embedding-001
"""

litellm.suppress_debug_info = True

answer = litellm.embedding(model="openai/text-embedding-3-small", input=["a first text", "a second text"])
print(type(answer).__name__, len(answer.data), answer.usage.prompt_tokens)


async def main() -> None:
    answer = await litellm.aembedding(model="openai/text-embedding-3-large", input="a third text")
    print(len(answer.data))


asyncio.run(main())
answer = litellm.embedding(
    model="gemini/gemini-embedding-001", input=["a fourth text"], api_base=f"{os.environ['VENDOR']}/v1beta"
)
print(len(answer.data))
