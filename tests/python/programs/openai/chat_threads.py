"""One client, many threads, some of them with a copy of the context."""

import contextvars
from concurrent.futures import ThreadPoolExecutor

from openai import OpenAI

TREE = """
chat thread-0 [stop]
chat thread-1 ~ [stop]
chat thread-2 [stop]
chat thread-3 ~ [stop]
chat thread-4 [stop]
chat thread-5 ~ [stop]
"""

client = OpenAI()


def ask(number: int) -> str:
    messages = [{"role": "user", "content": f"Which thread is number {number}?"}]
    if number % 2:
        stream = client.chat.completions.create(model=f"thread-{number}", messages=messages, stream=True)
        return "".join(chunk.choices[0].delta.content or "" for chunk in stream)
    return client.chat.completions.create(model=f"thread-{number}", messages=messages).choices[0].message.content


with ThreadPoolExecutor(3) as pool:
    answers = [pool.submit(contextvars.copy_context().run, ask, number) for number in range(6)]
    print([answer.result() for answer in answers])
