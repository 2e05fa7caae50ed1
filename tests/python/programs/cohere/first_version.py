"""The clients of Cohere's first API: chat with a history, and streamed."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import cohere

TREE = """
chat command-r [COMPLETE]
chat streamed ~ [COMPLETE]
chat refused !UnauthorizedError 401
chat asynchronous [COMPLETE]
chat asynchronous ~ [COMPLETE]
"""

WHOLE = {
    "response_id": "r1",
    "generation_id": "g1",
    "text": "Fine",
    "finish_reason": "COMPLETE",
    "meta": {"tokens": {"input_tokens": 70, "output_tokens": 3}},
}
EVENTS = [
    {"event_type": "stream-start", "generation_id": "g1"},
    {"event_type": "text-generation", "text": "Fi"},
    {"event_type": "text-generation", "text": "ne"},
    {"event_type": "stream-end", "finish_reason": "COMPLETE", "response": WHOLE},
]


class Server(BaseHTTPRequestHandler):
    """Answers that it is fine."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        status, answer = 200, json.dumps(WHOLE)
        if asked["model"] == "refused":
            status, answer = 401, '{"message": "no"}'
        elif asked.get("stream"):
            answer = "".join(json.dumps({"is_finished": False, **event}) + "\n" for event in EVENTS)
        self.send_response(status)
        kind = "application/stream+json" if asked.get("stream") else "application/json"
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *arguments: object) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_address[1]}"
client = cohere.Client(api_key="key", base_url=url)
history = [{"role": "USER", "message": "Hi"}, {"role": "CHATBOT", "message": "Hello"}]
answer = client.chat(model="command-r", message="How are you?", preamble="Be kind.", chat_history=history, max_tokens=20)
print(type(answer).__name__, answer.text)
print([event.event_type for event in client.chat_stream(model="streamed", message="How are you?")])
try:
    client.chat(model="refused", message="How are you?")
except Exception as error:
    print(type(error).__name__)


async def main() -> None:
    client = cohere.AsyncClient(api_key="key", base_url=url)
    print((await client.chat(model="asynchronous", message="How are you?")).text)
    print([event.event_type async for event in client.chat_stream(model="asynchronous", message="How are you?")])


asyncio.run(main())
server.shutdown()
server.server_close()
