"""Models of `langchain`."""

from langchain_openai import ChatOpenAI

model = ChatOpenAI(model="gpt-4o")


def ask():
    model.invoke("Tell me a story.")


def read():
    for _ in model.stream("Tell me a story."):
        pass


def leave():
    next(model.stream("Tell me a story."))
