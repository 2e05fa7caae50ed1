"""Amazon Bedrock, whole and streamed, sync and async, by Converse and invoked; and answers that are made up."""

import asyncio
import os

import litellm

TREE = """
chat anthropic.claude-converse [end_turn]
chat anthropic.claude-converse ~ [end_turn]
chat anthropic.claude-invoked [end_turn]
chat anthropic.claude-invoked ~ [end_turn]
chat anthropic.claude-async ~ [end_turn]
"""

litellm.suppress_debug_info = True
AWS = {
    "aws_bedrock_runtime_endpoint": os.environ["VENDOR"],
    "aws_region_name": "us-east-1",
    "aws_access_key_id": "key",
    "aws_secret_access_key": "key",
}
question = [{"role": "user", "content": "How are you?"}]


def ask(model: str, **options: object) -> None:
    answer = litellm.completion(model=f"bedrock/{model}", messages=question, max_tokens=50, **AWS, **options)
    if options.get("stream"):
        print("".join(piece.choices[0].delta.content or "" for piece in answer))
    else:
        print(type(answer).__name__, answer.choices[0].message.content)


for model in ("converse/anthropic.claude-converse", "invoke/anthropic.claude-invoked"):
    ask(model)
    ask(model, stream=True)
ask("converse/anthropic.claude-mocked", mock_response="Nobody was asked.")
ask("converse/anthropic.claude-mocked", mock_response="Nobody was asked.", stream=True)


async def main() -> None:
    model = "bedrock/converse/anthropic.claude-async"
    stream = await litellm.acompletion(model=model, messages=question, max_tokens=50, stream=True, **AWS)
    print("".join([piece.choices[0].delta.content or "" async for piece in stream]))


asyncio.run(main())
