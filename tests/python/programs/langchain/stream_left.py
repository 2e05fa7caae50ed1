"""Streams of models, chains and agents that are broken off, closed or let go: no failures.

A chain or graph that is closed reads what its model still says.
"""

import gc

from langchain.agents import create_agent
from langchain_anthropic import ChatAnthropic
from langchain_core.output_parsers import StrOutputParser
from langchain_openai import ChatOpenAI

TREE = """
chat every-20-broken ~
chat claude-every-20-broken ~
chat every-20-closed ~
chat claude-every-20-closed ~
chat every-20-let-go ~
chat every-20-chain ~ [stop]
invoke_agent LangGraph
  chat every-20-agent ~ [stop]
chat after [stop]
"""

QUESTION = "Tell me a very long story"
for model in (ChatOpenAI(model="every-20-broken"), ChatAnthropic(model="claude-every-20-broken")):
    for number, chunk in enumerate(model.stream(QUESTION)):
        if number == 3:
            break
    print(chunk.content)
for model in (ChatOpenAI(model="every-20-closed"), ChatAnthropic(model="claude-every-20-closed")):
    stream = model.stream(QUESTION)
    print([next(stream).content for _ in range(3)])
    stream.close()
stream = ChatOpenAI(model="every-20-let-go").stream(QUESTION)
print([next(stream).content for _ in range(3)])
del stream
gc.collect()
stream = (ChatOpenAI(model="every-20-chain") | StrOutputParser()).stream(QUESTION)
print([next(stream) for _ in range(3)])
stream.close()
agent = create_agent(ChatOpenAI(model="every-20-agent"), [])
stream = agent.stream({"messages": [("user", QUESTION)]}, stream_mode="messages")
print([next(stream)[0].content for _ in range(3)])
stream.close()
print(ChatOpenAI(model="after").invoke("Is it over now?").content)
