"""Streams that are cut, and errors inside of streams."""

import boto3

TREE = """
chat fault-cut ~ !ProtocolError
chat fault-stream-error ~ !EventStreamError
"""

client = boto3.client("bedrock-runtime")
for model in ("fault-cut", "fault-stream-error"):
    messages = [{"role": "user", "content": [{"text": f"Tell the story of {model}."}]}]
    try:
        for event in client.converse_stream(modelId=model, messages=messages)["stream"]:
            print(next(iter(event)))
    except Exception as error:
        print(type(error).__name__)
