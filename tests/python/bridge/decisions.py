"""Prints what is recorded inside a transaction of `sentry_sdk` with a sample rate: `python decisions.py RATE|none`."""

import json
import sys

import sentry_sdk
import spanwire

rate = None if sys.argv[1] == "none" else float(sys.argv[1])
theirs, envelopes = [], []
sentry_sdk.init(dsn="https://public@sentry.example.com/42", traces_sample_rate=rate, before_send=lambda event, _: theirs.append(event))
spanwire.init(transport=envelopes.append)
with sentry_sdk.start_transaction(name="job"):
    with spanwire.chat("m"):
        sentry_sdk.capture_message("inside")
spanwire.flush()
linked = [event["contexts"]["trace"]["span_id"] for event in theirs]
print(json.dumps({"envelopes": [envelope.decode() for envelope in envelopes], "lost": spanwire.stats()["lost"], "linked": linked}))
