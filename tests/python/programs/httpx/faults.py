"""Answers that make no sense or are cut, whole and streamed: what the program sees is what it would have seen."""

import os

import httpx

TREE = """
chat fault-nonsense ~
chat fault-null-choices
chat fault-missing-fields
chat fault-html
chat fault-empty
chat fault-cut !RemoteProtocolError
chat fault-nonsense ~
chat fault-null-choices ~
chat fault-missing-fields ~
chat fault-html
chat fault-empty
chat fault-cut ~ !RemoteProtocolError
"""

client = httpx.Client(base_url=os.environ["VENDOR"])
for stream in (False, True):
    for fault in ("nonsense", "null-choices", "missing-fields", "html", "empty", "cut"):
        messages = [{"role": "user", "content": "Does this make sense?"}]
        body = {"model": f"fault-{fault}", "messages": messages, "stream": stream}
        try:
            if stream:
                with client.stream("POST", "/v1/chat/completions", json=body) as response:
                    print(fault, len("".join(response.iter_text())))
            else:
                print(fault, len(client.post("/v1/chat/completions", json=body).content))
        except httpx.HTTPError as error:
            print(fault, type(error).__name__)
