"""Async streams that are broken off and closed."""

import asyncio

import litellm

TREE = """
chat every-100-broken ~
chat claude-every-100-broken ~
chat every-100-closed ~
chat claude-every-100-closed ~
chat after [stop]
"""

litellm.suppress_debug_info = True


async def ask(model: str) -> object:
    messages = [{"role": "user", "content": f"Tell the story of {model}."}]
    return await litellm.acompletion(model=model, messages=messages, stream=True)


async def main() -> None:
    for provider in ("openai/", "anthropic/claude-"):
        async for chunk in await ask(f"{provider}every-100-broken"):
            print(chunk.choices[0].delta.content)
            break
        closed = await ask(f"{provider}every-100-closed")
        print((await anext(closed)).choices[0].delta.content)
        await closed.aclose()
    answer = await litellm.acompletion(model="openai/after", messages=[{"role": "user", "content": "Is it over now?"}])
    print(answer.choices[0].message.content)


asyncio.run(main())
