"""Chains of LCEL: no span of their own, in parallel, with branches, retries and fallbacks."""

from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda, RunnableParallel
from langchain_openai import ChatOpenAI

TREE = """
chat joke [stop]
chat poem [stop]
chat story [stop]
chat fault-500 !OpenAIAPIError 500
chat fallback [stop]
"""


def chain(model: str):
    prompt = ChatPromptTemplate.from_messages([("system", "You are brief, always."), ("user", "Tell a {kind} of {topic}")])
    return prompt | ChatOpenAI(model=model, max_retries=0) | StrOutputParser()


print(chain("joke").invoke({"kind": "joke", "topic": "bees"}))
both = RunnableParallel(poem=chain("poem"), story=chain("story")) | RunnableLambda(lambda said: sorted(said.items()))
print(both.invoke({"kind": "text", "topic": "wasps"}))
print(chain("fault-500").with_fallbacks([chain("fallback")]).invoke({"kind": "saga", "topic": "ants"}))
