"""`run_sync`, with a name for the workflow and a group, which is the conversation; several turns of one."""

from agents import Agent, RunConfig, Runner, set_trace_processors

TREE = """
Greetings @thread-1
  invoke_agent Greeter @thread-1
    responses gpt-4o @thread-1 [completed]
Greetings @thread-1
  invoke_agent Greeter @thread-1
    responses gpt-4o @thread-1 [completed]
"""

set_trace_processors([])
agent = Agent(name="Greeter", instructions="You greet.", model="gpt-4o")
config = RunConfig(workflow_name="Greetings", group_id="thread-1")
result = Runner.run_sync(agent, "My name is somebody.", run_config=config)
print(result.final_output)
turns = [*result.to_input_list(), {"role": "user", "content": "What is my name?"}]
print(Runner.run_sync(agent, turns, run_config=config).final_output)
