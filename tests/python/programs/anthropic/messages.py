"""Messages as they are asked for most: parameters, system texts, blocks, a prefilled answer, and cached tokens."""

from anthropic import Anthropic

TREE = """
chat claude-sonnet-4-5 [end_turn]
chat parameters [end_turn]
chat blocks [end_turn]
chat prefilled [end_turn]
chat claude-x-refusal [refusal]
"""

client = Anthropic()


def ask(model: str, messages: list, **options: object) -> object:
    return client.messages.create(model=model, max_tokens=1000, messages=messages, **options)


answer = ask("claude-sonnet-4-5", [{"role": "user", "content": "How is the sea?"}])
print(type(answer).__name__, answer.id, answer.content[0].text, answer.usage)
answer = ask(
    "parameters",
    [{"role": "user", "content": "How are the mountains?"}],
    system="You know the world.",
    extra_body={"temperature": 0.3, "top_p": 0.9, "top_k": 40},
    stop_sequences=["never"],
    metadata={"user_id": "somebody"},
)
print(answer.content[0].text)
picture = {"type": "base64", "media_type": "image/png", "data": "A" * 4000}
blocks = [{"type": "text", "text": "What is on this picture?"}, {"type": "image", "source": picture}]
messages = [{"role": "user", "content": blocks}]
system = [{"type": "text", "text": "You know pictures.", "cache_control": {"type": "ephemeral"}}]
answer = ask("blocks", messages, system=system)
messages.clear()
print(answer.usage.cache_read_input_tokens, answer.usage.cache_creation_input_tokens)
answer = ask("prefilled", [{"role": "user", "content": "Say it in JSON."}, {"role": "assistant", "content": "{"}])
print(answer.content[0].text)
answer = ask("claude-x-refusal", [{"role": "user", "content": "Do something bad."}])
print(answer.stop_reason)
