"""Chats: several turns, streamed, async, and their history."""

import asyncio

from google import genai

TREE = """
generate_content gemini-chat [STOP]
generate_content gemini-chat [STOP]
generate_content gemini-chat ~ [STOP]
generate_content gemini-async [STOP]
generate_content gemini-async ~ [STOP]
"""

client = genai.Client()
chat = client.chats.create(model="gemini-chat", config={"system_instruction": "You remember everything."})
print(chat.send_message("My name is somebody.").text)
print(chat.send_message("What is my name?").text)
print([chunk.text for chunk in chat.send_message_stream("Say it slowly, please.")])
print(len(chat.get_history()))


async def main() -> None:
    chat = client.aio.chats.create(model="gemini-async")
    print((await chat.send_message("My name is nobody.")).text)
    print([chunk.text async for chunk in await chat.send_message_stream("Say that slowly, please.")])
    print(len(chat.get_history()))
    await client.aio.aclose()


asyncio.run(main())
