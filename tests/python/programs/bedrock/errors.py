"""Errors of the service, of the parameters, and the program going on; other services are none of our business."""

import boto3
from botocore.config import Config

TREE = """
chat fault-429 !ThrottlingException 429
chat fault-500 !InternalServerException 500
chat wrong !ParamValidationError
chat after [end_turn]
"""

client = boto3.client("bedrock-runtime", config=Config(retries={"total_max_attempts": 1}))
question = [{"role": "user", "content": [{"text": "Does this go well?"}]}]
for model in ("fault-429", "fault-500"):
    try:
        client.converse(modelId=model, messages=question)
    except client.exceptions.ClientError as error:
        print(type(error).__name__, error.response["ResponseMetadata"]["HTTPStatusCode"])
try:
    client.converse(modelId="wrong", messages="nonsense")
except Exception as error:
    print(type(error).__name__)
print(client.converse(modelId="after", messages=question)["stopReason"])
