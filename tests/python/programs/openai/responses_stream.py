"""Streamed responses: events, the helper, broken off, failing, and an error in the stream."""

import openai
from openai import OpenAI

TREE = """
responses events ~ [completed]
responses helper ~ [completed]
responses left ~
responses short ~ [max_output_tokens]
responses fault-cut ~ !APIConnectionError
responses fault-stream-error ~ !server_error
"""

client = OpenAI(max_retries=0)
stream = client.responses.create(model="events", input="Tell the story of events.", stream=True)
print(type(stream).__name__, [event.type for event in stream])
with client.responses.stream(model="helper", input="Tell the story of helpers.") as stream:
    print(type(stream).__name__, sum(event.type == "response.output_text.delta" for event in stream))
    print(stream.get_final_response().output_text)
left = client.responses.create(model="left", input="Tell the story of those who left.", stream=True)
for event in left:
    if event.type == "response.output_text.delta":
        break
stream = client.responses.create(model="short", input="Tell a long story.", stream=True, max_output_tokens=2)
print([event.type for event in stream][-1])
for model in ("fault-cut", "fault-stream-error"):
    try:
        for event in client.responses.create(model=model, input="What goes wrong?", stream=True):
            pass
        print(event.type)
    except openai.APIError as error:
        print(type(error).__name__, error)
