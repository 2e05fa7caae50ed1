"""Transactions inside of our spans, and errors that are reported when all has been left: `python outside.py DSN`."""

import sys

import sentry_sdk
import spanwire

sentry_sdk.init(dsn=sys.argv[1], traces_sample_rate=1.0, default_integrations=False, integrations=[])
spanwire.init()


def fail(name: str) -> None:
    with spanwire.invoke_agent(name), spanwire.execute_tool(f"{name} tool"):
        raise LookupError(name)


with spanwire.invoke_agent("outer"):
    with sentry_sdk.start_transaction(name="job"):
        with spanwire.chat("m"):
            pass
try:
    fail("alone")
except LookupError as error:
    sentry_sdk.capture_exception(error)
    # Where something else is open, that is what it is reported in.
    with sentry_sdk.start_transaction(name="cleaning"):
        sentry_sdk.capture_exception(error)
try:
    with sentry_sdk.start_transaction(name="work"):
        fail("within")
except LookupError as error:
    sentry_sdk.capture_exception(error)
sentry_sdk.capture_message("of nobody")
spanwire.flush()
sentry_sdk.flush()
