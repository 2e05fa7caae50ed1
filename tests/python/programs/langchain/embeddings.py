"""Embeddings, which LangChain runs without callbacks: they are their client's."""

import asyncio

from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_openai import ChatOpenAI, OpenAIEmbeddings

TREE = """
embeddings text-embedding-3-small
embeddings text-embedding-3-small
embeddings text-embedding-3-small
chat gpt-4o-mini [stop]
"""

embeddings = OpenAIEmbeddings(model="text-embedding-3-small", check_embedding_ctx_length=False)
print(len(embeddings.embed_query("What do bees do all day?")))
print(len(asyncio.run(embeddings.aembed_documents(["Bees fly all day.", "Wasps do not."]))))


class Nearest(BaseRetriever):
    """Finds what was said last."""

    def _get_relevant_documents(self, query: str, *, run_manager: object) -> list[Document]:
        embeddings.embed_documents(["Ants walk all day.", query])
        return [Document("Bugs sleep at night.")]


chain = Nearest() | (lambda found: f"Say it again: {found[0].page_content}") | ChatOpenAI(model="gpt-4o-mini")
print(chain.invoke("What do ants do all day?").content)
