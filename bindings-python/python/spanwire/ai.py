"""The namespace `sentry_sdk.ai`, for code written for it."""

from ._scope import set_conversation_id

__all__ = ["set_conversation_id"]
