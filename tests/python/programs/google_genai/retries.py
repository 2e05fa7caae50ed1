"""Retries of `http_options`: the request that the program makes is one, however often it is tried."""

import asyncio

from google import genai
from google.genai import types

TREE = """
generate_content fault-429-once [STOP]
generate_content fault-500-once ~ [STOP]
generate_content fault-500 !ServerError 500
generate_content fault-500-once-async [STOP]
"""

retry = types.HttpRetryOptions(attempts=2, initial_delay=0.01, max_delay=0.01, jitter=0)
client = genai.Client(http_options=types.HttpOptions(retry_options=retry))
print(client.models.generate_content(model="fault-429-once", contents="Try it twice").text)
print([chunk.text for chunk in client.models.generate_content_stream(model="fault-500-once", contents="And streamed")])
try:
    client.models.generate_content(model="fault-500", contents="Try it in vain")
except genai.errors.ServerError as error:
    print(error)


async def main() -> None:
    async with client.aio as aio:
        print((await aio.models.generate_content(model="fault-500-once-async", contents="Twice in async")).text)


asyncio.run(main())
