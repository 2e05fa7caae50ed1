"""Text generation and feature extraction, from a server that speaks them: their address tells nothing."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from huggingface_hub import AsyncInferenceClient, InferenceClient

TREE = """
text_completion
text_completion ~ [length]
text_completion [length]
text_completion !HfHubHTTPError 500
embeddings
text_completion
"""

DETAILS = {"finish_reason": "length", "generated_tokens": 2, "input_length": 4, "prefill": [], "tokens": []}


class Server(BaseHTTPRequestHandler):
    """Answers two tokens, or one vector."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        text, status, kind = asked["inputs"], 200, "application/json"
        if text == "Fail":
            status, answer = 500, '{"error": "broken"}'
        elif text == "Embed me":
            answer = "[[0.5, 0.25]]"
        elif asked.get("stream"):
            kind = "text/event-stream"
            first = {"index": 1, "token": {"id": 1, "text": "Be", "logprob": 0, "special": False}}
            last = {"index": 2, "token": {"id": 2, "text": "cause", "logprob": 0, "special": False}}
            last = {**last, "generated_text": "Because", "details": DETAILS}
            answer = "".join(f"data:{json.dumps(piece)}\n\n" for piece in (first, last))
        else:
            details = {"details": DETAILS} if asked["parameters"].get("details") else {}
            answer = json.dumps([{"generated_text": "Because", **details}])
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *arguments: object) -> None:
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_address[1]}"
client = InferenceClient(base_url=url)
print(client.text_generation("Why?", max_new_tokens=20))
print(list(client.text_generation("Why?", max_new_tokens=20, stream=True)))
print(client.text_generation("Why?", details=True).details.generated_tokens)
for ask in (client.text_generation, client.feature_extraction):
    try:
        print(ask("Fail" if ask == client.text_generation else "Embed me"))
    except Exception as error:  # Vectors want another library, which comes after the answer.
        print(type(error).__name__)


async def main() -> None:
    async with AsyncInferenceClient(base_url=url) as client:
        print(await client.text_generation("Why?"))


asyncio.run(main())
server.shutdown()
server.server_close()
