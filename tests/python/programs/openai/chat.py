"""Chat completions with the parameters that people set."""

from openai import OpenAI

TREE = """
chat gpt-4o-mini [stop]
chat gpt-4o [stop]
chat o3-mini [length]
"""

client = OpenAI()
messages = [
    {"role": "system", "content": "You answer briefly and kindly."},
    {"role": "user", "content": "What is the capital of France?"},
]
answer = client.chat.completions.create(
    model="gpt-4o-mini", messages=messages, temperature=0.2, top_p=0.9, seed=7, frequency_penalty=0.5, presence_penalty=0.25
)
print(type(answer).__name__, answer.choices[0].message.content, answer.usage)
messages += [
    {"role": "assistant", "content": answer.choices[0].message.content},
    {"role": "user", "content": "And the one of Italy?"},
]
answer = client.chat.completions.create(model="gpt-4o", messages=messages, stop=["END"], n=1, user="someone")
print(answer.choices[0].message.content)
answer = client.chat.completions.create(
    model="o3-mini",
    messages=[{"role": "developer", "content": "You are an expert."}, {"role": "user", "content": "Explain gravity."}],
    max_completion_tokens=3,
    reasoning_effort="low",
)
print(answer.choices[0].finish_reason, answer.id)
