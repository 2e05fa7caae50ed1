"""Completions that are awaited, one after the other and at once."""

import asyncio

import litellm
from litellm import acompletion

TREE = """
chat gpt-4o-mini [stop]
chat claude-sonnet-4-5 [end_turn]
chat at-once-0 [stop]
chat at-once-1 [stop]
chat claude-at-once-0 [end_turn]
chat claude-at-once-1 [end_turn]
"""

litellm.suppress_debug_info = True


async def ask(model: str) -> str:
    answer = await acompletion(model=model, messages=[{"role": "user", "content": f"How are you, {model}?"}])
    return answer.choices[0].message.content


async def main() -> None:
    print(await ask("openai/gpt-4o-mini"))
    print(await ask("anthropic/claude-sonnet-4-5"))
    print(*await asyncio.gather(*(ask(f"openai/at-once-{number}") for number in range(2))))
    print(*await asyncio.gather(*(ask(f"anthropic/claude-at-once-{number}") for number in range(2))))


asyncio.run(main())
