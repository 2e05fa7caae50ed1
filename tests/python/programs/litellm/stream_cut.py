"""Streams that are cut, and errors inside of streams."""

import litellm

TREE = """
chat fault-cut ~ !APIConnectionError
chat claude-fault-cut ~ !RemoteProtocolError
chat fault-stream-error ~ !APIError
"""

litellm.suppress_debug_info = True

for model in ("openai/fault-cut", "anthropic/claude-fault-cut", "openai/fault-stream-error"):
    messages = [{"role": "user", "content": f"Tell the story of {model}."}]
    try:
        for chunk in litellm.completion(model=model, messages=messages, stream=True, max_retries=0):
            print(chunk.choices[0].delta.content)
    except Exception as error:
        print(type(error).__name__)
