"""The responses API, whole and streamed, sync and async."""

import asyncio

import litellm

TREE = """
responses gpt-4o-mini [completed]
responses gpt-4o ~ [completed]
responses gpt-4o-async [completed]
responses gpt-4.1 ~ [completed]
responses claude-sonnet-4-5 [end_turn]
"""

litellm.suppress_debug_info = True

answer = litellm.responses(model="openai/gpt-4o-mini", input="How are you today?")
print(type(answer).__name__, answer.output[0].content[0].text)
print([event.type for event in litellm.responses(model="openai/gpt-4o", input="Tell a story!", stream=True)])


async def main() -> None:
    answer = await litellm.aresponses(model="openai/gpt-4o-async", input="How are you now?")
    print(answer.output[0].content[0].text)
    stream = await litellm.aresponses(model="openai/gpt-4.1", input="Tell another!", stream=True)
    print([event.type async for event in stream])


asyncio.run(main())
answer = litellm.responses(model="anthropic/claude-sonnet-4-5", input="How are you today?")
print(answer.output[-1].content[0].text)
