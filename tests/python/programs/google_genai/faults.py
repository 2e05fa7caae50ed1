"""Answers that make no sense, whole and streamed: what the program sees is what it would have seen."""

import warnings

from google import genai
from google.genai import types

TREE = """
generate_content gemini-fault-nonsense ~
generate_content gemini-fault-null-choices
generate_content gemini-fault-missing-fields
generate_content gemini-fault-html
generate_content gemini-fault-empty
generate_content gemini-fault-cut !RemoteProtocolError
generate_content gemini-fault-nonsense ~
generate_content gemini-fault-null-choices ~
generate_content gemini-fault-missing-fields ~
generate_content gemini-fault-html !UnknownApiResponseError
generate_content gemini-fault-empty
generate_content gemini-fault-cut ~ !RemoteProtocolError
"""

warnings.simplefilter("error")
client = genai.Client(http_options=types.HttpOptions(retry_options=types.HttpRetryOptions(attempts=1)))
question = "Does this make sense?"
for stream in (False, True):
    for fault in ("nonsense", "null-choices", "missing-fields", "html", "empty", "cut"):
        ask = client.models.generate_content_stream if stream else client.models.generate_content
        try:
            answer = ask(model=f"gemini-fault-{fault}", contents=question)
            print(fault, type(answer).__name__, [repr(chunk) for chunk in answer] if stream else repr(answer))
        except Exception as error:
            print(fault, type(error).__name__, error)
