"""Errors of vendors, by LiteLLM's classes."""

import asyncio

import litellm

TREE = """
chat fault-401 !AuthenticationError 401
chat fault-429 !RateLimitError 429
chat fault-500 !InternalServerError 500
chat claude-fault-401 !AuthenticationError 401
chat claude-fault-429 !RateLimitError 429
chat claude-fault-500 !InternalServerError 500
chat fault-429-async !RateLimitError 429
chat claude-fault-429-async !RateLimitError 429
embeddings fault-429 !RateLimitError 429
chat after [stop]
"""

litellm.suppress_debug_info = True

question = [{"role": "user", "content": "Does this go well?"}]


def show(error: Exception) -> None:
    print(type(error).__name__, error.status_code)


for provider in ("openai/", "anthropic/claude-"):
    for status in (401, 429, 500):
        try:
            litellm.completion(model=f"{provider}fault-{status}", messages=question, max_retries=0)
        except Exception as error:
            show(error)


async def main() -> None:
    for provider in ("openai/", "anthropic/claude-"):
        try:
            await litellm.acompletion(model=f"{provider}fault-429-async", messages=question, max_retries=0)
        except Exception as error:
            show(error)


asyncio.run(main())
try:
    litellm.embedding(model="openai/fault-429", input=["Does this go well?"], max_retries=0)
except Exception as error:
    show(error)
print(litellm.completion(model="openai/after", messages=question).choices[0].message.content)
