"""Forms of claims, and whom the fixed part of a pattern names."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import policypack.guardrails.issuers
from policypack.guardrails.aws.answers import Yes
from policypack.guardrails.aws.document import Kind, parse
from policypack.guardrails.aws.evaluate import Verdict, evaluate
from policypack.guardrails.aws.federation import federation
from policypack.guardrails.aws.issuer_trust import subject_in
from policypack.guardrails.glob import Glob, compiled, overlapping
from policypack.guardrails.issuers.forms import Depth, Form, Slot, form_of, named_in
from policypack.guardrails.issuers.reach import Reach
from policypack.guardrails.issuers.table import Issuer, issuer_of

BRANCH: Final = "repo:{tenant:OWNER}/{project:REPOSITORY}:ref:refs/heads/{place:BRANCH}"
NUMBERED: Final = "repo:{tenant:OWNER@ID}/{project:REPOSITORY@ID}:ref:refs/heads/{place:BRANCH}"
PULL_REQUEST: Final = "repo:{tenant:OWNER}/{project:REPOSITORY}:pull_request"
ANYWHERE: Final = "{any}:repo:{tenant:OWNER}/{project:REPOSITORY}"
WORKSPACE: Final = "organization:{tenant:ORG}:project:{free:PROJECT}:workspace:{project:WORKSPACE}:phase:{free:PHASE}"
BRACES: Final = "{{{project:REPOSITORY}}}:{{{place:ENVIRONMENT}}}:{{{free:STEP}}}"
MODAL: Final = "workspace:{tenant:WORKSPACE}:app:{project:APP}:function:{place:FUNCTION}:container:{free:CONTAINER}"


def by_name(slot: Slot) -> str:
    return slot.name


# Reading forms


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("job", ("job",)),
        ("{tenant}", (Slot("tenant", "TENANT"),)),
        ("{tenant:OWNER}", (Slot("tenant", "OWNER"),)),
        ("{tenant:OWNER@ID}/", (Slot("tenant", "OWNER", numbered=True), "/")),
        ("a:{project:B}:c", ("a:", Slot("project", "B"), ":c")),
        ("{{{project:B}}}", ("{", Slot("project", "B"), "}")),
        ("a{{b}}c", ("a{b}c",)),
        ("{any}:x:{project_name:P}", (Slot("any", "ANY"), ":x:", Slot("project_name", "P"))),
    ],
)
def test_a_form(text: str, parts: tuple[str | Slot, ...]) -> None:
    assert form_of(text).parts == parts
    assert form_of(text).start == (parts[0] if isinstance(parts[0], str) else "")


@pytest.mark.parametrize(
    "text",
    ["", "{", "}", "a{b", "{}", "{owner:X}", "{tenant:A B}", "{tenant:A}{project:B}", "{any}{tenant:A}", "a:{any}", "{any}", "{tenant:A@}", "{tenant@ID}",
     "{tenant:{project:A}}", "{tenant}:{any}:x"],
)  # fmt: skip
def test_no_form(text: str) -> None:
    with pytest.raises(ValueError, match="is no form of a claim"):
        form_of(text)


# Whom a pattern names


@pytest.mark.parametrize(
    ("form", "text", "tenant", "project", "place"),
    [
        # All fixed, then opened from the end.
        (BRANCH, "repo:acme/app:ref:refs/heads/main", "repo:acme/*", "repo:acme/app:*", "="),
        (BRANCH, "repo:acme/app:ref:refs/heads/release/*", "repo:acme/*", "repo:acme/app:*", "="),
        (BRANCH, "repo:acme/app:ref:refs/heads/v?", "repo:acme/*", "repo:acme/app:*", "="),
        (BRANCH, "repo:acme/app:ref:refs/heads/*", "repo:acme/*", "repo:acme/app:*", None),
        (BRANCH, "repo:acme/app:ref:refs/heads/?*", "repo:acme/*", "repo:acme/app:*", None),
        (BRANCH, "repo:acme/app:ref:refs/heads/", "repo:acme/*", "repo:acme/app:*", None),
        (BRANCH, "repo:acme/app:ref:refs/*", "repo:acme/*", "repo:acme/app:*", None),
        (BRANCH, "repo:acme/app:*", "repo:acme/*", "repo:acme/app:*", None),
        (BRANCH, "repo:acme/app*", "repo:acme/*", None, None),
        (BRANCH, "repo:acme/app", "repo:acme/*", None, None),
        (BRANCH, "repo:acme/*", "repo:acme/*", None, None),
        (BRANCH, "repo:acme/", "repo:acme/*", None, None),
        (BRANCH, "repo:acme*", None, None, None),
        (BRANCH, "repo:acme", None, None, None),
        (BRANCH, "repo:*", None, None, None),
        (BRANCH, "*", None, None, None),
        (BRANCH, "", None, None, None),
        # Opened in one place, with what follows fixed.
        (BRANCH, "*:acme/app:ref:refs/heads/main", None, None, None),
        (BRANCH, "repo:*/app:ref:refs/heads/main", None, None, None),
        (BRANCH, "repo:ac?e/app:ref:refs/heads/main", None, None, None),
        (BRANCH, "repo:acme/a*p:ref:refs/heads/main", "repo:acme/*", None, None),
        (BRANCH, "repo:acme/app:*:refs/heads/main", "repo:acme/*", "repo:acme/app:*", None),
        (BRANCH, "repo:acme/app?ref:refs/heads/main", "repo:acme/*", None, None),
        (BRANCH, "repo:acme?app:ref:refs/heads/main", None, None, None),
        (BRANCH, "repository:acme/app:ref:refs/heads/main", None, None, None),
        (BRANCH, "repo:/app:ref:refs/heads/main", None, None, None),
        (BRANCH, "repo:acme/:ref:refs/heads/main", "repo:acme/*", None, None),
        # A number tells who it is whatever the name, and a name whatever the number.
        (NUMBERED, "repo:acme@12/app@34:ref:refs/heads/main", "repo:*@12/*", "repo:*@12/*@34:*", "="),
        (NUMBERED, "repo:acme/app:ref:refs/heads/main", "repo:acme/*", "repo:acme/app:*", "="),
        (NUMBERED, "repo:acme@*/app@*:*", "repo:acme@*/*", "repo:acme@*/app@*:*", None),
        (NUMBERED, "repo:acme@*", "repo:acme@*", None, None),
        (NUMBERED, "repo:acme/app@*", "repo:acme/*", "repo:acme/app@*", None),
        (NUMBERED, "repo:acme@1?/app@34:*", "repo:acme@*/*", "repo:acme@*/*@34:*", None),
        (NUMBERED, "repo:acme*@12/app@34:*", None, None, None),
        (NUMBERED, "repo:*@12/app@34:*", None, None, None),
        (NUMBERED, "repo:@12/app@34:*", None, None, None),
        (NUMBERED, "repo:acme@12/*@34:*", "repo:*@12/*", None, None),
        # Elsewhere an `@` is a character like others.
        (BRANCH, "repo:acme@12/app@34:*", "repo:acme@12/*", "repo:acme@12/app@34:*", None),
        (BRANCH, "repo:acme@*/app@*:*", None, None, None),
        # A form that names a place by being what it is.
        (PULL_REQUEST, "repo:acme/app:pull_request", "repo:acme/*", "repo:acme/app:*", "="),
        (PULL_REQUEST, "repo:acme/app:pull*", "repo:acme/*", "repo:acme/app:*", None),
        (PULL_REQUEST, "repo:acme/app:pull_request:x", "repo:acme/*", "repo:acme/app:*", None),
        # Whatever stands before.
        (ANYWHERE, "environment:prod:repo:acme/app", "*:repo:acme/*", "*:repo:acme/app", None),
        (ANYWHERE, "*:repo:acme/app", "*:repo:acme/*", "*:repo:acme/app", None),
        (ANYWHERE, "*:repo:acme/*", "*:repo:acme/*", None, None),
        (ANYWHERE, "repo:acme/app", None, None, None),
        (ANYWHERE, "*", None, None, None),
        # What says nothing of whose the token is may be open, though it stands before what does.
        (WORKSPACE, "organization:acme:project:*:workspace:prod:phase:*", "organization:acme:*",
         "organization:acme:project:*:workspace:prod:*", None),
        (WORKSPACE, "organization:acme:project:x:workspace:prod:phase:plan", "organization:acme:*",
         "organization:acme:project:*:workspace:prod:*", None),
        (WORKSPACE, "organization:acme:project:*:workspace:*:phase:plan", "organization:acme:*", None, None),
        (WORKSPACE, "organization:*:project:x:workspace:prod:phase:plan", None, None, None),
        # Braces, and no tenant: then the project tells whose it is.
        (BRACES, "{1}:{2}:{3}", "{1}*", "{1}*", "="),
        (BRACES, "{1}:{2}:*", "{1}*", "{1}*", "="),
        (BRACES, "{1}:*", "{1}*", "{1}*", None),
        (BRACES, "{1*}:{2}:*", None, None, None),
        (BRACES, "*:*", None, None, None),
        # A place that does not stand last.
        (MODAL, "workspace:w:app:a:function:f:*", "workspace:w:*", "workspace:w:app:a:*", "="),
        (MODAL, "workspace:w:app:a:function:*:container:c", "workspace:w:*", "workspace:w:app:a:*", None),
        # A name that is unique in its tenant alone says nothing of the tenant.
        ("{project_name:PIPELINE}", "deploy", None, "deploy", None),
        ("{free:ACTOR}", "alice", None, None, None),
        ("{place:REF}", "main", None, None, "="),
    ],
)  # fmt: skip
def test_named(form: str, text: str, tenant: str | None, project: str | None, place: str | None) -> None:
    found = [form_of(form).named(text, level) for level in Depth]
    assert found == [tenant, project, text if place == "=" else place]


def test_only_tenants_that_count_name_anybody() -> None:
    named = partial(form_of(NUMBERED).named, tenants={"acme"})
    for owner in ("acme", "Acme", "acme@12"):
        assert named(f"repo:{owner}/app:*", Depth.TENANT)
        assert named(f"repo:{owner}/app:*", Depth.PROJECT)
    for owner in ("stranger", "acme2", "12@acme"):
        assert named(f"repo:{owner}/app:*", Depth.TENANT) is None
        assert named(f"repo:{owner}/app:*", Depth.PROJECT) is None


def test_the_first_form_that_names_somebody_counts() -> None:
    forms = [form_of(each) for each in (PULL_REQUEST, BRANCH)]
    ask = partial(named_in, forms, fold=False)
    assert ask("repo:acme/app:*", Depth.PROJECT) == (compiled("repo:acme/app:*"),)
    assert ask("repo:acme/app:ref:refs/heads/main", Depth.PLACE) == (compiled("repo:acme/app:ref:refs/heads/main"),)
    assert ask("repo:*", Depth.TENANT) == ()
    assert ask("repo:acme/app:*", Depth.TENANT, tenants={"other"}) == ()
    folded = named_in(forms, "repo:acme/app:*", Depth.TENANT, fold=True)
    assert [each.matches("Repo:ACME/x") for each in folded] == [True]


# Texts of a form


@pytest.mark.parametrize(
    ("form", "text", "like"),
    [
        (BRANCH, "repo:acme/app:ref:refs/heads/main", "repo:acme/app:ref:refs/heads/main"),
        (BRANCH, "repo:acme/*", "repo:acme/REPOSITORY:ref:refs/heads/BRANCH"),
        (BRANCH, "repo:acme/app*", "repo:acme/app-REPOSITORY:ref:refs/heads/BRANCH"),
        (BRANCH, "repo:*/app:*", "repo:OWNER/app:ref:refs/heads/BRANCH"),
        (BRANCH, "repo:ac?e/app:*", "repo:acxe/app:ref:refs/heads/BRANCH"),
        (BRANCH, "*", "repo:OWNER/REPOSITORY:ref:refs/heads/BRANCH"),
        (BRANCH, "", "repo:OWNER/REPOSITORY:ref:refs/heads/BRANCH"),
        (BRACES, "{1}:*", "{1}:{ENVIRONMENT}:{STEP}"),
    ],
)
def test_like(form: str, text: str, like: str) -> None:
    assert form_of(form).like(text, by_name) == like


@pytest.mark.parametrize(
    ("form", "text", "read"),
    [
        (BRANCH, "repo:acme/app:ref:refs/heads/main", {"tenant": "acme", "project": "app", "place": "main"}),
        (BRANCH, "repo:acme/app:ref:refs/tags/v1", {"tenant": "acme", "project": "app"}),
        (BRANCH, "repo:acme/app:*", {"tenant": "acme", "project": "app"}),
        (BRANCH, "repo:acme/app*", {"tenant": "acme"}),
        (BRANCH, "repo:acme*", {}),
        (BRANCH, "repo:*/app:ref:refs/heads/main", {}),
        (BRACES, "{1}:{2}:{3}", {"project": "1", "place": "2", "free": "3"}),
        (BRACES, "{1", {}),
    ],
)
def test_read(form: str, text: str, read: dict[str, str]) -> None:
    assert {slot.kind: value for slot, value in form_of(form).read(text).items()} == read


def test_what_a_form_tells() -> None:
    forms = (BRANCH, PULL_REQUEST, BRACES, "{project_name:P}", "{place:P}", "{free:P}", "org:{tenant:T}:all")
    told = [[form_of(each).tells(level) for level in Depth] for each in forms]
    assert told == [
        [True, True, True],
        [True, True, True],
        [True, True, True],
        [False, True, False],
        [False, False, True],
        [False, False, False],
        [True, False, False],
    ]
    assert form_of(BRANCH).slot("tenant", "project") == Slot("project", "REPOSITORY")
    assert form_of(BRANCH).slot("free") is None
    assert [form_of(each).has_place for each in (BRANCH, PULL_REQUEST)] == [True, False]


def test_a_pattern_that_a_text_of_a_form_may_match() -> None:
    fits = form_of(BRANCH).fits
    assert all(fits(compiled(each)) for each in ("*", "repo:*", "*:prod", "repo:acme/app:ref:refs/heads/main", "????*"))
    assert not any(fits(compiled(each)) for each in ("", "job:*", "repo:acme/app", "repo:acme/:ref:refs/heads/a"))


# All forms of the table

TABLE: Final = json.loads((Path(policypack.guardrails.issuers.__file__).parent / "data" / "issuers.json").read_text())
BY_NAME: Final[dict[str, Issuer]] = {
    name: issuer_of(name)
    for name in (
        issuer.translate(str.maketrans({"{": "", "}": "", "_": ""})).lower()
        for each in TABLE["issuers"]
        for issuer in each["issuers"]
    )
}
FORMS: Final = sorted({form for issuer in BY_NAME.values() for form in issuer.subjects or ()}, key=str)
CLAIMS: Final = sorted({form for issuer in BY_NAME.values() for form in issuer.claims.values()}, key=str)
WORDS: Final = st.text("ab1-.", min_size=1, max_size=4)
DECIDING: Final = {Depth.TENANT: ("tenant",), Depth.PROJECT: ("tenant", "project", "project_name")}


@st.composite
def texts(draw: st.DrawFn) -> tuple[Form, dict[int, str], dict[int, str]]:
    """A form, values for its slots by place, and others."""
    form = draw(st.sampled_from([*FORMS, *CLAIMS]))
    slots = [at for at, each in enumerate(form.parts) if isinstance(each, Slot)]
    values = {at: draw(WORDS) for at in slots}
    others = {at: draw(WORDS.filter(values[at].__ne__)) for at in slots}
    if draw(st.booleans()):
        numbered = [at for at in slots if _is_numbered(form.parts[at])]
        values |= {at: f"{values[at]}@{at}" for at in numbered}
        others |= {at: f"{draw(st.sampled_from((values[at].partition('@')[0], others[at])))}@10{at}" for at in numbered}
    return form, values, others


def _is_numbered(part: str | Slot) -> bool:
    return isinstance(part, Slot) and part.numbered


def written(form: Form, values: dict[int, str]) -> str:
    return "".join(each if isinstance(each, str) else values[at] for at, each in enumerate(form.parts))


@settings(max_examples=150, deadline=None)
@given(texts())
def test_a_text_names_its_own_and_nobody_else(drawn: tuple[Form, dict[int, str], dict[int, str]]) -> None:
    form, values, others = drawn
    text = written(form, values)
    assert form.shape.matches(text)
    for level in Depth:
        found = form.named(text, level)
        assert form.tells(level) if found is not None else level is Depth.PLACE or not form.tells(level)
        assert found is not None or level is not Depth.PLACE or not form.has_place
        if found is None:
            continue
        assert compiled(found).matches(text)
        deciding = [at for at, each in enumerate(form.parts) if _decides(form, each, level)]
        for at in deciding:
            assert not compiled(found).matches(written(form, {**values, at: others[at]}))
        # What is open in a pattern never makes it name more than its text does.
        for at in deciding:
            opened = form.named(written(form, {**values, at: "*"}), level)
            assert opened is None or level is Depth.PLACE


def _decides(form: Form, part: str | Slot, level: Depth) -> bool:
    if isinstance(part, str):
        return False
    if level is Depth.PLACE:
        return part.kind in ("tenant", "project", "place")
    # Where there is no tenant, the project tells it.
    kinds = DECIDING[level] if level is Depth.PROJECT or form.slot("tenant") else ("project",)
    return part.kind in kinds


@settings(max_examples=100, deadline=None)
@given(texts(), st.data())
def test_a_text_like_a_pattern_is_of_the_form(
    drawn: tuple[Form, dict[int, str], dict[int, str]], data: st.DataObject
) -> None:
    form, values, others = drawn
    text = written(form, values)
    cut = data.draw(st.integers(0, len(text)))
    pattern = text[:cut] + "*"
    like = form.like(pattern, lambda slot: others[form.parts.index(slot)])
    assert form.shape.matches(like)
    if form.slot("any") is None:
        assert compiled(pattern).matches(like) or _ends_in_a_literal(form, values, cut)


def _ends_in_a_literal(form: Form, values: dict[int, str], cut: int) -> bool:
    """Whether a cut leaves a slot's value whole, but not what closes it, so that it may go on."""
    ends, at = set(), 0
    for index, part in enumerate(form.parts):
        at += len(part if isinstance(part, str) else values[index])
        if not isinstance(part, str):
            ends.add(at)
    return cut in ends


# Whom a trust admits beside those that it names

LEVELS: Final = {Reach.STRANGERS: Depth.TENANT, Reach.ORGANIZATION: Depth.PROJECT, Reach.PROJECT: Depth.PLACE}


@pytest.mark.parametrize("name", [name for name, issuer in BY_NAME.items() if issuer.subjects])
def test_the_witness_of_a_reach_is_admitted_and_is_none_of_those_named(name: str) -> None:
    issuer, random = BY_NAME[name], Random(name)
    forms = issuer.subjects or ()
    for form in (forms[0], random.choice(forms)):
        text = form.filled(lambda slot: f"{slot.name.lower()}1")
        cut = random.randrange(len(text))
        within = {text[:cut] + "*" + text[cut + 1 :]}
        for pattern in (text, text[:cut] + "*", *within):
            condition = {f"{name}:{issuer.audience_claims[0]}": "a", f"{name}:sub": pattern}
            statement = {
                "Effect": "Allow",
                "Principal": {"Federated": f"arn:aws:iam::444455556666:oidc-provider/{name}"},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringLike": condition},
            }
            document = parse({"Version": "2012-10-17", "Statement": [statement]}, Kind.TRUST)
            (found,) = federation(document)
            for reach, answer in found.circles:
                if not isinstance(answer, Yes):
                    continue
                assert evaluate([document], answer.witness.request).verdict is Verdict.ALLOWED
                subject = subject_in(answer, name)
                assert compiled(pattern).matches(subject)
                # A wildcard within a literal of the form may be filled with what is of no form.
                assert pattern in within or any(each.shape.matches(subject) for each in forms)
                if reach in LEVELS:
                    named = named_in(forms, pattern, LEVELS[reach], fold=False)
                    assert not any(each.matches(subject) for each in named)


KINDS: Final = {Reach.STRANGERS: ("tenant",), Reach.ORGANIZATION: ("project", "project_name")}
SOMEBODY: Final = {"tenant": "acme", "project": "app", "project_name": "app", "place": "main", "free": "x", "any": "*"}


def opened(form: Form, random: Random) -> str:
    """A pattern that fixes some of the slots of a form."""
    text = ""
    for part in form.parts:
        if isinstance(part, str):
            text += part
            continue
        word = SOMEBODY[part.kind]
        text += random.choice((word, word, "*", f"{word}*", f"*{word}", f"{word[:1]}?{word[2:]}"))
    cut = random.randrange(len(text) + 1)
    return random.choice((text, text, text[:cut] + "*", text[:cut] + "*" + text[cut + random.randrange(4) :]))


def somebody_else(form: Form, reach: Reach) -> Glob:
    """The texts of a form that are of another tenant, or of another project of the tenant that is named."""
    kinds = KINDS[reach] if form.slot(*KINDS[reach]) else ("project",)
    own = {"tenant": "acme"} if reach is Reach.ORGANIZATION else {}
    fixed = {**own, **dict.fromkeys(kinds, "another")}
    return compiled("".join(part if isinstance(part, str) else fixed.get(part.kind, "?*") for part in form.parts))


def test_whoever_is_not_named_and_matches_is_told() -> None:
    """A reach that is ruled out leaves no subject of somebody else that a pattern admits and nobody's name covers."""
    random = Random(7)
    tables = [(name, issuer) for name, issuer in BY_NAME.items() if issuer.subjects and not issuer.tenant_in_audience]
    for _ in range(250):
        name, issuer = random.choice(tables)
        pattern = opened(random.choice(issuer.subjects or ()), random)
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": f"arn:aws:iam::444455556666:oidc-provider/{name}"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {"StringLike": {f"{name}:aud": "a", f"{name}:sub": pattern}},
        }
        (found,) = federation(parse({"Version": "2012-10-17", "Statement": [statement]}, Kind.TRUST))
        for reach in (Reach.STRANGERS, Reach.ORGANIZATION):
            wider = found.reach is not None and found.reach <= reach
            if wider or issuer.users or (reach is Reach.STRANGERS and not issuer.shared):
                continue
            named = named_in(issuer.subjects or (), pattern, LEVELS[reach], fold=False)
            others = [somebody_else(form, reach) for form in issuer.ordinary_forms]
            left = [each for each in others if overlapping(each, compiled(pattern))]
            assert not left or any(each.covers(compiled(pattern)) for each in named), (name, pattern)
