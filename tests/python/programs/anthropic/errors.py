"""What vendors answer instead of an answer, and nobody there to answer."""

import anthropic
from anthropic import Anthropic

TREE = """
chat fault-400 !BadRequestError 400
chat fault-401 !AuthenticationError 401
chat fault-429 !RateLimitError 429
chat fault-500 !InternalServerError 500
chat fault-529 !OverloadedError 529
chat fault-hang !APITimeoutError
chat nobody !APIConnectionError
chat fault-429-once [end_turn]
chat fault-stream-error ~ !APIStatusError 200
"""

client = Anthropic(max_retries=0)


def ask(model: str) -> dict[str, object]:
    return {"model": model, "max_tokens": 100, "messages": [{"role": "user", "content": "Is anybody there?"}]}


for model in ("fault-400", "fault-401", "fault-429", "fault-500", "fault-529"):
    try:
        client.messages.create(**ask(model))
    except anthropic.APIStatusError as error:
        print(type(error).__name__, error.status_code, error.body, error.__cause__)
try:
    client.with_options(timeout=0.2).messages.create(**ask("fault-hang"))
except anthropic.APITimeoutError as error:
    print(type(error).__name__, error)
try:
    Anthropic(base_url="http://127.0.0.1:9", max_retries=0).messages.create(**ask("nobody"))
except anthropic.APIConnectionError as error:
    print(type(error).__name__, error)
print(client.with_options(max_retries=2).messages.create(**ask("fault-429-once")).content[0].text)
try:
    print([event.type for event in client.messages.create(**ask("fault-stream-error"), stream=True)])
except anthropic.APIStatusError as error:
    print(type(error).__name__, error)
try:
    client.messages.create(model="never sent")
except TypeError as error:
    print(error)
