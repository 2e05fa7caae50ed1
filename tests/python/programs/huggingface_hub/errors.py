"""Errors of the server, and the program going on."""

import os

from huggingface_hub import InferenceClient

TREE = """
chat fault-401 !invalid_request_error 401
chat fault-500 !server_error 500
chat after [stop]
"""

client = InferenceClient(base_url=os.environ["VENDOR"] + "/v1", api_key="key")
for model in ("fault-401", "fault-500", "after"):
    try:
        answer = client.chat_completion(model=model, messages=[{"role": "user", "content": "Does this go well?"}])
        print(answer.choices[0].message.content)
    except Exception as error:
        print(type(error).__name__)
