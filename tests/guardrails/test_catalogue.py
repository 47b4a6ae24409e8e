"""What holds of every rule: how it is named, described, tested and declared, and what its sources may import."""

import ast
import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import jsonschema
import pulumi_policy
import pytest
from google.protobuf import empty_pb2
from pulumi.runtime.proto import analyzer_pb2 as pb

from policypack.guardrails import pack
from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Concern, Level
from policypack.guardrails.rule import ProgramRule, ResourceRule, StackRule
from policypack.guardrails.rules import access_point_openings, closed_storage, policy_openings
from policypack.guardrails.rules.resource_policies import BUCKET_LIKE

TESTS = Path(__file__).parents[1]
GUARDRAILS = TESTS.parent / "policypack/guardrails"
SOURCES = sorted(GUARDRAILS.rglob("*.py"))
LANGUAGE_ROOMS = [path for path in SOURCES if path.relative_to(GUARDRAILS).parts[0] in {"aws", "issuers", "oci"}]
OCI_PAGE = TESTS.parent / "docs/oci-policy-language.md"
MODULES = sorted(path for path in GUARDRAILS.glob("rules/*/*.py") if path.stem != "__init__")

DEMANDS = {"avoid", "check", "disallow", "ensure", "forbid", "must", "no", "require", "should", "verify"}
BEYOND_THE_PACK = {"preflight", "policypack", "guardrails", "subprocess", "socket", "http", "urllib", "requests"}
FILE_METHODS = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "mkdir", "glob", "rglob"}

PACK_RULES = [rule for rule in RULES if not isinstance(rule, ProgramRule)]

# Rules of private-buckets that are not about strangers reaching a bucket, each with what it is about.
NOT_EXPOSURE: dict[str, str] = {
    "access-block-incomplete": "what stands against openings",
    "access-point-block-off": "what stands against openings",
    "bucket-opening-behind-block": "what strangers do not reach yet",
    "bucket-without-access-block": "what stands against openings",
    "oci-bucket-replicated-elsewhere": "where the copy of a bucket lies",
    "oci-bucket-shared-with-other-tenancy": "what a named tenancy may do",
    "oci-bucket-without-safeguards": "what keeps the data of a bucket",
    "oci-preauthenticated-request-for-every-object": "what the holder of a URL may do",
    "oci-preauthenticated-request-long-lived": "how long the holder of a URL may do it",
    "oci-preauthenticated-request-may-write": "what the holder of a URL may do",
    "bucket-accepts-plain-http": "TLS",
    "bucket-policy-locks-out-owner": "who may change the policy",
    "bucket-policy-open-by-definition": "what AWS calls public",
    "bucket-tls-deny-incomplete": "TLS",
    "bucket-acls-in-use": "who decides over single objects",
    "bucket-cors-any-origin": "which pages a browser serves",
    "bucket-website-hosting": "how a bucket is served",
    "bucket-without-safeguards": "what keeps the data of a bucket",
    "distribution-origin-without-access-control": "how CloudFront asks a bucket",
    "trail-without-object-events": "what is recorded",
}


def place(path: Path) -> str:
    return path.relative_to(GUARDRAILS).as_posix()


every_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
every_source = pytest.mark.parametrize("path", SOURCES, ids=place)


def module_name(path: Path) -> str:
    return f"policypack.guardrails.rules.{path.parent.name}.{path.stem}"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> Iterator[str]:
    """What a source imports, in full: a relative import as the path below `guardrails`, with a leading dot."""
    package = path.relative_to(GUARDRAILS).parent.parts
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module or ""
        elif isinstance(node, ast.ImportFrom):
            up = len(package) - (node.level - 1)
            assert up >= 0, f"{path} imports from outside guardrails"
            names = [node.module] if node.module else [alias.name for alias in node.names]
            yield from ("." + ".".join([*package[:up], name]) for name in names)


def top(name: str) -> str:
    return name.partition(".")[0]


# Ids and places


def test_ids_are_unique() -> None:
    assert sorted({rule.id for rule in RULES}) == sorted(rule.id for rule in RULES)


@every_rule
def test_id_is_kebab_case_and_names_a_state(rule) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", rule.id)
    assert rule.id.partition("-")[0] not in DEMANDS


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_module_holds_the_rule_of_its_name_and_folder_and_is_in_the_catalogue(path) -> None:
    rule = import_module(module_name(path)).RULE
    assert (rule.concern.value, rule.id) == (path.parent.name.replace("_", "-"), path.stem.replace("_", "-"))
    assert rule in RULES


def test_catalogue_holds_nothing_but_the_modules_in_alphabetical_order() -> None:
    assert [(rule.concern.value, rule.id) for rule in RULES] == sorted(
        (path.parent.name.replace("_", "-"), path.stem.replace("_", "-")) for path in MODULES
    )


def test_every_concern_has_rules_and_says_what_it_is_about() -> None:
    assert {rule.concern for rule in RULES} == set(Concern)
    for concern in Concern:
        assert import_module(f"policypack.guardrails.rules.{concern.value.replace('-', '_')}").__doc__


@every_rule
def test_public_names_the_rules_on_strangers_in_a_bucket_and_only_those(rule) -> None:
    exposure = rule.concern is Concern.PRIVATE_BUCKETS and rule.id not in NOT_EXPOSURE
    assert ("public" in rule.id.split("-")) == exposure


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_escalation_names_the_rules_on_privilege_escalation_and_only_those(path) -> None:
    rule = import_module(module_name(path)).RULE
    uses_the_room = any("escalation" in name.split(".") for name in imports(path))
    speaks_of_it = re.search(r"escalat|more privileges than", f"{rule.title} {rule.why}", re.IGNORECASE) is not None
    assert ("escalation" in rule.id.split("-")) == (uses_the_room or speaks_of_it)
    assert "escalation" not in rule.id.split("-") or rule.concern is Concern.LEAST_PRIVILEGE


# Descriptions


@every_rule
def test_title_is_one_line_without_a_full_stop(rule) -> None:
    assert re.fullmatch(r"[A-Z][^\n]{8,78}[^.\s]", rule.title)


@every_rule
@pytest.mark.parametrize("part", ["why", "fix"])
def test_why_and_fix_are_sentences(rule, part) -> None:
    text = getattr(rule, part)
    assert 20 <= len(text) <= 320
    assert re.fullmatch(r"[A-Z`][^\n]*\.", text)


def test_titles_differ() -> None:
    assert len({rule.title for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_nothing_of_the_scaffold_is_left(path) -> None:
    assert re.search(r"fill[ -]?in\b", path.read_text(encoding="utf-8"), re.IGNORECASE) is None


@every_rule
def test_controls_name_benchmark_version_and_control(rule) -> None:
    form = re.compile(r"[A-Z][A-Za-z-]*-\d+(\.\d+)*:[\w.-]+")
    assert [control for control in rule.controls if not form.fullmatch(control)] == []
    assert len(set(rule.controls)) == len(rule.controls)


@every_rule
def test_types_are_type_tokens(rule) -> None:
    types = () if isinstance(rule, ProgramRule) else rule.types
    assert [token for token in types if not re.fullmatch(r"[a-z][\w-]*:[\w/]+:\w+", token)] == []
    assert len(set(types)) == len(types)


def test_rules_on_oci_yield_to_rules_that_are_judged_with_them() -> None:
    sort = {rule.id: type(rule) for rule in RULES}
    ours = [rule for rule in RULES if rule.id.startswith("oci-")]
    yielding = [(rule, other) for rule in ours for other in rule.yields_to]
    # A rule on the stack yields to what was said of the resources before, too.
    assert not [(rule.id, other) for rule, other in yielding if sort[other] not in {type(rule), ResourceRule}]


def test_rules_yield_to_rules_that_yield_to_none_of_them() -> None:
    yields = {rule.id: set(rule.yields_to) for rule in RULES}
    assert {other for others in yields.values() for other in others} <= yields.keys()
    assert not [(one, other) for one, others in yields.items() for other in others if one in yields[other] | {other}]


def test_a_stack_rule_that_mends_says_which_of_its_types() -> None:
    stack_rules = [rule for rule in RULES if isinstance(rule, StackRule)]
    assert [rule.id for rule in stack_rules if (rule.remediate is None) != (not rule.mends)] == []
    assert [rule.id for rule in stack_rules if rule.types and not set(rule.mends) <= set(rule.types)] == []


def test_every_policy_of_a_bucket_or_what_is_like_one_is_judged_by_one_rule_on_openings() -> None:
    kinds = (policy_openings.POLICY_TYPES, access_point_openings.ACCESS_POINT_TYPES, closed_storage.CLOSED_TYPES)
    assert sorted(BUCKET_LIKE) == sorted(token for kind in kinds for token in kind)


@every_rule
def test_level_is_given_only_where_it_differs_from_the_severity(rule) -> None:
    assert rule.level is not rule.severity.level
    assert rule.level is not Level.REMEDIATE, "nothing is mended that nobody asked to mend"


@every_rule
def test_settings_have_a_schema_that_is_plain_json_and_a_default_that_obeys_it(rule) -> None:
    for key, schema in rule.settings.items():
        assert key != "enforcementLevel"
        assert json.loads(json.dumps(schema)) == schema
        jsonschema.Draft7Validator.check_schema(schema)
        jsonschema.validate(schema["default"], schema)
        assert re.fullmatch(r"[A-Z][^\n]{9,}", str(schema.get("description", "")))
    defaults = {key: schema["default"] for key, schema in rule.settings.items()}
    assert not (rule.check_settings and list(rule.check_settings(defaults)))


Defined = tuple[str, str]


def definitions(path: Path) -> Iterator[tuple[Defined, set[Defined]]]:
    """What a module defines or imports, as module and name, with what that uses."""
    parts = path.relative_to(GUARDRAILS).with_suffix("").parts
    own = "." + ".".join(parts)
    known: dict[str, Defined] = {}
    for node in tree(path).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            base = [*parts[: len(parts) - node.level], *([node.module] if node.module else [])]
            known |= {alias.asname or alias.name: ("." + ".".join(base), alias.name) for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
            yield (own, node.name), {known.get(name, (own, name)) for name in names}
    yield from (((own, name), {target}) for name, target in known.items())


def test_rules_that_read_what_is_said_of_own_issuers_say_so_and_no_others() -> None:
    uses = dict(found for path in GUARDRAILS.glob("rules/**/*.py") for found in definitions(path))
    readers = {(".rules.own_issuers", "question")}
    while more := {name for name, used in uses.items() if used & readers} - readers:
        readers |= more
    for path in MODULES:
        rule = import_module(module_name(path)).RULE
        reads = any(module == f".rules.{path.parent.name}.{path.stem}" for module, _ in readers)
        assert reads == ("oidc-trust-without-subject" in (rule.id, *rule.settings_of)), rule.id


@pytest.mark.parametrize(
    ("page", "concern"),
    [
        ("buckets.md", Concern.PRIVATE_BUCKETS),
        ("oidc.md", Concern.OIDC_AUDIENCE),
        ("secrets.md", Concern.SECRET_MARKING),
    ],
)
def test_a_page_names_each_rule_of_its_concern_with_its_severity(page: str, concern: Concern) -> None:
    text = (TESTS.parent / "docs" / page).read_text(encoding="utf-8")
    rows = re.findall(r"^\|[^|]+\|([^|]+)\| *([^|]+?) *\|$", text, re.MULTILINE)
    named = [(rule_id, severity) for ids, severity in rows for rule_id in re.findall(r"`([^`]+)`", ids)]
    told = {rule_id: re.split(r"\W", severity)[0] for rule_id, severity in named}
    assert len(told) == len(named)
    assert told == {
        rule.id: "advice" if rule.default_level is Level.DISABLED else rule.severity.value
        for rule in RULES
        if rule.concern is concern
    }


def test_the_page_on_oci_names_each_of_its_rules_with_its_severity() -> None:
    rows = re.findall(
        r"^\|[^|]*\| `(oci-[^`]+)` \|(?: \W \|)? (\w+)", OCI_PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(dict(rows)) == len(rows)
    assert dict(rows) == {
        rule.id: "advice" if rule.default_level is Level.DISABLED else rule.severity.value
        for rule in RULES
        if rule.concern is Concern.LEAST_PRIVILEGE and rule.id.startswith("oci-")
    }


# Tests


@cache
def tables() -> dict[str, object]:
    """The rules that have a test table under tests/guardrails/rules, by id."""
    found: dict[str, object] = {}
    for path in sorted(TESTS.glob("guardrails/rules/**/test_*.py")):
        spec = spec_from_file_location(f"tables_in_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        tests = (value for name, value in vars(module).items() if name.startswith("test_"))
        found |= {test.rule.id: test.rule for test in tests if hasattr(test, "rule")}
    return found


@pytest.mark.parametrize("rule", PACK_RULES, ids=lambda rule: rule.id)
def test_rule_has_a_test_table(rule) -> None:
    assert tables().get(rule.id) is rule, f"no test_* = table({rule.id}, …) under tests/guardrails/rules"


# The pack


@pytest.mark.parametrize("rule", PACK_RULES, ids=lambda rule: rule.id)
def test_rule_declares_as_a_crossguard_policy(rule) -> None:
    policy = pack.declare(rule)
    per_stack = isinstance(rule, StackRule)
    assert isinstance(
        policy, pulumi_policy.StackValidationPolicy if per_stack else pulumi_policy.ResourceValidationPolicy
    )
    assert (policy.name, policy.enforcement_level.value) == (rule.id, rule.default_level.value)


def test_the_pack_describes_every_rule_but_those_of_preflight() -> None:
    info = pack.Servicer(PACK_RULES).GetAnalyzerInfo(empty_pb2.Empty(), None)
    described = {policy.name: policy for policy in info.policies}
    assert sorted(described) == sorted(rule.id for rule in PACK_RULES)
    for rule in PACK_RULES:
        policy = described[rule.id]
        assert policy.enforcementLevel == pb.EnforcementLevel.Value(rule.default_level.name)
        assert policy.severity == pb.PolicySeverity.Value(f"POLICY_SEVERITY_{rule.severity.name}")
        assert (policy.url, policy.remediation_steps) == (rule.docs, rule.fix)
        assert set(policy.configSchema.properties) == set(rule.settings)


# Rooms


@pytest.mark.parametrize("path", sorted(GUARDRAILS.glob("rules/**/*.py")), ids=place)
def test_rules_know_nothing_of_the_wire_or_of_preflight(path) -> None:
    assert {top(name) for name in imports(path)}.isdisjoint({"google", "grpc", "pulumi", "pulumi_policy", "preflight"})
    rooms = {name.split(".")[1] for name in imports(path) if name.startswith(".")}
    assert rooms <= {"aws", "findings", "glob", "issuers", "model", "oci", "rule", "rules", "secrets", "values"}


@pytest.mark.parametrize("path", LANGUAGE_ROOMS, ids=place)
def test_a_language_room_stands_alone(path) -> None:
    room = path.relative_to(GUARDRAILS).parts[0]
    libraries = {"lark"} if room == "oci" else set()
    for name in imports(path):
        if name.startswith("."):
            assert name.split(".")[1] in {room, "glob", "issuers", "values"}, name
        else:
            assert top(name) in sys.stdlib_module_names | libraries, name


@every_source
def test_guardrails_imports_neither_provider_nor_network_nor_preflight(path) -> None:
    names = {top(name) for name in imports(path)}
    assert names.isdisjoint(BEYOND_THE_PACK)
    assert [name for name in names if name.startswith("pulumi_") and name != "pulumi_policy"] == []
    speaks_to_engines = place(path) in {"pack.py", "wire.py", "details.py"}
    assert speaks_to_engines or names.isdisjoint({"google", "grpc", "pulumi", "pulumi_policy"})


@every_source
def test_guardrails_reads_no_file_but_the_data_beside_its_own_source(path) -> None:
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call):
            continue
        assert not (isinstance(node.func, ast.Name) and node.func.id == "open"), f"line {node.lineno}"
        if isinstance(node.func, ast.Attribute) and node.func.attr in FILE_METHODS:
            assert node.func.attr in {"read_text", "read_bytes"}, f"line {node.lineno}"
            names = {inner.id for inner in ast.walk(node.func.value) if isinstance(inner, ast.Name)}
            assert "__file__" in names, f"line {node.lineno} reads a file that is not beside this source"
