"""The older text completions, whole and streamed."""

from openai import OpenAI

TREE = """
text_completion gpt-3.5-turbo-instruct [stop]
text_completion davinci-002 ~ [stop]
"""

client = OpenAI()
answer = client.completions.create(model="gpt-3.5-turbo-instruct", prompt="Once upon a time", max_tokens=50)
print(type(answer).__name__, answer.choices[0].text)
print([chunk.choices[0].text for chunk in client.completions.create(model="davinci-002", prompt="The end of it", stream=True)])
