"""A model that thinks: whole, streamed, and what it thought sent back to it."""

from anthropic import Anthropic

TREE = """
chat claude-x-thinking [end_turn]
chat claude-x-thinking [end_turn]
chat claude-x-thinking ~ [end_turn]
"""

client = Anthropic()
messages: list = [{"role": "user", "content": "How many roads are there?"}]
options = {"model": "claude-x-thinking", "max_tokens": 4000, "thinking": {"type": "enabled", "budget_tokens": 1024}}
answer = client.messages.create(**options, messages=messages)
print([block.type for block in answer.content], answer.usage)
messages += [{"role": "assistant", "content": answer.content}, {"role": "user", "content": "Are you sure of that?"}]
print(client.messages.create(**options, messages=messages).content[-1].text)
with client.messages.stream(**options, messages=[{"role": "user", "content": "And rivers, how many?"}]) as stream:
    print([event.type for event in stream], stream.get_final_message().usage.output_tokens)
