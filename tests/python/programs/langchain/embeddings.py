"""Embeddings, sync and async: LangChain has no callbacks for them, so they are the client's."""

import asyncio

from langchain_openai import OpenAIEmbeddings

TREE = """
embeddings text-embedding-3-small
embeddings text-embedding-3-small
embeddings text-embedding-3-large
"""

embeddings = OpenAIEmbeddings(model="text-embedding-3-small", check_embedding_ctx_length=False)
print(len(embeddings.embed_query("What is this about?")))
print(len(embeddings.embed_documents(["The first text of all", "The second text of all"])))
large = OpenAIEmbeddings(model="text-embedding-3-large", check_embedding_ctx_length=False)
print(len(asyncio.run(large.aembed_query("And what is that about?"))))
