"""Fallbacks of one call."""

import litellm

TREE = """
chat fault-401-first !AuthenticationError 401
chat second [stop]
"""

litellm.suppress_debug_info = True

answer = litellm.completion(
    model="openai/fault-401-first",
    messages=[{"role": "user", "content": "Who of you is there?"}],
    fallbacks=["openai/second"],
    max_retries=0,
)
print(answer.model, answer.choices[0].message.content)
