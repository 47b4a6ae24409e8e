"""How long the decision about an AWS policy document takes: as AWS itself writes them, and as an attacker would."""

from __future__ import annotations

import gc
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from random import Random
from typing import Any, Final, TypeVar

from policypack.guardrails.aws.answers import Survey
from policypack.guardrails.aws.authority import Authority
from policypack.guardrails.aws.caller_keys import domains_of
from policypack.guardrails.aws.callers import HOLDER, named_principals
from policypack.guardrails.aws.comparison import Comparison, Relation, compare
from policypack.guardrails.aws.document import Document, Kind, parse
from policypack.guardrails.aws.explanation import Explanation, explain
from policypack.guardrails.aws.goals import Question, Requests
from policypack.guardrails.aws.questions import administrator, strangers
from policypack.guardrails.aws.search import survey
from tests.support.aws_hostile import HOSTILE
from tests.support.hostile_documents import hostile_documents
from tests.support.managed_policies import managed_policies

from .figures import Effort, Figure
from .processes import alternate, run

_MEDIAN_BUDGET_MS: Final = 1.0
_HIGH_BUDGET_MS: Final = 20.0
_UNDECIDED_BUDGET_PERCENT: Final = 0.1
_PAIR_BUDGET_MS: Final = 5.0
_TABLE_BUDGET_MS: Final = 100.0
_HOSTILE_BUDGET_S: Final = 1.0

# Taking an interpreter down is no loading.
_TABLE: Final = "import os\nfrom policypack.guardrails.aws.actions import service, services\n{}os._exit(0)\n"
_LOADED: Final = "for prefix in services():\n    service(prefix)\n"

_SEED: Final = 5
# Neighbours in the list have little in common and take longer, so not all of them are compared.
_SPACING: Final = 8
_ADDED: Final = ("s3:GetObject", "iam:PassRole", "kms:Decrypt", "ec2:RunInstances", "lambda:Invoke*")
# What a hostile document is compared with, both ways.
_BROAD: Final = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": "s3:*", "Resource": f"*{'a*' * 9}"},
        ],
    }
)

_Subject = TypeVar("_Subject")


def document_figures(effort: Effort) -> Iterator[Figure]:
    """Everything that is measured of documents."""
    texts = [json.dumps(source) for source in managed_policies().values()][: effort.documents]
    yield from decided_figures(texts)
    yield pair_figure(texts)
    yield table_figure(effort)
    yield hostile_figure()


def decide(text: str) -> Survey:
    """From the text of an identity's policy, for every Allow: a request that it lets through, or that there is none."""
    document = parse(text, Kind.IDENTITY)
    requests = Requests(HOLDER, domains_of(HOLDER, named_principals([document])))
    return survey(Question(Authority.of([document])), requests, whole=False)


def decided_figures(texts: Sequence[str]) -> Iterator[Figure]:
    """Documents that nobody wrote for this bench, against reading their JSON and no more.

    What is bounded is the second round, in which patterns and services that documents share are known.
    """
    undecided: list[bool] = []

    def note(text: str) -> None:
        undecided.append(bool(decide(text).doubts))

    (first,) = seconds_each((note,), texts)
    warm, reading = seconds_each((decide, json.loads), texts)
    (explained,) = seconds_each((_explained,), texts)
    count = f"{len(texts):,}"
    for name, of, budget in (
        ("median", statistics.median, _MEDIAN_BUDGET_MS),
        ("99th percentile", high, _HIGH_BUDGET_MS),
    ):
        us, them = of(warm), of(reading)
        yield Figure(
            name=f"A witness for every Allow, {name} of {count} AWS-managed policies / reading them as JSON",
            ratio=us / them,
            value=us * 1e3,
            budget=budget,
            limit=f"{budget:.0f} ms",
            measured=f"{us * 1e3:.2f} / {them * 1e3:.3f} ms; first round {of(first) * 1e3:.2f} ms; "
            f"explained in full {of(explained) * 1e3:.2f} ms",
        )
    share = sum(undecided) / len(undecided)
    yield Figure(
        name="AWS-managed policies with an Allow that is left undecided / all of them",
        ratio=share,
        value=share * 100,
        budget=_UNDECIDED_BUDGET_PERCENT,
        limit=f"{_UNDECIDED_BUDGET_PERCENT:.1f} %",
        measured=f"{sum(undecided)} / {count}",
    )


def pair_figure(texts: Sequence[str]) -> Figure:
    """Two documents compared, from their texts, against reading both as JSON.

    The record holds one version of each policy, so the second is the first with one edit, as in a change under review.
    """
    random = Random(_SEED)  # noqa: S311 - the same edits in every run
    pairs = [(text, edited(text, random)) for text in texts]
    undecided = sum(_compared(pair).relation is Relation.UNDECIDED for pair in pairs)
    spent, reading = seconds_each((_compared, _read_both), pairs)
    (neighbours,) = seconds_each((_compared,), list(pairwise(texts))[::_SPACING])
    us, them = statistics.median(spent), statistics.median(reading)
    return Figure(
        name=f"A policy compared with an edited copy, median of {len(pairs):,} / reading both as JSON",
        ratio=us / them,
        value=us * 1e3,
        budget=_PAIR_BUDGET_MS,
        limit=f"{_PAIR_BUDGET_MS:.0f} ms",
        measured=f"{us * 1e3:.2f} / {them * 1e3:.3f} ms; 99th percentile {high(spent) * 1e3:.1f} ms; "
        f"{undecided} undecided; with the next policy of the list {statistics.median(neighbours) * 1e3:.2f} ms",
    )


def edited(text: str, random: Random) -> str:
    """A policy with one edit: an action less or more, a wider resource, or another Deny."""
    document: dict[str, Any] = json.loads(text)
    document["Statement"] = _listed(document["Statement"])
    edits: list[Callable[[], None]] = []
    statement = random.choice(document["Statement"])
    if "Action" in statement:
        actions = statement["Action"] = _listed(statement["Action"])
        fresh = [each for each in _ADDED if each not in actions]
        edits.append(lambda: actions.append(random.choice(fresh)))
        denied = random.choice(actions)
    else:
        denied = random.choice(_ADDED)
    if len(statement.get("Action", ())) > 1:
        edits.append(lambda: actions.remove(random.choice(actions)))
    narrow = [each for each in _listed(statement.get("Resource", [])) if not each.endswith(":*") and each != "*"]
    if narrow:
        chosen = random.choice(narrow)
        wider = f"{chosen.rpartition(':')[0]}:*"
        edits.append(lambda: statement.update(Resource=[*_listed(statement["Resource"]), wider]))
    deny = {"Effect": "Deny", "Action": denied, "Resource": "*"}
    edits.append(lambda: document["Statement"].append(deny))
    random.choice(edits)()
    return json.dumps(document)


def table_figure(effort: Effort) -> Figure:
    """The whole table of actions in a new process, against only importing what reads it."""
    whole, nothing = (["-c", _TABLE.format(load)] for load in (_LOADED, ""))
    us, them = alternate((lambda: run(whole).seconds, lambda: run(nothing).seconds), effort.runs)
    more = (us - them) * 1e3
    return Figure(
        name="A process that loads the whole table of AWS actions / that imports its module",
        ratio=us / them,
        value=more,
        budget=_TABLE_BUDGET_MS,
        limit=f"+{_TABLE_BUDGET_MS:.0f} ms",
        measured=f"{more:+.0f} ms: {us * 1e3:.0f} ms / {them * 1e3:.0f} ms",
    )


def hostile_figure() -> Figure:
    """The slowest answer about any of the hostile documents, from its text, against reading them all as JSON."""
    answers = list(hostile_seconds())
    seconds, question, name, _ = max(answers)
    reading = sum(seconds_each((_read,), list({text for *_, text in answers}))[0])
    return Figure(
        name="The slowest answer about a hostile document / reading all of them as JSON",
        ratio=seconds / reading,
        value=seconds,
        budget=_HOSTILE_BUDGET_S,
        limit=f"{_HOSTILE_BUDGET_S:.0f} s",
        measured=f"{seconds:.2f} s: {question}, {name} / {reading:.2f} s",
    )


def hostile_seconds() -> Iterator[tuple[float, str, str, str]]:
    """For each question about each hostile document: the processor seconds, both names, and the text."""
    questions: dict[str, Callable[[Document], object]] = {
        "explained": lambda document: explain([document]),
        "compared": partial(_against, _BROAD, Kind.IDENTITY),
        "administrator": lambda document: administrator([document]),
    }
    for name, text in hostile_documents().items():
        for question, ask in questions.items():
            yield _asked(ask, text, Kind.IDENTITY), question, name, text
    for name, text in hostile_documents(of_resource=True).items():
        yield _asked(lambda document: strangers(document, frozenset()), text, Kind.RESOURCE), "strangers", name, text
    for name, (kind, base, head) in HOSTILE.items():
        before, after = json.dumps(base), json.dumps(head)
        against = partial(_against, before, kind)
        yield _asked(against, after, kind), "a pair compared", name, after


def seconds_each(sides: Sequence[Callable[[_Subject], object]], subjects: Sequence[_Subject]) -> list[list[float]]:
    """For each of `sides` the processor seconds of every subject; the sides take turns."""
    gc.collect()
    spent: list[list[float]] = [[] for _ in sides]
    for subject in subjects:
        for times, side in zip(spent, sides, strict=True):
            began = time.process_time()
            side(subject)
            times.append(time.process_time() - began)
    return spent


def high(times: Sequence[float]) -> float:
    """The 99th percentile."""
    return statistics.quantiles(times, n=100, method="inclusive")[-1]


def _asked(ask: Callable[[Document], object], text: str, kind: Kind) -> float:
    return seconds_each((lambda source: ask(parse(source, kind)),), [text])[0][0]


def _explained(text: str) -> Explanation:
    return explain([parse(text, Kind.IDENTITY)])


def _compared(pair: tuple[str, str]) -> Comparison:
    base, head = (parse(text, Kind.IDENTITY) for text in pair)
    return compare([base], [head])


def _against(base: str, kind: Kind, head: Document) -> Comparison:
    return compare([parse(base, kind)], [head])


def _read_both(pair: tuple[str, str]) -> bool:
    base, head = map(json.loads, pair)
    return bool(base == head)


def _read(text: str) -> object:
    # The decoder of the standard library gives up on what is nested too deeply: that is its answer.
    try:
        return json.loads(text)
    except RecursionError as error:
        return error


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON as it stands in a policy
    return list(value) if isinstance(value, list) else [value]
