"""Streams that are broken off, closed and let go; what comes after hangs below nothing."""

import gc

import litellm

TREE = """
chat every-100-broken ~
chat claude-every-100-broken ~
chat every-100-closed ~
chat claude-every-100-closed ~
chat every-100-let-go ~
chat claude-every-100-let-go ~
chat after [stop]
"""

litellm.suppress_debug_info = True


def ask(model: str) -> object:
    messages = [{"role": "user", "content": f"Tell the story of {model}."}]
    return litellm.completion(model=model, messages=messages, stream=True)


for provider in ("openai/", "anthropic/claude-"):
    for number, chunk in enumerate(ask(f"{provider}every-100-broken")):
        print(chunk.choices[0].delta.content)
        if number == 2:
            break
    closed = ask(f"{provider}every-100-closed")
    print(next(closed).choices[0].delta.content, next(closed).choices[0].delta.content)
    closed.close()
    let_go = ask(f"{provider}every-100-let-go")
    print(next(let_go).choices[0].delta.content, next(let_go).choices[0].delta.content)
    del let_go
    gc.collect()
answer = litellm.completion(model="openai/after", messages=[{"role": "user", "content": "Is it over now?"}])
print(answer.choices[0].message.content)
