"""The async client, whole and streamed."""

import asyncio
import os

from huggingface_hub import AsyncInferenceClient

TREE = """
chat one [stop]
chat two [stop]
chat streamed ~ [stop]
"""


def question(model: str) -> dict[str, object]:
    return {"model": model, "messages": [{"role": "user", "content": f"How are you, {model}?"}]}


async def main() -> None:
    async with AsyncInferenceClient(base_url=os.environ["VENDOR"] + "/v1", api_key="key") as client:
        asked = (client.chat_completion(**question(name)) for name in ("one", "two"))
        print([answer.choices[0].message.content for answer in await asyncio.gather(*asked)])
        stream = await client.chat_completion(**question("streamed"), stream=True)
        print([part.choices[0].delta.content async for part in stream])


asyncio.run(main())
