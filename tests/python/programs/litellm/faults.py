"""Answers that make no sense, whole and streamed: what the program sees is what it would have seen."""

import litellm

TREE = """
chat fault-nonsense ~ !InternalServerError 500
chat fault-null-choices !InternalServerError 500
chat fault-missing-fields
chat fault-html !InternalServerError 500
chat fault-empty !InternalServerError 500
chat fault-nonsense ~ !APIConnectionError 500
chat fault-null-choices ~
chat fault-missing-fields ~
chat fault-html
chat fault-empty
chat claude-fault-nonsense ~ !APIConnectionError 500
chat claude-fault-null-choices [end_turn] !APIConnectionError 500
chat claude-fault-missing-fields !APIConnectionError 500
chat claude-fault-html !APIConnectionError 500
chat claude-fault-empty !APIConnectionError 500
chat claude-fault-nonsense ~ !AttributeError
chat claude-fault-null-choices ~ !TypeError
chat claude-fault-missing-fields ~
chat claude-fault-html
chat claude-fault-empty
"""

litellm.suppress_debug_info = True
question = [{"role": "user", "content": "Does this make sense?"}]
for provider in ("openai/", "anthropic/claude-"):
    for stream in (False, True):
        for fault in ("nonsense", "null-choices", "missing-fields", "html", "empty"):
            try:
                answer = litellm.completion(
                    model=f"{provider}fault-{fault}", messages=question, stream=stream, max_retries=0
                )
                said = [chunk.choices[0].delta.content for chunk in answer] if stream else answer.choices[0].message.content
                print(fault, type(answer).__name__, said)
            except Exception as error:
                print(fault, type(error).__name__)
