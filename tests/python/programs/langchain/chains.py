"""Chains: a prompt, a model and a parser; parallel ones; a function inside; batches, which have their own threads."""

from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnableParallel
from langchain_openai import ChatOpenAI

TREE = """
chat chain [stop]
chat left [stop]
chat right [stop]
chat batch [stop]
chat batch [stop]
chat batch [stop]
chat streamed ~ [stop]
chat inside [stop]
"""

prompt = ChatPromptTemplate.from_messages([("system", "You know {topic}."), ("user", "{question}")])


def chain(model: str) -> object:
    return prompt | ChatOpenAI(model=model) | StrOutputParser()


about = {"topic": "the sea", "question": "How deep is it?"}
print(chain("chain").invoke(about))
print(sorted(RunnableParallel(left=chain("left"), right=chain("right")).invoke(about).items()))
topics = ["rivers", "lakes", "ponds"]
print(chain("batch").batch([{"topic": topic, "question": f"How deep are {topic}?"} for topic in topics]))
print(list(chain("streamed").stream(about)))
print(RunnableLambda(lambda question: ChatOpenAI(model="inside").invoke(question).content).invoke("What is inside of it?"))
