"""An error that nobody catches ends the program as it would have."""

from openai import OpenAI

TREE = """
chat fault-401 !AuthenticationError 401
"""

OpenAI().chat.completions.create(model="fault-401", messages=[{"role": "user", "content": "Let me in, please!"}])
