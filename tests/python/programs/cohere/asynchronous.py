"""The async client, whole and streamed."""

import asyncio
import os

import cohere

TREE = """
chat command-a-one [COMPLETE]
chat command-a-two [COMPLETE]
chat command-a-streamed ~ [COMPLETE]
"""


async def main() -> None:
    client = cohere.AsyncClientV2(api_key="key", base_url=os.environ["VENDOR"])

    def question(model: str) -> dict[str, object]:
        return {"model": model, "messages": [{"role": "user", "content": f"How are you, {model}?"}]}

    answers = await asyncio.gather(*(client.chat(**question(f"command-a-{name}")) for name in ("one", "two")))
    print([answer.message.content[0].text for answer in answers])
    print([event.type async for event in client.chat_stream(**question("command-a-streamed"))])


asyncio.run(main())
