"""Answers that make no sense, whole and streamed: what the program sees is what it would have seen."""

import warnings

from openai import OpenAI

TREE = """
chat fault-nonsense ~
chat fault-null-choices
chat fault-missing-fields
chat fault-html
chat fault-empty !JSONDecodeError
chat fault-cut !APIConnectionError
chat fault-nonsense ~
chat fault-null-choices ~
chat fault-missing-fields ~
chat fault-html
chat fault-empty
chat fault-cut ~ !APIConnectionError
chat fault-stream-error ~ !APIError
"""

warnings.simplefilter("error")
client = OpenAI(max_retries=0)
question = [{"role": "user", "content": "Does this make sense?"}]
for stream in (False, True):
    for fault in ("nonsense", "null-choices", "missing-fields", "html", "empty", "cut", "stream-error"):
        if fault == "stream-error" and not stream:
            continue
        try:
            answer = client.chat.completions.create(model=f"fault-{fault}", messages=question, stream=stream)
            print(fault, type(answer).__name__, [repr(chunk) for chunk in answer] if stream else repr(answer))
        except Exception as error:
            print(fault, type(error).__name__, error)
