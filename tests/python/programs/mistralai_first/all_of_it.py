"""Version 1, where all of it is one package further up: chat, streams, embeddings, errors, sync and async."""

import asyncio
import os

from mistralai import Mistral, SDKError

TREE = """
chat mistral-small-latest [stop]
chat mistral-streamed ~ [stop]
embeddings mistral-embed
chat fault-429 !SDKError 429
chat mistral-one [stop]
chat fault-500-async !SDKError 500
chat mistral-streamed ~ [stop]
"""

SERVER = os.environ["VENDOR"] + "/mistral"


def question(model: str) -> dict[str, object]:
    return {"model": model, "messages": [{"role": "user", "content": f"What do you do in {model}?"}]}


async def main() -> None:
    async with Mistral(api_key="key", server_url=SERVER) as client:
        print((await client.chat.complete_async(**question("mistral-one"))).choices[0].message.content)
        try:
            await client.chat.complete_async(**question("fault-500-async"))
        except SDKError as error:
            print(type(error).__name__)
        stream = await client.chat.stream_async(**question("mistral-streamed"))
        print([event.data.choices[0].delta.content async for event in stream])


client = Mistral(api_key="key", server_url=SERVER)
answer = client.chat.complete(**question("mistral-small-latest"), temperature=0.5)
print(type(answer).__name__, answer.choices[0].message.content)
print([event.data.choices[0].delta.content for event in client.chat.stream(**question("mistral-streamed"))])
print(len(client.embeddings.create(model="mistral-embed", inputs=["a first text", "a second text"]).data))
try:
    client.chat.complete(**question("fault-429"))
except SDKError as error:
    print(type(error).__name__)
asyncio.run(main())
