"""Agents that pass control on: tools that give a Command, in a graph of agents."""

from langchain.agents import create_agent
from langchain_core.messages import ToolMessage
from langchain_core.tools import InjectedToolCallId, tool
from langchain_openai import ChatOpenAI
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.types import Command
from typing import Annotated

TREE = """
invoke_agent team
  invoke_agent desk
    chat gpt-4o [tool_calls]
    execute_tool transfer_to_travel
  invoke_agent travel
    chat gpt-4o-mini [stop]
"""


@tool
def transfer_to_travel(tool_call_id: Annotated[str, InjectedToolCallId]) -> Command:
    """Asks somebody who knows of travel."""
    answer = ToolMessage("Passed on", tool_call_id=tool_call_id, name="transfer_to_travel")
    return Command(goto="travel", graph=Command.PARENT, update={"messages": [answer]})


desk = create_agent(ChatOpenAI(model="gpt-4o"), [transfer_to_travel], name="desk")
travel = create_agent(ChatOpenAI(model="gpt-4o-mini"), [], name="travel")
team = StateGraph(MessagesState)
team.add_node("desk", desk, destinations=("travel",))
team.add_node("travel", travel)
team.add_edge(START, "desk")
question = {"messages": [("user", "Please do transfer_to_travel, I go to Rome")]}
print([type(message).__name__ for message in team.compile(name="team").invoke(question)["messages"]])
