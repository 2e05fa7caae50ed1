"""Streams that are read to their end, with usage and without: what the vendor did not tell is not made up."""

import litellm

TREE = """
chat without-usage ~ [stop]
chat with-usage ~ [stop]
chat claude-sonnet-4-5 ~ [end_turn]
"""

litellm.suppress_debug_info = True


def ask(model: str, **options: object) -> None:
    messages = [{"role": "user", "content": f"Tell the story of {model}."}]
    stream = litellm.completion(model=model, messages=messages, stream=True, **options)
    print(type(stream).__name__, [chunk.choices[0].delta.content if chunk.choices else chunk.usage.prompt_tokens for chunk in stream])


ask("openai/without-usage")
ask("openai/with-usage", stream_options={"include_usage": True})
ask("anthropic/claude-sonnet-4-5")
