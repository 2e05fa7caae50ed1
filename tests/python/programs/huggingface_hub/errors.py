"""Errors of the server, sync and async, none there, and the program going on."""

import asyncio
import os

from huggingface_hub import AsyncInferenceClient, InferenceClient

TREE = """
chat fault-400 !BadRequestError 400
chat fault-401 !HfHubHTTPError 401
chat fault-429 !HfHubHTTPError 429
chat fault-500 !HfHubHTTPError 500
chat fault-500-streamed !HfHubHTTPError 500
chat nobody !ConnectError
chat fault-401-async !HfHubHTTPError 401
chat after [stop]
"""

SERVER = os.environ["VENDOR"] + "/v1"
question = [{"role": "user", "content": "Does this go well?"}]


def ask(model: str, base_url: str = SERVER, **options: object) -> None:
    client = InferenceClient(base_url=base_url, api_key="key")
    try:
        answer = client.chat_completion(model=model, messages=question, **options)
        print(answer.choices[0].message.content)
    except Exception as error:
        print(type(error).__name__)


async def main() -> None:
    async with AsyncInferenceClient(base_url=SERVER, api_key="key") as client:
        try:
            await client.chat_completion(model="fault-401-async", messages=question)
        except Exception as error:
            print(type(error).__name__)


for model in ("fault-400", "fault-401", "fault-429", "fault-500"):
    ask(model)
ask("fault-500-streamed", stream=True)
ask("nobody", "http://127.0.0.1:9/v1")
asyncio.run(main())
ask("after")
