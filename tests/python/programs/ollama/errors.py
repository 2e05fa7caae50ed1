"""Errors of the server, and none there."""

import os

import ollama

TREE = """
chat fault-500 !error 500
chat nobody !ConnectError
chat after [stop]
"""

client = ollama.Client(host=os.environ["VENDOR"])
question = [{"role": "user", "content": "Does this go well?"}]
try:
    client.chat("fault-500", question)
except ollama.ResponseError as error:
    print(error.status_code)
try:
    ollama.Client(host="http://127.0.0.1:9").chat("nobody", question)
except ConnectionError as error:
    print(type(error).__name__)
print(client.chat("after", question).message.content)
