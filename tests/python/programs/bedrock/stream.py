"""ConverseStream: read, left, closed and let go."""

import gc

import boto3

TREE = """
chat amazon.nova-read ~ [end_turn]
chat amazon.nova-every-100-left ~
chat amazon.nova-every-100-closed ~
chat amazon.nova-every-100-let-go ~
"""

client = boto3.client("bedrock-runtime")


def ask(model: str) -> object:
    messages = [{"role": "user", "content": [{"text": f"Tell the story of {model}."}]}]
    return client.converse_stream(modelId=model, messages=messages)["stream"]


print([next(iter(event)) for event in ask("amazon.nova-read")])
for name in ("left", "closed", "let-go"):
    stream = ask(f"amazon.nova-every-100-{name}")
    for number, event in enumerate(stream):
        print(type(stream).__name__, event)
        if number == 2:
            break
    if name == "closed":
        stream.close()
    del stream
    gc.collect()
