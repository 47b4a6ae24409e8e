"""A grant names an account that stands in examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ...aws.accounts import account_of
from ...aws.placeholders import ExampleAccount, example_accounts
from ...findings import Concern, Finding, Severity
from ...model import Context, Resource, Stack, Value
from ...rule import StackRule
from ..accounts import own_accounts
from ..aws_documents import Placed
from ..every_document import ALL_TYPES, all_documents


def check(stack: Stack, context: Context) -> Iterator[Finding]:
    found = [
        (resource, placed, example)
        for resource in stack.of_type(ALL_TYPES)
        for placed in all_documents(resource)
        for example in {each.statement: each for each in reversed(placed.ask(example_accounts))}.values()
    ]
    if found:
        own = _own(stack)
        for resource, placed, example in found:
            if example.account not in own:
                yield replace(_finding(placed, example), urn=resource.urn)


def _own(stack: Stack) -> frozenset[str]:
    """The stack's own accounts, and those of ARNs outside its policies: a program that uses one there means it."""
    used = {account_of(leaf.text) for resource in stack.resources for leaf in _leaves(resource) if leaf.text}
    return own_accounts(stack) | used


def _leaves(resource: Resource) -> Iterator[Value]:
    """The ARNs in a resource that do not stand in a policy document."""
    documents = [placed.value.keys for placed in all_documents(resource)]
    for value in resource.values():
        for leaf in value.leaves():
            if (leaf.text or "").startswith("arn:") and not any(leaf.keys[: len(keys)] == keys for keys in documents):
                yield leaf


def _finding(placed: Placed, example: ExampleAccount) -> Finding:
    return placed.finding(
        example.path,
        f"{example.account} in {example.text} is an account of examples, so the grant is for nothing of yours, "
        "or for whoever has that account",
        fix="Write the account that is meant; your own is `aws.get_caller_identity().account_id`.",
        cause=placed.place(example.statement),
    )


RULE = StackRule(
    id="placeholder-account",
    concern=Concern.LEAST_PRIVILEGE,
    severity=Severity.MEDIUM,
    title="A grant names an account that stands in examples",
    why="The grant reaches nothing that it was meant for; should somebody have the account, it is theirs to use.",
    fix="Write the account that is meant, or take the ARN from the resource.",
    covers=("LP-28",),
    types=ALL_TYPES,
    check=check,
)
