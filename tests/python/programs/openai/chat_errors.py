"""What vendors answer instead of an answer, and nobody there to answer."""

import openai
from openai import OpenAI

TREE = """
chat fault-400 !BadRequestError 400
chat fault-401 !AuthenticationError 401
chat fault-429 !RateLimitError 429
chat fault-500 !InternalServerError 500
chat fault-hang !APITimeoutError
chat nobody !APIConnectionError
chat fault-500-once [stop]
"""

client = OpenAI(max_retries=0)
question = [{"role": "user", "content": "Is anybody there?"}]
for model in ("fault-400", "fault-401", "fault-429", "fault-500"):
    try:
        client.chat.completions.create(model=model, messages=question)
    except openai.APIStatusError as error:
        print(type(error).__name__, error.status_code, error.body, error.__cause__)
try:
    client.with_options(timeout=0.2).chat.completions.create(model="fault-hang", messages=question)
except openai.APITimeoutError as error:
    print(type(error).__name__, error)
try:
    OpenAI(base_url="http://127.0.0.1:9/v1", max_retries=0).chat.completions.create(model="nobody", messages=question)
except openai.APIConnectionError as error:
    print(type(error).__name__, error)
answer = client.with_options(max_retries=2).chat.completions.create(model="fault-500-once", messages=question)
print(answer.choices[0].message.content)
try:
    client.chat.completions.create(model="never sent")
except TypeError as error:
    print(error)
