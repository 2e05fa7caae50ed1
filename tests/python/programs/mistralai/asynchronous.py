"""The async methods, whole, at once and streamed."""

import asyncio
import os

from mistralai.client import Mistral

TREE = """
chat mistral-one [stop]
chat mistral-two [stop]
chat mistral-streamed ~ [stop]
"""


def question(model: str) -> dict[str, object]:
    return {"model": model, "messages": [{"role": "user", "content": f"How are you, {model}?"}]}


async def main() -> None:
    async with Mistral(api_key="key", server_url=os.environ["VENDOR"] + "/mistral") as client:
        asked = (client.chat.complete_async(**question(f"mistral-{name}")) for name in ("one", "two"))
        print([answer.choices[0].message.content for answer in await asyncio.gather(*asked)])
        stream = await client.chat.stream_async(**question("mistral-streamed"))
        print([event.data.choices[0].delta.content async for event in stream])


asyncio.run(main())
