"""The client that the module itself is, and requests that are no requests to a model."""

import openai

TREE = """
chat gpt-4o-mini [stop]
"""

question = [{"role": "user", "content": "Who is the module?"}]
print(openai.chat.completions.create(model="gpt-4o-mini", messages=question).choices[0].message.content)
print(len(openai.models.list().data) > 0)
raise SystemExit("over")
