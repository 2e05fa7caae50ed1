"""A conversation of several runs: each one knows those before, by their messages."""

import asyncio

from pydantic_ai import Agent, ModelMessagesTypeAdapter

TREE = """
invoke_agent friend @conversation-1
  chat gpt-4o @conversation-1 [stop]
invoke_agent friend @conversation-1
  chat gpt-4o @conversation-1 [stop]
invoke_agent friend @conversation-1
  chat gpt-4o @conversation-1 ~ [stop]
"""

agent = Agent("openai-chat:gpt-4o", name="friend", system_prompt="Be kind.")


async def main() -> None:
    first = await agent.run("My name is Ada.", conversation_id="conversation-1")
    second = await agent.run("What is my name?", message_history=first.all_messages())
    stored = ModelMessagesTypeAdapter.validate_json(second.all_messages_json())
    async with agent.run_stream("And what did I say first?", message_history=stored) as third:
        print(await third.get_output())
        print({message.conversation_id for message in third.all_messages()})


asyncio.run(main())
