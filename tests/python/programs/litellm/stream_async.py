"""Streams that are awaited, also at once."""

import asyncio

import litellm

TREE = """
chat one ~ [stop]
chat claude-one ~ [end_turn]
chat at-once ~ [stop]
chat claude-at-once ~ [end_turn]
"""

litellm.suppress_debug_info = True


async def ask(model: str) -> str:
    messages = [{"role": "user", "content": f"Tell the story of {model}."}]
    stream = await litellm.acompletion(model=model, messages=messages, stream=True)
    return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])


async def main() -> None:
    print(await ask("openai/one"))
    print(await ask("anthropic/claude-one"))
    print(*await asyncio.gather(ask("openai/at-once"), ask("anthropic/claude-at-once")))


asyncio.run(main())
