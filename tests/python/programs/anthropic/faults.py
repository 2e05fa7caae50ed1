"""Answers that make no sense, whole and streamed: what the program sees is what it would have seen."""

import warnings

from anthropic import Anthropic

TREE = """
chat fault-nonsense ~
chat fault-null-choices [end_turn]
chat fault-missing-fields
chat fault-html
chat fault-empty !JSONDecodeError
chat fault-cut !APIConnectionError
chat fault-nonsense ~
chat fault-null-choices ~
chat fault-missing-fields ~
chat fault-html
chat fault-empty
chat fault-cut ~ !RemoteProtocolError
"""

warnings.simplefilter("error")
client = Anthropic(max_retries=0)
question = [{"role": "user", "content": "Does this make sense?"}]
for stream in (False, True):
    for fault in ("nonsense", "null-choices", "missing-fields", "html", "empty", "cut"):
        try:
            answer = client.messages.create(model=f"fault-{fault}", max_tokens=100, messages=question, stream=stream)
            print(fault, type(answer).__name__, [repr(event) for event in answer] if stream else repr(answer))
        except Exception as error:
            print(fault, type(error).__name__, error)
