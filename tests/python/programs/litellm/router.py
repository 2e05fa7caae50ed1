"""A router: each deployment that is tried is a request of its own."""

import asyncio

import litellm

TREE = """
chat gpt-4o-mini [stop]
chat fault-500-first !InternalServerError 500
chat claude-second [end_turn]
chat fault-500-first !InternalServerError 500
chat claude-second [end_turn]
chat streamed ~ [stop]
"""

litellm.suppress_debug_info = True


def deployment(name: str, model: str) -> dict[str, object]:
    return {"model_name": name, "litellm_params": {"model": model, "max_retries": 0}}


router = litellm.Router(
    model_list=[
        deployment("plain", "openai/gpt-4o-mini"),
        deployment("failing", "openai/fault-500-first"),
        deployment("other", "anthropic/claude-second"),
        deployment("streamed", "openai/streamed"),
    ],
    fallbacks=[{"failing": ["other"]}],
    num_retries=0,
)
question = [{"role": "user", "content": "Who of you is there?"}]
print(router.completion(model="plain", messages=question).choices[0].message.content)
print(router.completion(model="failing", messages=question).choices[0].message.content)


async def main() -> None:
    print((await router.acompletion(model="failing", messages=question)).choices[0].message.content)
    stream = await router.acompletion(model="streamed", messages=question, stream=True)
    print("".join([chunk.choices[0].delta.content or "" async for chunk in stream]))


asyncio.run(main())
