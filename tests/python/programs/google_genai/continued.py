"""An answer that the SDK asks the model to go on with: for the program it is one, over the wire it is two."""

import asyncio

from google import genai

TREE = """
generate_content gemini-pause-turn [CONTINUATION]
generate_content gemini-pause-turn [STOP]
generate_content gemini-pause-turn-streamed ~ [CONTINUATION]
generate_content gemini-pause-turn-streamed ~ [STOP]
generate_content gemini-pause-turn-async [CONTINUATION]
generate_content gemini-pause-turn-async [STOP]
generate_content gemini-pause-turn-left [CONTINUATION]
"""

client = genai.Client()
answer = client.models.generate_content(model="gemini-pause-turn", contents="Tell a long story")
print(answer.text, answer.usage_metadata.total_token_count)
stream = client.models.generate_content_stream(model="gemini-pause-turn-streamed", contents="Tell it in pieces")
print([chunk.text for chunk in stream])


async def main() -> None:
    async with client.aio as aio:
        print((await aio.models.generate_content(model="gemini-pause-turn-async", contents="Tell it in async")).text)


asyncio.run(main())
config = {"automatic_continuation": False}
answer = client.models.generate_content(model="gemini-pause-turn-left", contents="Only its beginning", config=config)
print(answer.candidates[0].finish_reason)
