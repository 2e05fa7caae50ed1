"""Errors of the vendor, and the program going on."""

import os

from mistralai.client import Mistral

TREE = """
chat fault-401 !unauthorized 401
chat fault-500 !internal_server_error 500
chat after [stop]
"""

client = Mistral(api_key="key", server_url=os.environ["VENDOR"] + "/mistral")
question = [{"role": "user", "content": "Does this go well?"}]
for model in ("fault-401", "fault-500", "after"):
    try:
        print(client.chat.complete(model=model, messages=question).choices[0].message.content)
    except Exception as error:
        print(type(error).__name__, error.status_code)
