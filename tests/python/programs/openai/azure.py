"""Azure's clients: the deployment is in the path, the endpoint is somebody's own."""

import asyncio
import os

from openai import AsyncAzureOpenAI, AzureOpenAI

TREE = """
chat gpt-4o [stop]
chat gpt-4o-mini ~ [stop]
embeddings text-embedding-3-small
chat async-deployment [stop]
"""

options = {"azure_endpoint": os.environ["VENDOR"], "api_key": "key", "api_version": "2024-10-21"}
client = AzureOpenAI(**options)
question = [{"role": "user", "content": "How is the weather up there?"}]
print(client.chat.completions.create(model="gpt-4o", messages=question).choices[0].message.content)
print(len(list(client.chat.completions.create(model="gpt-4o-mini", messages=question, stream=True))))
print(len(client.embeddings.create(model="text-embedding-3-small", input="Clouds from above").data))


async def main() -> None:
    async with AsyncAzureOpenAI(**options) as client:
        print((await client.chat.completions.create(model="async-deployment", messages=question)).id)


asyncio.run(main())
