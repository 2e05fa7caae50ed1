"""What vendors answer instead of an answer, tries, and nobody there to answer."""

from google import genai
from google.genai import errors, types

TREE = """
generate_content gemini-fault-400 !ClientError 400
generate_content gemini-fault-401 !ClientError 401
generate_content gemini-fault-429 !ClientError 429
generate_content gemini-fault-500 !ServerError 500
generate_content gemini-fault-hang !ReadTimeout
generate_content gemini-nobody !ConnectError
generate_content gemini-fault-429-once [STOP]
generate_content gemini-fault-500 !ServerError 500
generate_content gemini-fault-stream-error ~ !ServerError
"""

question = "Is anybody there?"
client = genai.Client(http_options=types.HttpOptions(retry_options=types.HttpRetryOptions(attempts=1)))
for model in ("gemini-fault-400", "gemini-fault-401", "gemini-fault-429", "gemini-fault-500"):
    try:
        client.models.generate_content(model=model, contents=question)
    except errors.APIError as error:
        print(type(error).__name__, error.code, error.status, error.__cause__)
try:
    client.models.generate_content(model="gemini-fault-hang", contents=question, config={"http_options": {"timeout": 200}})
except Exception as error:
    print(type(error).__name__, error)
nobody = genai.Client(http_options=types.HttpOptions(base_url="http://127.0.0.1:9", retry_options=types.HttpRetryOptions(attempts=1)))
try:
    nobody.models.generate_content(model="gemini-nobody", contents=question)
except Exception as error:
    print(type(error).__name__, error)
patient = genai.Client(http_options=types.HttpOptions(retry_options=types.HttpRetryOptions(attempts=2, initial_delay=0.01)))
print(patient.models.generate_content(model="gemini-fault-429-once", contents=question).text)
for model in ("gemini-fault-500", "gemini-fault-stream-error"):
    try:
        print([chunk.text for chunk in client.models.generate_content_stream(model=model, contents=question)])
    except errors.APIError as error:
        print(type(error).__name__, error.code)
try:
    client.models.generate_content(model="gemini-never-sent")
except TypeError as error:
    print(error)
