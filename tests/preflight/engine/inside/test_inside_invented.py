"""No verdict hangs on an invented value: each kind of stand-in, on every way into another resource."""

from __future__ import annotations

import base64
import json

import pytest
from google.protobuf import json_format, struct_pb2

from policypack.guardrails.values import STAND_IN, has_stand_in
from preflight.engine.inside import invented, stand_ins
from preflight.engine.inside.invented import Hangs

UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"

# A provider with an output of every kind, none of which the program can set.
MAKER = """
import enum
from typing import Any, Mapping, Sequence

import pulumi

class Mode(str, enum.Enum):
    OPEN = "open"
    CLOSED = "closed"

@pulumi.output_type
class Part(dict):
    def __init__(__self__, *, address: str, size: int):
        pulumi.set(__self__, "address", address)
        pulumi.set(__self__, "size", size)

    @property
    @pulumi.getter
    def address(self) -> str:
        return pulumi.get(self, "address")

    @property
    @pulumi.getter
    def size(self) -> int:
        return pulumi.get(self, "size")

def computed(name, hint):
    def get(self):
        return pulumi.get(self, name)
    get.__name__ = name
    get.__annotations__ = {"return": pulumi.Output[hint]}
    return property(pulumi.getter(get))

KINDS = dict(
    text=str, arn=str, name=str, url=str, ip=str, cidr=str, pem=str, json=str, kubeconfig=str,
    count=int, ratio=float, ready=bool, mode=Mode,
    names=Sequence[str], numbers=Sequence[int], labels=Mapping[str, str], part=Part, parts=Sequence[Part],
)

class Maker(pulumi.CustomResource):
    pulumi_type = "toy:index:Maker"

    def __init__(self, resource_name, opts=None):
        super().__init__("toy:index:Maker", resource_name, dict.fromkeys(KINDS), opts)

for kind, hint in KINDS.items():
    setattr(Maker, kind, computed(kind, hint))

class User(pulumi.CustomResource):
    pulumi_type = "toy:index:User"

    def __init__(self, resource_name, value=None, opts=None):
        super().__init__("toy:index:User", resource_name, {"value": value}, opts)

    @property
    @pulumi.getter
    def value(self) -> pulumi.Output[Any]:
        return pulumi.get(self, "value")

@pulumi.output_type
class Found:
    def __init__(__self__, address=None, enabled=None):
        pulumi.set(__self__, "address", address)
        pulumi.set(__self__, "enabled", enabled)

    @property
    @pulumi.getter
    def address(self) -> str:
        return pulumi.get(self, "address")

    @property
    @pulumi.getter
    def enabled(self) -> bool:
        return pulumi.get(self, "enabled")

class AwaitableFound(Found):
    def __await__(self):
        yield from ()
        return self

def find():
    found = pulumi.runtime.invoke("toy:index:find", {}, typ=Found).value
    return AwaitableFound(address=pulumi.get(found, "address"), enabled=pulumi.get(found, "enabled"))

def find_output():
    return pulumi.runtime.invoke_output("toy:index:find", {}, typ=Found).apply(
        lambda it: Found(address=pulumi.get(it, "address"), enabled=pulumi.get(it, "enabled")))

@pulumi.output_type
class Seen(dict):
    def __init__(__self__, *, flag: bool):
        pulumi.set(__self__, "flag", flag)

    @property
    @pulumi.getter
    def flag(self) -> bool:
        return pulumi.get(self, "flag")

def look_output():
    return pulumi.runtime.invoke_output("toy:index:look", {}, typ=Seen)

maker = Maker("maker")

async def later(_):
    return 1 if find().enabled else 2
"""


@pytest.fixture
def use(run):
    """Run a program that gives `value` to a resource: its input as sent, and the run."""

    def used(expression: str, before: str = "pass"):
        outcome = run(MAKER + f"\n{before}\nUser('user', value={expression})\n")
        assert outcome.end["event"] == "done", outcome.end
        return outcome.inputs("user").get("value"), outcome

    return used


def leaves(value):
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in leaves(item)]
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, list) else [value]


@pytest.mark.parametrize(
    "kind",
    [
        "text",
        "arn",
        "name",
        "url",
        "ip",
        "cidr",
        "pem",
        "json",
        "kubeconfig",
        "count",
        "ratio",
        "ready",
        "mode",
        "names",
        "numbers",
        "labels",
        "part",
        "parts",
    ],
)
def test_an_invented_value_is_marked_or_unknown(use, kind) -> None:
    value, outcome = use(f"maker.{kind}")
    assert all(leaf == UNKNOWN or has_stand_in(leaf) for leaf in leaves(value))
    assert leaves(value)
    # And what the maker's own outputs show of it.
    shown = leaves(outcome.outputs("maker")[kind])
    assert shown
    assert all(leaf == UNKNOWN or has_stand_in(leaf) for leaf in shown)
    assert not any("preflight" in urn for urn in outcome.named(outcome.state, "user").dependencies)


@pytest.mark.parametrize(
    ("expression", "sent"),
    [
        pytest.param("maker.ready.apply(lambda it: not it)", UNKNOWN, id="negated"),
        pytest.param("maker.ready.apply(lambda it: 'a' if it else 'b')", UNKNOWN, id="branch"),
        pytest.param("maker.ready.apply(lambda it: None if it else None)", UNKNOWN, id="none"),
        pytest.param("maker.count.apply(lambda it: it + 1)", UNKNOWN, id="sum"),
        pytest.param("maker.numbers[0]", UNKNOWN, id="member"),
        pytest.param("maker.part.size", UNKNOWN, id="field"),
        pytest.param("maker.labels.apply(len)", UNKNOWN, id="size-of-a-map"),
        pytest.param("maker.names.apply(len)", UNKNOWN, id="length-of-a-list"),
        pytest.param("pulumi.Output.all(maker.ready, 'x').apply(lambda it: it[0])", UNKNOWN, id="all"),
        pytest.param("pulumi.Output.format('{0} times', maker.count)", UNKNOWN, id="format"),
        pytest.param("pulumi.Output.from_input({'n': maker.count})", {"n": UNKNOWN}, id="from-input"),
        pytest.param("maker.text.apply(lambda it: maker.ready)", UNKNOWN, id="inner-output"),
        pytest.param(
            "{'from': 22, 'to': maker.count, 'open': True}", {"from": 22, "to": UNKNOWN, "open": True}, id="part"
        ),
        pytest.param(
            "pulumi.Output.all(maker.name, maker.ready).apply(lambda it: f'{it[0]}-{it[1]}')", UNKNOWN, id="mixed"
        ),
        pytest.param("pulumi.Output.json_dumps({'n': maker.count, 'name': maker.name})", UNKNOWN, id="json"),
        pytest.param("pulumi.Output.format('249.{0}', maker.count)", UNKNOWN, id="looks-like-an-address"),
        pytest.param("maker.part.apply(lambda it: f'{it.address}:{it.size}')", UNKNOWN, id="beside-in-one-text"),
        pytest.param(
            "maker.name.apply(lambda it: 'a').apply(lambda it: maker.ready.apply(lambda r: r))", UNKNOWN, id="nested"
        ),
        pytest.param("look_output()['flag']", UNKNOWN, id="answer-by-key"),
        pytest.param("look_output().apply(lambda it: list(it.values())[0])", UNKNOWN, id="answer-by-value"),
        pytest.param("maker.text.apply(later)", UNKNOWN, id="coroutine"),
        pytest.param("maker.text.apply(lambda it: 'open' if it != 'dev' else 'private')", UNKNOWN, id="compared"),
        pytest.param("maker.arn.apply(lambda it: it.startswith('Z'))", UNKNOWN, id="begins"),
        pytest.param("maker.arn.apply(lambda it: it.startswith('arn:'))", True, id="begins-by-its-form"),
        pytest.param("maker.text.apply(lambda it: len(it) < 5)", UNKNOWN, id="length-of-a-text"),
        pytest.param("maker.text.apply(lambda it: it in ('a', 'b'))", UNKNOWN, id="one-of"),
        pytest.param("maker.text.apply(lambda it: it[:5])", UNKNOWN, id="cut"),
        pytest.param("maker.text.apply(lambda it: it.split('0')[0])", UNKNOWN, id="parted"),
        pytest.param("maker.text.apply(lambda it: sorted(it)[0])", UNKNOWN, id="letters"),
        pytest.param("maker.text.apply(lambda it: bool(it))", True, id="is-there"),
        pytest.param("[1, maker.ready, 'x']", [1, UNKNOWN, "x"], id="list"),
        pytest.param("User('between', maker.ready).value", UNKNOWN, id="echoed"),
        pytest.param(
            "User('between', {'a': [maker.count]}).value.apply(lambda it: it['a'])", [UNKNOWN], id="echoed-deep"
        ),
        pytest.param("Maker('it', pulumi.ResourceOptions(id='id-1')).ready", UNKNOWN, id="read"),
        pytest.param("find_output().enabled", UNKNOWN, id="answer"),
        pytest.param("find_output().apply(lambda it: 1 if it.enabled else 2)", UNKNOWN, id="answer-apply"),
        pytest.param("maker.name.apply(lambda it: len(it) > 3)", UNKNOWN, id="length-of-a-name"),
        pytest.param("maker.name.apply(lambda it: 'fixed')", "fixed", id="constant"),
    ],
)
def test_what_is_made_of_it_is_unknown_too(use, expression, sent) -> None:
    value, outcome = use(expression)
    assert value == sent
    assert not outcome.notices("apply-raised")


def test_the_program_gets_the_values(use) -> None:
    before = """
def check(it):
    assert it[:4] == [False, 1, 0.5, "open"], it
    print("checked")
pulumi.Output.all(maker.ready, maker.count, maker.ratio, maker.mode).apply(check)
pulumi.Output.all(User('between', maker.ready).value).apply(lambda it: print("echoed", it))
"""
    _, outcome = use("1", before)
    assert not outcome.notices("apply-raised")
    assert "checked" in outcome.stderr
    assert "echoed [False]" in outcome.stderr


def test_a_text_with_a_token_stays_known_beside_a_flag(use) -> None:
    value, _ = use("find_output().address")
    assert has_stand_in(value)
    value, _ = use("maker.part.address")
    assert has_stand_in(value)


@pytest.mark.parametrize(
    "made",
    [
        "it[8:]",
        "it.upper()",
        "it.title()",
        "it.replace('https://', '')",
        "it.removeprefix('https://') if it.startswith('https://') else it",
        "it.split('://')[1]",
        "f'{it}/x'",
        "'/'.join([it, 'x'])",
        "it + '/x'",
        "__import__('base64').b64encode(it.encode()).decode()",
        "__import__('json').dumps({'a': it})",
        "__import__('yaml').safe_dump({'a': it})",
        "__import__('yaml').dump({'a': it})",
    ],
)
def test_what_keeps_the_token_is_told_by_it(use, made) -> None:
    value, outcome = use(f"maker.url.apply(lambda it: {made})")
    assert has_stand_in(value)
    assert not outcome.notices("apply-raised")


def test_a_plain_text_that_is_compared_is_told_once_with_its_place(use) -> None:
    _, outcome = use("1", "text = find().address\nfor _ in range(2):\n    text == 'prod'\ntext.upper()")
    (notice,) = outcome.notices("invented-answer")
    assert "asks what an invented text is" in notice["message"]
    assert notice["source"]["file"] == "__main__.py"


def test_a_secret_stays_secret(use) -> None:
    value, _ = use("pulumi.Output.secret(maker.ready)")
    assert value == {SIGNATURE: SECRET, "value": UNKNOWN}


def test_a_plain_answer_that_is_read_is_told_once_with_its_place(use) -> None:
    _, outcome = use("find().enabled", "find().enabled\nfind().address")
    (notice,) = outcome.notices("invented-answer")
    assert "the program reads enabled of toy:index:find" in notice["message"]
    assert notice["source"]["file"] == "__main__.py"


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        pytest.param("maker.ready.apply(lambda it: None if it else User('u'))", True, id="flag"),
        pytest.param("maker.count.apply(lambda it: [User(f'u{n}') for n in range(it)])", True, id="count"),
        pytest.param("maker.ready.apply(lambda it: maker.name.apply(lambda n: User('u', value=n)))", True, id="nested"),
        pytest.param("maker.names.apply(lambda it: [User(f'u{n}') for n, _ in enumerate(it)])", True, id="list"),
        pytest.param("find_output().apply(lambda it: None if it.enabled else User('u'))", True, id="answer"),
        pytest.param("find_output().apply(lambda it: User('u', value=it.address))", False, id="answer-text"),
        pytest.param("maker.name.apply(lambda it: User('u', value=it))", False, id="text"),
    ],
)
def test_resources_that_hang_on_it_are_told(run, declared, told) -> None:
    outcome = run(MAKER + declared)
    assert [name for name in ("u", "u0") if any(it.name == name for it in outcome.requests.values())]
    notices = outcome.notices("invented-branch")
    assert [notice["source"]["file"] for notice in notices] == ["__main__.py"] * told


@pytest.mark.parametrize(
    ("output", "sent"),
    [
        pytest.param("maker.ready", {"open": UNKNOWN, "n": UNKNOWN, "as": UNKNOWN}, id="flag"),
        pytest.param(
            "find_output().apply(lambda it: it.enabled)", {"open": UNKNOWN, "n": UNKNOWN, "as": UNKNOWN}, id="answer"
        ),
        # How many there are hangs on the list, not what they are.
        pytest.param("maker.names", {"open": True, "n": 5, "as": "x"}, id="list"),
    ],
)
def test_what_is_declared_by_a_flag_is_known_in_nothing(run, output, sent) -> None:
    declared = "User('u', value={'open': bool(it) or True, 'n': 5, 'as': 'x'})"
    outcome = run(MAKER + f"{output}.apply(lambda it: {declared})")
    assert outcome.inputs("u")["value"] == sent


@pytest.mark.parametrize(
    ("awaited", "told"),
    [
        pytest.param("await maker.ready.future()", True, id="flag"),
        pytest.param("await maker.count.apply(lambda it: it + 1).future()", True, id="made-of-one"),
        pytest.param("await maker.name.future()", False, id="text"),
        pytest.param("await maker.ready.is_known()", False, id="is-known"),
    ],
)
def test_an_awaited_invention_is_told(run, awaited, told) -> None:
    outcome = run(MAKER + f"async def main():\n    User('u', value={awaited})\npulumi.run(main)")
    assert outcome.end["event"] == "done", outcome.end
    assert [notice["source"]["file"] for notice in outcome.notices("invented-answer")] == ["__main__.py"] * told


def test_exports_and_transforms_see_no_mark(run) -> None:
    outcome = run(
        MAKER
        + """
def transform(args):
    print("PROPS", dict(args.props))
    return pulumi.ResourceTransformResult({**args.props, "more": args.props["value"] + 1}, args.opts)
User("user", value=maker.count, opts=pulumi.ResourceOptions(transforms=[transform]))
pulumi.export("port", maker.count)
"""
    )
    assert outcome.end["event"] == "done"
    assert "PROPS {'value': 1" in outcome.stderr
    assert outcome.inputs("user") == {"value": UNKNOWN, "more": UNKNOWN}
    assert outcome.exports == {"port": UNKNOWN}


def test_a_remediation_leaves_the_program_its_values(run) -> None:
    changed = struct_pb2.Struct()
    changed.update({"value": {"n": UNKNOWN, "tls": True}})
    keep = {"properties": None}
    answers = [keep, keep, keep, {"properties": base64.b64encode(changed.SerializeToString()).decode()}]
    outcome = run(
        MAKER
        + """
user = User("user", value={"n": maker.count, "tls": False})
user.value.apply(lambda it: print("GOT", it))
""",
        answers=answers,
        remediate=True,
    )
    assert outcome.end["event"] == "done", outcome.end
    assert outcome.inputs("user") == {"value": {"n": UNKNOWN, "tls": True}}
    assert "'tls': True" in outcome.stderr
    assert "'n': 1" in outcome.stderr


def test_both_halves_recognise_the_same_inventions() -> None:
    assert stand_ins.RECOGNISED.pattern == STAND_IN.pattern


def struct(**fields) -> struct_pb2.Struct:
    built = struct_pb2.Struct()
    built.update(fields)
    return built


def as_json(message: struct_pb2.Struct) -> object:
    return json.loads(json_format.MessageToJson(message))


def test_marks_come_off_and_leave_their_paths() -> None:
    value, size = ({SIGNATURE: signature} for signature in sorted(invented.SIGNATURES, reverse=True))
    marked = struct(
        a={**value, "value": 1},
        b=[{"c": {**size, "value": {"d": {**value, "value": 2}}}}, 3],
        s={SIGNATURE: SECRET, "value": {**size, "value": ["standin0c0123456789abcdef", 4]}},
    )
    hanging = invented.take(marked)
    assert hanging == [(("a",), Hangs.VALUE), (("b", 0, "c"), Hangs.VALUE), (("s",), Hangs.SIZE)]
    texts = ["standin0c0123456789abcdef", 4]
    assert as_json(marked) == {"a": 1, "b": [{"c": {"d": 2}}, 3], "s": {SIGNATURE: SECRET, "value": texts}}
    gone = [(("gone",), Hangs.SIZE), (("b", 7), Hangs.VALUE)]
    assert as_json(invented.hidden(marked, [*hanging, *gone])) == {
        "a": UNKNOWN,
        "b": [{"c": {"d": UNKNOWN}}, 3],
        "s": {SIGNATURE: SECRET, "value": [texts[0], UNKNOWN]},
    }
