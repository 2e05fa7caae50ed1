"""Completions of `litellm`.

It keeps streams that were left in cycles, and their connection is given back when the collector finds them: that
stands still for ever where the collector runs while the pool of connections is locked, with Spanwire or without. So
here it runs when the program says so.
"""

import gc

import litellm

litellm.suppress_debug_info = True
REQUEST = {"model": "openai/gpt-4o", "messages": [{"role": "user", "content": "Tell me a story."}]}
gc.disable()


def ask():
    litellm.completion(**REQUEST)


def read():
    for _ in litellm.completion(**REQUEST, stream=True):
        pass


left = 0


def leave():
    global left
    next(iter(litellm.completion(**REQUEST, stream=True)))
    left += 1
    if left % 50 == 0:
        gc.collect()
