"""Completions of several providers, each in its own shape on the wire."""

import os

import litellm

TREE = """
chat gpt-4o-mini [stop]
chat claude-sonnet-4-5 [end_turn]
chat claude-thinking-sonnet [end_turn]
chat gemini-2.0-flash [STOP]
chat command-a-03-2025 [COMPLETE]
chat mistral-small-latest [stop]
chat llama3.2 [stop]
"""

litellm.suppress_debug_info = True

VENDOR = os.environ["VENDOR"]


def ask(model: str, **options: object) -> None:
    messages = [
        {"role": "system", "content": "Answer like a pirate would."},
        {"role": "user", "content": f"What is the capital of {model}?"},
    ]
    answer = litellm.completion(model=model, messages=messages, api_key="key", **options)
    print(type(answer).__name__, answer.model, answer.choices[0].finish_reason, answer.choices[0].message.content)


ask("openai/gpt-4o-mini", temperature=0.5, max_tokens=300, seed=7)
ask("anthropic/claude-sonnet-4-5", temperature=0.5, max_tokens=300)
ask("anthropic/claude-thinking-sonnet")
ask("gemini/gemini-2.0-flash", api_base=f"{VENDOR}/v1beta")
ask("cohere_chat/command-a-03-2025", api_base=f"{VENDOR}/v2/chat")
ask("mistral/mistral-small-latest", api_base=f"{VENDOR}/mistral/v1")
ask("ollama_chat/llama3.2", api_base=VENDOR)
