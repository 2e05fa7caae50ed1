"""One client, many threads, some of them streaming."""

from concurrent.futures import ThreadPoolExecutor

from google import genai

TREE = """
generate_content gemini-0 [STOP]
generate_content gemini-1 ~ [STOP]
generate_content gemini-2 [STOP]
generate_content gemini-3 ~ [STOP]
"""

client = genai.Client()


def ask(number: int) -> str:
    model, question = f"gemini-{number}", f"Which thread is number {number}?"
    if number % 2:
        stream = client.models.generate_content_stream(model=model, contents=question)
        return "".join(chunk.text or "" for chunk in stream)
    return client.models.generate_content(model=model, contents=question).text


with ThreadPoolExecutor(3) as pool:
    print(list(pool.map(ask, range(4))))
