"""Errors of the service, of the parameters, none there, and the program going on."""

import boto3
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError

TREE = """
chat fault-401 !AccessDeniedException 401
chat fault-429 !ThrottlingException 429
chat fault-500 !InternalServerException 500
chat nobody !EndpointConnectionError
chat wrong !ParamValidationError
chat after [end_turn]
"""

once = Config(retries={"total_max_attempts": 1})
client = boto3.client("bedrock-runtime", config=once)
question = [{"role": "user", "content": [{"text": "Does this go well?"}]}]
for model in ("fault-401", "fault-429", "fault-500"):
    try:
        client.converse(modelId=model, messages=question)
    except client.exceptions.ClientError as error:
        print(type(error).__name__, error.response["ResponseMetadata"]["HTTPStatusCode"])
try:
    boto3.client("bedrock-runtime", config=once, endpoint_url="http://127.0.0.1:9").converse(modelId="nobody", messages=question)
except EndpointConnectionError as error:
    print(type(error).__name__)
try:
    client.converse(modelId="wrong", messages="nonsense")
except Exception as error:
    print(type(error).__name__)
print(client.converse(modelId="after", messages=question)["stopReason"])
