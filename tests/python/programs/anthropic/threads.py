"""One client, many threads, some of them streaming."""

from concurrent.futures import ThreadPoolExecutor

from anthropic import Anthropic

TREE = """
chat thread-0 [end_turn]
chat thread-1 ~ [end_turn]
chat thread-2 [end_turn]
chat thread-3 ~ [end_turn]
chat thread-4 [end_turn]
chat thread-5 ~ [end_turn]
"""

client = Anthropic()


def ask(number: int) -> str:
    messages = [{"role": "user", "content": f"Which thread is number {number}?"}]
    options = {"model": f"thread-{number}", "max_tokens": 100, "messages": messages}
    if number % 2:
        with client.messages.stream(**options) as stream:
            return stream.get_final_text()
    return client.messages.create(**options).content[0].text


with ThreadPoolExecutor(3) as pool:
    print(list(pool.map(ask, range(6))))
