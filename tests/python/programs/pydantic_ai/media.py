"""Pictures and documents in what a user says, for a model over a client and for one without."""

import asyncio

from pydantic_ai import Agent, BinaryContent, DocumentUrl, ImageUrl
from pydantic_ai.models.test import TestModel

TREE = """
invoke_agent viewer
  chat gpt-4o [stop]
invoke_agent viewer
  chat test
"""

PICTURE = BinaryContent(b"\x89PNG\r\n\x1a\n", media_type="image/png")


async def main() -> None:
    agent = Agent("openai-chat:gpt-4o", name="viewer")
    prompt = ["What do you see here?", ImageUrl("https://example.com/sky.png"), PICTURE]
    print((await agent.run(prompt)).output)
    print((await agent.run([*prompt, DocumentUrl("https://example.com/text.pdf")], model=TestModel())).output)


asyncio.run(main())
