"""What must hold of every analysis: laws of rewriting, small worlds decided request by request, and an end in time."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterable
from random import Random
from typing import Any

import pytest
from aws_hostile import HOSTILE
from aws_oracle import Verdict as Said
from aws_oracle import decide
from aws_replay import call_of
from aws_small_worlds import ALICE, HOLDER, IDENTITY, POINTS, RESOURCE, WORLDS, Body, World
from fuzzing import examples
from managed_policies import managed_policies

from policypack.guardrails.aws import actions as table
from policypack.guardrails.aws.answers import No, Undecided, Yes
from policypack.guardrails.aws.authority import Authority, Layers, effective
from policypack.guardrails.aws.caller_keys import domains_of
from policypack.guardrails.aws.callers import named_callers, named_principals
from policypack.guardrails.aws.comparison import Comparison, Relation, compare
from policypack.guardrails.aws.document import Document, Kind, parse
from policypack.guardrails.aws.evaluate import Principal, Request
from policypack.guardrails.aws.explanation import explain
from policypack.guardrails.aws.goals import Question
from policypack.guardrails.aws.goals import Requests as Asked
from policypack.guardrails.aws.questions import administrator, strangers
from policypack.guardrails.aws.search import find
from policypack.guardrails.aws.universe import Universe

ALL_WORLDS = pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)


def allowed(sources: Iterable[Body], kind: Kind, request: Request) -> Said:
    return decide([(source, kind.value) for source in sources], call_of(request))


# Small worlds


def pairs(world: World, random: Random) -> tuple[Body, Body]:
    """Two documents, half of the time but one statement apart."""
    base = world.document(random)
    if random.random() < 0.5:
        return base, world.document(random)
    body = list(base["Statement"])
    index = random.randrange(len(body) + 1)
    body[index : index + 1] = [world.statement(random, body[index]["Effect"] if index < len(body) else "")]
    return base, base | {"Statement": body}


@ALL_WORLDS
def test_the_second_implementation_decides_alike_at_once_and_one_by_one(world: World) -> None:
    random = Random(1)
    for _ in range(3):
        documents = [world.document(random), world.document(random)]
        found = world.allowed_by(documents)
        for number in random.sample(range(len(world.calls)), 100):
            said = decide([(each, world.kind.value) for each in documents], world.calls[number])
            assert (found.sure >> number & 1) == (said is Said.ALLOWED)
            assert (found.may >> number & 1) == (said in (Said.ALLOWED, Said.UNCLEAR))


@ALL_WORLDS
def test_a_request_of_a_small_world_is_never_missed(world: World) -> None:
    """A No where the second implementation allows a request is the worst that could happen."""
    random = Random(f"find {examples(0)}")
    doubts = tried = 0
    for _ in range(examples(60)):
        base, head = pairs(world, random)
        read, others = parse(head, world.kind), parse(base, world.kind)
        difference = world.allowed_by([head]).sure & ~world.allowed_by([base]).may
        reached = {call.action: call for call in world.calls_in(difference)}
        question = Question(Authority.of([read]), Authority.of([others]))
        named = named_principals((read, others))
        for action in dict.fromkeys(action for action, _ in world.points):
            answers = [
                find(question, Asked(caller, domains_of(caller, named), (action,)))
                for caller in named_callers((read, others))
            ]
            assert action not in reached or any(each != No() for each in answers), (base, head, reached[action])
            for each in answers:
                if isinstance(each, Yes):
                    assert allowed([head], world.kind, each.witness.request) is Said.ALLOWED, (base, head, each)
                    before = allowed([base], world.kind, each.witness.request)
                    assert before not in (Said.ALLOWED, Said.UNCLEAR), (base, head, each)
            tried += 1
            doubts += not any(isinstance(each, Yes) for each in answers) and answers.count(No()) < len(answers)
    assert tried
    # Two keys that are each other's variables are where doubts are honest.
    assert doubts < (0.15 if world is WORLDS["two texts"] else 0.05) * tried


def check(world: World, compared: Comparison, base: Body, head: Body) -> None:
    """Hold a comparison against the requests of a world."""
    ours, theirs = world.allowed_by([head]), world.allowed_by([base])
    for found, doubts, source, other, bits in (
        (compared.gained, compared.gained_doubts, head, base, ours.sure & ~theirs.may),
        (compared.lost, compared.lost_doubts, base, head, theirs.sure & ~ours.may),
    ):
        assert found or doubts or not bits, (base, head, next(world.calls_in(bits)))
        for each in found[:: max(1, len(found) // 4)]:
            request = each.witness.request
            assert allowed([source], world.kind, request) is Said.ALLOWED, (base, head, each)
            assert allowed([other], world.kind, request) not in (Said.ALLOWED, Said.UNCLEAR), (base, head, each)
        listed = {action for each in found for action in each.actions}
        if not doubts and not any(action.endswith("service:AnyAction") for action in listed):
            named = {call.action for call in world.calls_in(bits)} - {"anyservice:AnyAction"}
            assert named <= listed, (base, head, named - listed)


@ALL_WORLDS
def test_comparisons_of_a_small_world(world: World) -> None:
    random = Random(f"compare {examples(0)}")
    met = set()
    for _ in range(examples(8)):
        base, head = pairs(world, random)
        compared = compare([parse(base, world.kind)], [parse(head, world.kind)])
        check(world, compared, base, head)
        met.add(compared.relation)
    assert len(met) > 2


def ceiling(world: World, random: Random) -> Body:
    """A document that often allows everything but what it denies, as ceilings do, lest they leave nothing over."""
    found = world.document(random, 2)
    everything = [{"Effect": "Allow", "Action": "*", "Resource": "*"}] if random.random() < 0.7 else []
    return found | {"Statement": [*found["Statement"], *everything]}


@pytest.mark.parametrize("resource", [False, True], ids=["identity", "and a resource"])
def test_ceilings_of_a_small_world(resource: bool) -> None:
    """Grants under a boundary, a session policy and two levels of the organization."""
    random = Random(f"ceilings {examples(0)}")
    own, other = (RESOURCE, RESOURCE) if resource else (IDENTITY, IDENTITY)
    identity = World(Kind.IDENTITY, own.callers, own.points, own.keys, own.actions, own.resources, own.conditions)
    caller = Principal("AWS", ALICE if resource else HOLDER[1])
    bits = sum(1 << number for number, call in enumerate(identity.calls) if call.principal == caller.name)
    met: list[type] = []
    for _ in range(examples(15)):
        layers = [[ceiling(identity, random)] for _ in range(4)]
        read = [[parse(each, Kind.IDENTITY) for each in layer] for layer in layers]
        policy = other.document(random, 2) if resource else None
        if policy is not None:
            for statement in policy["Statement"]:
                statement.pop("NotPrincipal", None)
                statement["Principal"] = random.choice(("*", {"AWS": ALICE}))
        authority = effective(
            Layers(
                identity=read[0],
                resource=None if policy is None else parse(policy, Kind.RESOURCE),
                boundary=read[1],
                session=read[2],
                service_control=[read[3], read[0]],
            ),
            caller,
        )
        effects = [identity.effects(layer) for layer in layers]
        granted = effects[0][0] & effects[1][0] & effects[2][0] & effects[3][0]
        denied = effects[0][1] | effects[1][1] | effects[2][1] | effects[3][1]
        if policy is not None:
            allow, deny = other.effects([policy])
            granted, denied = granted | (allow & effects[3][0] & effects[0][0]), denied | deny
        found = granted.without(denied)
        reached = {call.action: call for call in identity.calls_in(found.sure & bits)}
        for action in dict.fromkeys(action for action, _ in identity.points):
            answer = find(Question(authority), Asked(caller, domains_of(caller, frozenset({ALICE})), (action,)))
            assert answer != No() or action not in reached, (layers, policy, reached[action])
            met.append(type(answer))
    assert Yes in met
    assert met.count(Undecided) < 0.1 * len(met)


# Laws

Change = Callable[[World, Random, Body], Body]


def changed(document: Body, random: Random, change: Callable[[Body], list[Body]], effect: str = "") -> Body:
    """The document with one statement replaced by others."""
    body = list(document["Statement"])
    fitting = [index for index, each in enumerate(body) if effect in ("", each["Effect"])]
    if fitting:
        index = random.choice(fitting)
        body[index : index + 1] = change(body[index])
    return document | {"Statement": body}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def split(_world: World, random: Random, document: Body) -> Body:
    """One statement for each action and each resource."""

    def change(statement: Body) -> list[Body]:
        found = [statement]
        for name in ("Action", "Resource"):
            if name in statement:
                found = [each | {name: value} for each in found for value in as_list(statement[name])]
        return found

    return changed(document, random, change)


def split_principals(_world: World, random: Random, document: Body) -> Body:
    def change(statement: Body) -> list[Body]:
        named = statement.get("Principal")
        if not isinstance(named, dict):
            return [statement]
        return [statement | {"Principal": {kind: name}} for kind, names in named.items() for name in as_list(names)]

    return changed(document, random, change)


def split_values(_world: World, random: Random, document: Body) -> Body:
    """One statement for each value of an entry whose values are alternatives."""

    def change(statement: Body) -> list[Body]:
        condition = statement.get("Condition", {})
        for operator, keys in condition.items():
            if "Not" in operator or "ForAll" in operator or "${" in json.dumps(keys):
                continue
            for key, values in keys.items():
                return [
                    statement | {"Condition": condition | {operator: keys | {key: value}}} for value in as_list(values)
                ]
        return [statement]

    return changed(document, random, change)


def reorder(_world: World, random: Random, document: Body) -> Body:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: shuffled(value[key]) for key in random.sample(list(value), len(value))}
        return [shuffled(each) for each in random.sample(value, len(value))] if isinstance(value, list) else value

    found: Body = shuffled(document)
    return found


def recase(_world: World, random: Random, document: Body) -> Body:
    def cased(text: str) -> str:
        return random.choice((text.upper(), text.lower(), text.swapcase()))

    def change(statement: Body) -> list[Body]:
        found = dict(statement)
        for name in ("Action", "NotAction"):
            if name in found:
                found[name] = [cased(each) for each in as_list(found[name])]
        condition = statement.get("Condition", {})
        return [
            found
            | {
                "Condition": {
                    operator: {cased(key): value for key, value in keys.items()} for operator, keys in condition.items()
                }
            }
        ]

    return changed(document, random, change)


def listed(_world: World, random: Random, document: Body) -> Body:
    """Lists where there were single texts."""

    def change(statement: Body) -> list[Body]:
        names = ("Action", "NotAction", "Resource", "NotResource")
        found = statement | {name: as_list(statement[name]) for name in names if name in statement}
        condition = statement.get("Condition", {})
        wrapped = {
            operator: {key: as_list(value) for key, value in keys.items()} for operator, keys in condition.items()
        }
        return [found | {"Condition": wrapped}]

    return changed(document, random, change)


def complete(_world: World, random: Random, document: Body) -> Body:
    """Short ARNs written out."""

    def change(statement: Body) -> list[Body]:
        return [json.loads(json.dumps(statement).replace('"arn:aws:sns"', '"arn:aws:sns:*:*:*"'))]

    return changed(document, random, change)


def expand(_world: World, random: Random, document: Body) -> Body:
    """Wildcards within the service written out as the actions of the table that they match."""

    def change(statement: Body) -> list[Body]:
        found = dict(statement)
        for name in ("Action", "NotAction"):
            patterns = as_list(found.get(name, []))
            names: list[str] = []
            for pattern in patterns:
                prefix = pattern.partition(":")[0].lower()
                service = table.service(prefix)
                if service is None or "*" not in pattern:
                    names.append(pattern)
                    continue
                mask = Universe.fixed(tuple(each.name for each in service.actions.values()))
                names += [each for number, each in enumerate(mask.names) if mask.mask(pattern) >> number & 1]
            if patterns:
                found[name] = names
        return [found]

    return changed(document, random, change)


REWRITES: dict[str, Change] = {
    "split": split,
    "split principals": split_principals,
    "split values": split_values,
    "reorder": reorder,
    "re-case": recase,
    "single or list": listed,
    "short ARNs": complete,
    "expand": expand,
}


@pytest.mark.parametrize("rewrite", REWRITES.values(), ids=REWRITES)
def test_rewriting_changes_nothing(rewrite: Change) -> None:
    random = Random(f"rewrite {examples(0)}")
    tried = decided = 0
    for _ in range(examples(8)):
        for world in WORLDS.values():
            base = world.document(random, 2)
            head = rewrite(world, random, base)
            if json.dumps(head) == json.dumps(base):
                continue
            compared = compare([parse(base, world.kind)], [parse(head, world.kind)])
            assert not compared.gained, (base, head)
            assert not compared.lost, (base, head)
            tried += 1
            decided += compared.relation is Relation.EQUAL
    assert tried
    assert decided > 0.7 * tried


def if_exists(statement: Body) -> Body:
    condition = {
        operator + ("" if operator == "Null" or operator.endswith("IfExists") or ":" in operator else "IfExists"): keys
        for operator, keys in statement.get("Condition", {}).items()
    }
    # Two operators may come to have one name; then the entries are not what they were.
    return statement | {"Condition": condition} if len(condition) == len(statement.get("Condition", {})) else statement


def condition_more(world: World, random: Random, statement: Body) -> Body:
    operators, key, values = random.choice(list(world.conditions))
    operator = random.choice(operators)
    written = "true" if operator == "Null" else random.choice(values)
    condition = statement.get("Condition", {})
    return statement if operator in condition else statement | {"Condition": condition | {operator: {key: written}}}


def value_more(world: World, _random: Random, statement: Body) -> Body:
    condition = statement.get("Condition", {})
    for operator, keys in condition.items():
        if operator == "Null" or "Not" in operator or "${" in json.dumps(keys):
            continue
        for key, values in keys.items():
            fitting = next(found for _, name, found in world.conditions if name == key)
            plain = [each for each in fitting if "${" not in str(each)]
            return statement | {"Condition": condition | {operator: keys | {key: as_list(values) + plain[:1]}}}
    return statement


# Each makes a document wider ("gained" may be, "lost" may not) or narrower.
ONE_WAY: dict[str, tuple[str, Callable[[World, Random, Body], Body]]] = {
    "a further Deny": ("gained", lambda w, r, d: d | {"Statement": [*d["Statement"], w.statement(r, "Deny")]}),
    "a further Allow": ("lost", lambda w, r, d: d | {"Statement": [*d["Statement"], w.statement(r, "Allow")]}),
    "IfExists on an Allow": ("lost", lambda w, r, d: changed(d, r, lambda each: [if_exists(each)], "Allow")),
    "IfExists on a Deny": ("gained", lambda w, r, d: changed(d, r, lambda each: [if_exists(each)], "Deny")),
    "a further condition on an Allow": (
        "gained",
        lambda w, r, d: changed(d, r, lambda each: [condition_more(w, r, each)], "Allow"),
    ),
    "a further condition on a Deny": (
        "lost",
        lambda w, r, d: changed(d, r, lambda each: [condition_more(w, r, each)], "Deny"),
    ),
    "a further value on an Allow": (
        "lost",
        lambda w, r, d: changed(d, r, lambda each: [value_more(w, r, each)], "Allow"),
    ),
}


@pytest.mark.parametrize(("never", "change"), ONE_WAY.values(), ids=ONE_WAY)
def test_changes_that_go_one_way(never: str, change: Change) -> None:
    random = Random(f"{never} {examples(0)}")
    tried = doubts = 0
    for _ in range(examples(6)):
        for world in WORLDS.values():
            base = world.document(random, 3)
            head = change(world, random, base)
            if head == base:
                continue
            compared = compare([parse(base, world.kind)], [parse(head, world.kind)])
            assert not getattr(compared, never), (base, head, getattr(compared, never)[0])
            tried += 1
            doubts += bool(getattr(compared, f"{never}_doubts"))
    assert tried
    assert doubts < 0.3 * tried


def test_a_deny_makes_no_administrator_and_lets_no_stranger_in() -> None:
    random = Random(f"strangers {examples(0)}")
    order = [No, Undecided, Yes]
    questions: list[tuple[str, Callable[[Document], Any]]] = [
        ("identity", lambda document: administrator([document])),
        ("resource", lambda document: strangers(document, frozenset())),
    ]
    seen = set()
    for name, ask in questions:
        world = WORLDS[name]
        for _ in range(examples(12)):
            base = world.document(random)
            base["Statement"].append(world.statement(random, "Allow") | {"Action": "*", "Resource": "*"})
            base["Statement"][-1].pop("NotAction", None)
            head = base | {"Statement": [*base["Statement"], world.statement(random, "Deny")]}
            before, after = (type(ask(parse(each, world.kind))) for each in (base, head))
            assert after is not Yes or before is not No, (base, head)
            seen |= {order.index(before), order.index(after)}
    assert {0, 2} <= seen


def test_a_document_equals_itself() -> None:
    random = Random(f"itself {examples(0)}")
    sources = list(managed_policies().values())[:: max(1, 1500 // examples(36))]
    for world in WORLDS.values():
        for _ in range(3):
            source = world.document(random)
            again = compare([parse(source, world.kind)], [parse(source, world.kind)])
            assert again.relation is Relation.EQUAL, source
    for source in sources:
        # In another order it is not the same document, so that every statement has to be found in the other one.
        turned = {**source, "Statement": list(reversed(as_list(source["Statement"])))}
        again = compare([parse(source, Kind.IDENTITY)], [parse(turned, Kind.IDENTITY)])
        assert again.relation is Relation.EQUAL, source


def test_a_ceiling_never_adds_and_the_order_of_levels_is_nothing() -> None:
    random = Random(f"ceilings {examples(0)}")
    caller = Principal(*HOLDER)

    def differs(ours: Layers, theirs: Layers) -> object:
        question = Question(effective(ours, caller), effective(theirs, caller))
        asked = Asked(caller, domains_of(caller, frozenset()), tuple(dict.fromkeys(name for name, _ in POINTS)))
        return find(question, asked)

    doubts = tried = 0
    for _ in range(examples(8)):
        one, two, three = ([parse(IDENTITY.document(random, 2), Kind.IDENTITY)] for _ in range(3))
        bare = Layers(identity=one)
        bound = Layers(identity=one, boundary=two)
        here, there = (Layers(identity=one, service_control=each) for each in ([two, three], [three, two]))
        for ours, theirs in ((bound, bare), (here, bare), (here, there), (there, here)):
            answer = differs(ours, theirs)
            assert not isinstance(answer, Yes), (ours, theirs, answer)
            tried += 1
            doubts += isinstance(answer, Undecided)
    assert doubts < 0.2 * tried


@pytest.mark.parametrize("excluded", ["s3:Get*", ["s3:*Bucket*", "s3:PutObject"], "*:*Object"])
def test_a_complement_is_all_other_actions_of_the_table(excluded: str | list[str]) -> None:
    """`NotAction` speaks of other services as well, which a Deny takes away on both sides."""
    service = table.service("s3")
    assert service is not None
    universe = Universe.fixed(tuple(each.name for each in service.actions.values()))
    left = universe.all
    for pattern in as_list(excluded):
        left &= ~universe.mask(pattern)
    others = [name for number, name in enumerate(universe.names) if left >> number & 1]
    rest = {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}
    when = {"Resource": "arn:aws:s3:::b*", "Condition": {"StringLike": {"aws:username": "a*"}}}
    sources = [
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **what, **when}, rest]}
        for what in ({"NotAction": excluded}, {"Action": others}, {"Action": others[1:]})
    ]
    base, same, less = (parse(each, Kind.IDENTITY) for each in sources)
    assert compare([base], [same]).relation is Relation.EQUAL
    assert compare([base], [less]).relation is Relation.NARROWER


# Documents made to be slow

# Not a measurement: the alternative is minutes, or no end at all.
_MOST_SECONDS = 60


@pytest.mark.parametrize(("kind", "one", "two"), HOSTILE.values(), ids=HOSTILE)
def test_hostile_documents_end(kind: Kind, one: Body, two: Body) -> None:
    def too_long(_signal: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, too_long)
    try:
        read = parse(json.dumps(one), kind), parse(two, kind)
        works: list[Callable[[], object]] = [
            *(lambda each=each: explain([each]) for each in read),
            lambda: compare([read[0]], [read[1]]),
        ]
        for work in works:
            signal.setitimer(signal.ITIMER_VIRTUAL, _MOST_SECONDS)
            assert work() is not None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
