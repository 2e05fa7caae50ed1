"""A stream without asyncio, to the end and left."""

from pydantic_ai import Agent

TREE = """
invoke_agent teller
  chat gpt-4o-mini ~ [stop]
invoke_agent teller
  chat gpt-4o-chunks-100 ~
"""

agent = Agent("openai-chat:gpt-4o-mini", name="teller")

with agent.run_stream_sync("Tell me a joke") as result:
    print([text for text in result.stream_text(debounce_by=None)][-1])
with agent.run_stream_sync("Tell me a long story", model="openai-chat:gpt-4o-chunks-100") as result:
    for text in result.stream_text(debounce_by=None):
        break
print("left")
