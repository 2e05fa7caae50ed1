"""Functions that the async client calls: coroutines, plain functions in threads, two conversations at once."""

import asyncio
import logging

from google import genai
from google.genai import types

TREE = """
generate_content gemini-coroutine [STOP]
execute_tool get_weather
generate_content gemini-coroutine [STOP]
generate_content gemini-plain [STOP]
execute_tool get_time
generate_content gemini-plain [STOP]
generate_content gemini-streamed ~ [STOP]
execute_tool get_weather
generate_content gemini-streamed ~ [STOP]
"""

logging.disable()


async def get_weather(city: str) -> str:
    """The weather of a city."""
    await asyncio.sleep(0)
    return f"Snow in {city}"


def get_time(city: str) -> str:
    """The time in a city."""
    return f"Noon in {city}"


async def main() -> None:
    client = genai.Client().aio

    async def ask(model: str, tool: object) -> str:
        config = types.GenerateContentConfig(tools=[tool])
        return (await client.models.generate_content(model=model, contents=f"Use {tool.__name__}.", config=config)).text

    print(await asyncio.gather(ask("gemini-coroutine", get_weather), ask("gemini-plain", get_time)))
    config = types.GenerateContentConfig(tools=[get_weather])
    stream = await client.models.generate_content_stream(model="gemini-streamed", contents="And the weather in Oslo?", config=config)
    print([chunk.text async for chunk in stream])
    await client.aclose()


asyncio.run(main())
