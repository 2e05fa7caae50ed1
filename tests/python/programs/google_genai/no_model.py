"""What asks no model for anything: counts of tokens, lists, files."""

from google import genai

TREE = ""

client = genai.Client()
print(client.models.count_tokens(model="gemini-2.0-flash", contents="How long is this text?").total_tokens)
for ask in (client.models.list, client.files.list, client.caches.list, lambda: client.models.get(model="gemini-2.0-flash")):
    try:
        print(list(ask()))
    except genai.errors.ClientError as error:
        print(error.code)
