"""What a user may do who has signed in with a password alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .answers import Answer
from .authority import Authority, Layers, effective
from .caller_keys import free_domains
from .callers import HOLDER
from .document import Document, Kind, parse
from .domains import NEVER, Domain
from .goals import Question, Requests
from .search import find

# What a user has to be able to do before it has a second factor, and looks at on the way there (IAM User Guide, "AWS:
# Allows MFA-authenticated IAM users to manage their own credentials on the Security credentials page").
_SELF_SERVICE: Final = parse(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": [
                    "iam:ChangePassword", "iam:CreateVirtualMFADevice", "iam:DeleteVirtualMFADevice",
                    "iam:EnableMFADevice", "iam:ResyncMFADevice", "iam:GetMFADevice", "iam:ListMFADevices",
                    "iam:ListVirtualMFADevices", "iam:GetUser", "iam:ListUsers", "iam:GetLoginProfile",
                    "iam:GetAccountPasswordPolicy", "iam:GetAccountSummary", "iam:ListAccountAliases",
                    "sts:GetSessionToken", "sts:GetCallerIdentity",
                ],
                "Resource": "*",
            }
        ],
    },
    Kind.IDENTITY,
)  # fmt: skip
_PRESENT: Final = "aws:multifactorauthpresent"
_AGE: Final = "aws:multifactorauthage"


def allowed_without_second_factor(documents: Sequence[Document], boundary: Sequence[Document] | None) -> Answer:
    """Whether an identity may do anything but look after its own sign-in without a second factor.

    A session of the console says that there was none, and a request signed with an access key says nothing of it; a
    document has to keep out both. Other keys hold what helps: a grant that is limited in other ways is one too.
    """
    authority = effective(Layers(identity=documents, boundary=boundary), HOLDER)
    question = Question(authority, refused=Authority.of([_SELF_SERVICE]))
    return find(question, Requests(HOLDER, _without))


def _without(key: str) -> Domain:
    if key == _PRESENT:
        return Domain(only=("false",))
    return NEVER if key == _AGE else free_domains(key)
