"""Errors: every try is a request."""

import os

import cohere

TREE = """
chat fault-401 !error 401
chat fault-429-once !error 429
chat fault-429-once [COMPLETE]
"""

client = cohere.ClientV2(api_key="key", base_url=os.environ["VENDOR"])
question = [{"role": "user", "content": "Does this go well?"}]
try:
    client.chat(model="fault-401", messages=question)
except Exception as error:
    print(type(error).__name__, error.status_code)
print(client.chat(model="fault-429-once", messages=question).message.content[0].text)
