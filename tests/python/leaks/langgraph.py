"""An agent of `langchain`, which is a graph of `langgraph`."""

from langchain.agents import create_agent

agent = create_agent("openai:gpt-4o", tools=[])
INPUT = {"messages": [{"role": "user", "content": "Tell me a story."}]}


def ask():
    agent.invoke(INPUT)


def read():
    for _ in agent.stream(INPUT, stream_mode="messages"):
        pass


def leave():
    next(agent.stream(INPUT, stream_mode="messages"))
