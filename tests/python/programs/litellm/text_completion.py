"""Text completions, sync and async, whole and streamed."""

import asyncio

import litellm

TREE = """
text_completion gpt-3.5-turbo-instruct [stop]
text_completion streamed ~ [stop]
text_completion async [stop]
text_completion async-streamed ~ [stop]
"""

litellm.suppress_debug_info = True

answer = litellm.text_completion(model="text-completion-openai/gpt-3.5-turbo-instruct", prompt="Once")
print(type(answer).__name__, answer.choices[0].text)
stream = litellm.text_completion(model="text-completion-openai/streamed", prompt="Once", stream=True)
print("".join(piece.choices[0].text or "" for piece in stream))


async def main() -> None:
    answer = await litellm.atext_completion(model="text-completion-openai/async", prompt="Once")
    print(answer.choices[0].text)
    stream = await litellm.atext_completion(model="text-completion-openai/async-streamed", prompt="Once", stream=True)
    print("".join([piece.choices[0].text or "" async for piece in stream]))


asyncio.run(main())
