"""Second tries: those of OpenAI's client are part of its request, LiteLLM's own are requests of their own."""

import asyncio

import litellm

TREE = """
chat fault-429-once-client [stop]
chat fault-500-once-given-on [stop]
chat claude-fault-500-once-litellm !InternalServerError 500
chat claude-fault-500-once-litellm [end_turn]
chat claude-fault-500-once-async !InternalServerError 500
chat claude-fault-500-once-async [end_turn]
"""

litellm.suppress_debug_info = True

question = [{"role": "user", "content": "Does this go well?"}]
answer = litellm.completion(model="openai/fault-429-once-client", messages=question, max_retries=2)
print(answer.choices[0].message.content)
for model in ("openai/fault-500-once-given-on", "anthropic/claude-fault-500-once-litellm"):
    answer = litellm.completion(model=model, messages=question, num_retries=2, max_retries=0)
    print(answer.choices[0].message.content)


async def main() -> None:
    answer = await litellm.acompletion(
        model="anthropic/claude-fault-500-once-async", messages=question, num_retries=2, max_retries=0
    )
    print(answer.choices[0].message.content)


asyncio.run(main())
