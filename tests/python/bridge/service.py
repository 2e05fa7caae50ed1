"""A service of FastAPI with `sentry_sdk` and Spanwire: `python service.py transactions|streamed sentry|spanwire DSN VENDOR`.

The third argument says which of the two is set up first. It answers one request of its own and ends.
"""

import os
import socket
import sys
import threading

mode, first, dsn, vendor = sys.argv[1:]
os.environ.update(OPENAI_BASE_URL=f"{vendor}/v1", OPENAI_API_KEY="key")

import sentry_sdk
import spanwire
import uvicorn
from fastapi import FastAPI
from openai import AsyncOpenAI


def set_sentry_up():
    experiments = {"trace_lifecycle": "stream"} if mode == "streamed" else {}
    sentry_sdk.init(dsn=dsn, traces_sample_rate=1.0, release="shop@1", _experiments=experiments)


if first == "sentry":
    set_sentry_up()
    spanwire.init()
else:
    spanwire.init(dsn, release="shop@1")
    set_sentry_up()

app = FastAPI()
client = AsyncOpenAI()
QUESTION = [{"role": "user", "content": "Where to sleep?"}]


def work(name):
    if mode == "streamed":
        return sentry_sdk.traces.start_span(name=name, attributes={"sentry.op": "db"})
    return sentry_sdk.start_span(op="db", name=name)


@app.get("/plan")
async def plan():
    sentry_sdk.set_user({"id": "u-1"})
    with work("load session"):
        await client.chat.completions.create(model="in-theirs", messages=QUESTION)
    with spanwire.invoke_agent("planner"):
        await client.chat.completions.create(model="in-ours", messages=QUESTION)
        with work("load rules"), spanwire.execute_tool("nested"):
            with work("select rules"):
                sentry_sdk.capture_message("inside")
        with spanwire.execute_tool("lookup"):
            with work("select hotels"):
                pass
            raise LookupError("no hotel")


server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error"))
thread = threading.Thread(target=server.run)
thread.start()
while not server.started:
    thread.join(0.01)
port = server.servers[0].sockets[0].getsockname()[1]
# By hand: the clients of this process would send the trace that they are in.
request = "GET /plan HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\nsentry-trace: {}\r\n\r\n"
with socket.create_connection(("127.0.0.1", port)) as connection:
    connection.sendall(request.format("0123456789abcdef0123456789abcdef-00f067aa0ba902b7-1").encode())
    assert connection.recv(100).startswith(b"HTTP/1.1 500 ")
server.should_exit = True
thread.join()
sentry_sdk.flush(10)
assert spanwire.flush(10)
spanwire.init(transport=print, bridge="none", dsn=dsn)
assert not hasattr(sentry_sdk.Scope.get_trace_context, "__wrapped__"), "it stays"
assert not hasattr(sentry_sdk.Scope.span.fget, "__closure__") or sentry_sdk.Scope.span.fget.__closure__ is None
