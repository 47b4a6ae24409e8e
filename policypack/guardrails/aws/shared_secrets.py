"""Condition keys whose values two sides share as a secret: documents have to name them, and nothing else may.

A module of its own, as the pack hides these values before it has loaded the rest of this room.
"""

from __future__ import annotations

from typing import Final

# Condition keys whose values are secrets that two sides share: documents have to name them, messages must not. An
# external id keeps a third party's other customers out, a token proves an Alexa skill to a function, and a referrer is
# what a content network sends so that a bucket knows it (IAM User Guide, "Third-party access"; Lambda Developer Guide,
# "Alexa"; S3 User Guide, "Restricting access to a specific HTTP referrer").
SHARED_SECRETS: Final = frozenset({"sts:externalid", "lambda:eventsourcetoken", "aws:referer"})
