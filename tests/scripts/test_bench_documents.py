"""`make bench`, the figures about documents: what is timed is what is meant."""

import json
import math
from random import Random

import pytest
from hostile_documents import allow, deny, hostile_documents
from managed_policies import managed_policies

from policypack.guardrails.aws.answers import Doubt, Survey, Undecided
from policypack.guardrails.aws.comparison import Relation
from policypack.guardrails.aws.document import Kind, parse
from scripts.bench import __main__ as command
from scripts.bench import buckets, documents, identities
from scripts.bench.figures import Effort, Figure
from scripts.bench.processes import Spent

NESTED = {"100,000 nested lists", "10,000 nested conditions", "5,000 nested variables"}


def text_of(*statements: object) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def in_bounds(figure: Figure) -> bool:
    return all(math.isfinite(number) and number >= 0 for number in (figure.ratio, figure.value, figure.budget))


@pytest.fixture
def texts() -> list[str]:
    return [json.dumps(source) for source in managed_policies().values()][:15]


def test_every_allow_of_a_document_is_decided() -> None:
    decided = documents.decide(text_of(allow("s3:GetObject"), deny("sqs:*"), allow("sqs:SendMessage"), allow("sns:*")))
    assert [each.answer.path for each in decided.found] == ["Statement[0]", "Statement[3]"]
    assert not decided.doubts


def test_decided_documents(texts: list[str]) -> None:
    median, high, undecided = documents.decided_figures(texts)
    assert all(map(in_bounds, (median, high, undecided)))
    assert median.value <= high.value
    assert "15 AWS-managed policies" in median.name
    assert undecided.value == 0


def test_undecided_documents_are_counted(texts: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    doubts = (Doubt(0, "", Undecided("", "")),)
    monkeypatch.setattr(documents, "decide", lambda text: Survey((), doubts if text in texts[:2] else ()))
    *_, undecided = documents.decided_figures(texts)
    assert (undecided.ratio, undecided.value, undecided.measured) == (2 / 15, pytest.approx(200 / 15), "2 / 15")
    assert undecided.failed


def test_compared_documents(texts: list[str]) -> None:
    assert in_bounds(documents.pair_figure(texts))


@pytest.mark.parametrize(
    "statement",
    [
        allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::data/*"),
        allow("s3:*"),
        {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        {"Effect": "Allow", "Action": ["kms:Decrypt"], "NotResource": ["arn:aws:kms:*:*:key/a"]},
    ],
    ids=["several", "one", "all but an action", "all but a resource"],
)
def test_an_edit_is_one_that_aws_takes(statement: object) -> None:
    text, random = text_of(statement), Random(1)
    found = {documents.edited(text, random) for _ in range(40)}
    assert text not in found
    assert len(found) > 2
    assert all(parse(each, Kind.IDENTITY).problems == () for each in found)


def test_edits_go_either_way_and_are_the_same_in_every_run() -> None:
    text = text_of(allow(["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::data/*"))
    one, other = ([documents.edited(text, random) for _ in range(40)] for random in (Random(1), Random(1)))
    assert one == other
    relations = {documents._compared((text, each)).relation for each in one}
    assert {Relation.WIDER, Relation.NARROWER} <= relations


def test_the_whole_table_is_loaded() -> None:
    ran: list[str] = []
    program = documents._TABLE.replace("os._exit(0)", "ran.append(service.__globals__['_service'].cache_info())")
    for load in (documents._LOADED, ""):
        scope = {"ran": ran}
        exec(
            f"from policypack.guardrails.aws import actions\nactions._service.cache_clear()\n{program.format(load)}",
            scope,
        )
    whole, nothing = (one.currsize for one in ran)
    assert whole > 300
    assert nothing == 0


def test_loading_it_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "alternate", lambda sides, runs: [side() for side in sides])
    spent = iter([Spent(0.5, 20.0), Spent(0.25, 20.0)])
    monkeypatch.setattr(documents, "run", lambda command: next(spent))
    figure = documents.table_figure(Effort())
    assert (figure.ratio, figure.value, figure.measured) == (2.0, 250.0, "+250 ms: 500 ms / 250 ms")


def test_its_processes_run() -> None:
    assert math.isfinite(documents.table_figure(Effort(runs=1)).value)


def test_the_slowest_hostile_document_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = [(0.5, "explained", "a", "[]"), (2.5, "strangers", "b", "[" * 100_000), (1.0, "compared", "c", "[]")]
    monkeypatch.setattr(documents, "hostile_seconds", lambda: iter(asked))
    figure = documents.hostile_figure()
    assert (figure.value, figure.verdict) == (2.5, "150% over")
    assert figure.measured.startswith("2.50 s: strangers, b / ")


def test_every_question_is_asked_about_every_hostile_document(monkeypatch: pytest.MonkeyPatch) -> None:
    text = {False: text_of(allow()), True: text_of({**allow(), "Principal": "*"})}
    pair = (Kind.IDENTITY, json.loads(text_of(allow())), json.loads(text_of(deny())))
    monkeypatch.setattr(documents, "hostile_documents", lambda *, of_resource=False: {"small": text[of_resource]})
    monkeypatch.setattr(documents, "HOSTILE", {"both": pair})
    found = list(documents.hostile_seconds())
    assert [(question, name) for _, question, name, _ in found] == [
        ("explained", "small"), ("compared", "small"), ("administrator", "small"), ("strangers", "small"),
        ("a pair compared", "both"),
    ]  # fmt: skip
    assert all(math.isfinite(seconds) for seconds, *_ in found)


@pytest.mark.parametrize("kind", [Kind.IDENTITY, Kind.RESOURCE])
def test_hostile_documents_are_read_in_whole_where_json_can_be(kind: Kind) -> None:
    """One that its reader gives up on would never come to the search."""
    found = {name: parse(text, kind) for name, text in hostile_documents(of_resource=kind is Kind.RESOURCE).items()}
    assert {name for name, document in found.items() if document.holes} == NESTED - {"5,000 nested variables"}
    complaints = {problem.message for name in set(found) - NESTED for problem in found[name].problems}
    assert all("characters; AWS takes at most" in each for each in complaints)


def test_the_document_figures_are_in_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "hostile_figure", lambda: "hostile")
    monkeypatch.setattr(documents, "table_figure", lambda effort: "table")
    *timed, table, hostile = documents.document_figures(Effort(documents=3))
    assert (table, hostile) == ("table", "hostile")
    assert ["of 3 " in one.name or "/ 3" in one.measured or "median of 3 /" in one.name for one in timed] == [True] * 4
    for name in ("analyze_figures", "check_figures", "program_figures", "statement_figures"):
        monkeypatch.setattr(command, name, lambda effort: [])
    for name in ("start_figure", "state_figure", "secrets_figure", "identities_figure", "buckets_figure"):
        monkeypatch.setattr(command, name, lambda effort: "other")
    monkeypatch.setattr(command, "document_figures", lambda effort: ["documents"])
    assert list(command.measure_all(Effort())) == ["other", "other", "other", "documents", "other", "other"]


def test_many_buckets_are_judged() -> None:
    seconds, opened = buckets.judged(3)
    assert seconds > 0
    assert opened == 1
    assert in_bounds(buckets.buckets_figure(Effort(buckets=2)))


def test_many_identities_are_judged() -> None:
    seconds, chains = identities.judged(3)
    assert seconds > 0
    assert chains == 1
    assert in_bounds(identities.identities_figure(Effort(identities=2)))
