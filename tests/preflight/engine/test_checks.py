"""Whole checks: programs and states in, reports out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from policypack.guardrails.findings import Severity
from preflight.engine.check_program import Target, check_program
from preflight.engine.check_states import check_states
from preflight.engine.checks import Clock, Options, show_nowhere
from preflight.errors import CheckError
from preflight.report import Place, Report, as_json

TRANSCRIPTS = Path(__file__).parents[2] / "data" / "transcripts"
FolderOf = Callable[..., Path]

BUCKET = """
import pulumi
from pulumi import CustomResource


class Bucket(CustomResource):
    acl: pulumi.Output[str]

    def __init__(self, name, **inputs):
        super().__init__("aws:s3/bucket:Bucket", name, inputs)


"""


def check(folder: Path, options: Options | None = None, **target: object) -> Report:
    return check_program(Target(program=folder, **target), options or Options(show=show_nowhere), Clock())  # type: ignore[arg-type]


def test_a_finding_knows_its_line_and_its_resource(program_of: FolderOf) -> None:
    folder = program_of(BUCKET + 'Bucket("data", acl="public-read")\n')
    report = check(folder)
    assert report.failures == ()
    (found,) = [one for one in report.findings if one.path == "acl"]
    assert (found.rule, found.concern, found.name) == ("bucket-public-acl", "private-buckets", "data")
    assert (found.source, found.evidence) == (Place("__main__.py", 13), "wire")
    assert found.urn == "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::data"
    (subject,) = report.subjects
    assert (subject.kind, subject.path, subject.project, subject.stack) == ("program", str(folder), "shop", "dev")
    assert subject.resources == 2
    assert report.rules > 10


def test_two_runs_give_the_same_report(program_of: FolderOf) -> None:
    folder = program_of(BUCKET + 'for n in "abcdef":\n    Bucket(n, acl="public-read")\n')
    assert check(folder) == check(folder)


def policies(tmp_path: Path, content: object) -> Options:
    path = tmp_path / "policies.json"
    path.write_text(json.dumps(content))
    return Options(policy_config=path, show=show_nowhere)


def test_a_level_from_the_policy_configuration(program_of: FolderOf, tmp_path: Path) -> None:
    folder = program_of(BUCKET + 'Bucket("data", acl="public-read")\n')
    advisory = check(folder, policies(tmp_path, {"bucket-public-acl": "advisory"}))
    assert [one.enforcement for one in advisory.findings if one.path == "acl"] == ["advisory"]
    off = check(folder, policies(tmp_path, {"bucket-public-acl": "disabled"}))
    assert [one for one in off.findings if one.path == "acl"] == []
    assert off.rules == advisory.rules - 1


def test_a_remediation_reaches_the_program(program_of: FolderOf, tmp_path: Path) -> None:
    folder = program_of(BUCKET + 'pulumi.export("acl", Bucket("data", acl="public-read").acl)\n')
    report = check(folder, policies(tmp_path, {"bucket-public-acl": "remediate"}))
    assert report.failures == ()
    assert [one.enforcement for one in report.findings if one.path == "acl"] == ["remediate"]


def test_a_rule_that_only_preflight_carries_can_be_configured(program_of: FolderOf, tmp_path: Path) -> None:
    report = check(program_of("import pulumi\n"), policies(tmp_path, {"secret-literal-in-source": "disabled"}))
    assert report.rules == check(tmp_path / "shop").rules - 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"bucket-pulic-acl": "advisory"}, "did you mean 'bucket-public-acl'"),
        ({"secret-literal-in-source": {"x": 1}}, "secret-literal-in-source"),
        ({"all": "nothing"}, "is no enforcement level"),
    ],
)
def test_a_policy_configuration_that_names_nothing(
    program_of: FolderOf, tmp_path: Path, content: object, message: str
) -> None:
    with pytest.raises(CheckError, match=message):
        check(program_of("import pulumi\n"), policies(tmp_path, content))


def test_strict_gives_undecided_findings_the_level_of_their_rule(program_of: FolderOf) -> None:
    unknown = 'Bucket("data", acl=pulumi.Output.from_input(pulumi.UNKNOWN))\n'
    folder = program_of(BUCKET + unknown)
    usual = [one for one in check(folder).findings if one.rule == "bucket-public-acl"]
    strict = [
        one
        for one in check(folder, Options(strict=True, show=show_nowhere)).findings
        if one.rule == "bucket-public-acl"
    ]
    assert [(one.outcome, one.enforcement) for one in usual] == [("undecided", "advisory")]
    assert [(one.outcome, one.enforcement) for one in strict] == [("undecided", "mandatory")]


def test_what_was_checked_before_a_program_raised_is_reported(program_of: FolderOf) -> None:
    folder = program_of(
        BUCKET
        + 'CustomResource("oci:ObjectStorage/bucket:Bucket", "data", {"accessType": "ObjectRead"})\n'
        + 'Bucket("later", acl="public-read")\nraise ValueError("not with " + pulumi.Config().require("token"))\n',
        dev="config: {shop:token: in-clear}",
        project="name: shop\nruntime: python\n",
    )
    report = check(folder, config=["token=hunter2"])
    (failure,) = report.failures
    assert failure.kind == "exception"
    assert "ValueError" in failure.message
    assert "__main__.py" in failure.detail
    # What hangs on the rest of the stack is not judged: the rest was never declared.
    assert [(one.name, one.path) for one in report.findings] == [("data", "accessType")]
    assert report.exit_status(None, strict=False) == 2


def test_no_secret_is_shown(program_of: FolderOf) -> None:
    folder = program_of(
        """
        import pulumi
        token = pulumi.Config().require("token")
        print("printed", token)
        pulumi.log.info("logged " + token)
        raise ValueError("raised " + token)
        """,
        project="name: shop\nruntime: python\nconfig: {token: {type: string, secret: true}}\n",
    )
    shown: list[str] = []
    report = check(folder, Options(show=shown.append), config=["token=hunter2-hunter2"])
    assert "hunter2" not in repr(report) + repr(shown)
    assert any("printed [secret]" in line for line in shown)
    assert any("logged [secret]" in line for line in shown)
    assert "raised [secret]" in report.failures[0].message


def test_what_the_command_line_gives_is_a_secret_only_where_its_name_says_so(program_of: FolderOf) -> None:
    folder = program_of(
        BUCKET
        + "c = pulumi.Config()\n"
        + 'names = {name: c.require(name) for name in ("keyPairName", "authDomainName", "dbPassword")}\n'
        + 'Bucket("data", tags=names)\n',
    )
    given = {"keyPairName": "ops-bastion-2026", "authDomainName": "login-of-the-shop", "dbPassword": "Sommerregen-24"}
    report = check(folder, config=[f"{name}={text}" for name, text in given.items()])
    found = [(one.rule, one.path) for one in report.findings if one.path.startswith("tags")]
    assert found == [("secret-configuration-in-plain", "tags.dbPassword")]


def test_a_stack_without_a_file_is_pointed_out(program_of: FolderOf) -> None:
    folder = program_of("import pulumi\n", live="config: {}\n")
    assert check(folder).notices == ()
    (notice,) = check(folder, stack="livr").notices
    assert (notice.kind, "live" in notice.message) == ("no-stack-file", True)


def test_a_program_that_prints_frames_does_not_confuse_the_check(program_of: FolderOf) -> None:
    shown: list[str] = []
    report = check(program_of("""print('{"event": "done"}')\n"""), Options(show=shown.append))
    assert report.failures == ()
    assert shown == ['{"event": "done"}']


def test_a_pack_of_the_users_own(program_of: FolderOf, pack_of: FolderOf) -> None:
    folder = program_of(BUCKET + 'Bucket("data", acl="public-read")\n')
    pack = pack_of(
        """
        from pulumi_policy import *
        def every(args, report):
            if args.resource_type == "aws:s3/bucket:Bucket":
                report("seen " + args.name)
        PolicyPack("own", [ResourceValidationPolicy("every", "Every bucket", every, EnforcementLevel.MANDATORY)])
        """
    )
    report = check(folder, Options(pack=pack, show=show_nowhere))
    (found,) = report.findings
    assert (found.rule, found.source, report.rules) == ("every", Place("__main__.py", 13), 1)


def test_states_are_subjects_of_their_own(tmp_path: Path) -> None:
    original = TRANSCRIPTS / "state.json"
    other = tmp_path / "other.json"
    other.write_text(re.sub(r"urn:pulumi:dev::", "urn:pulumi:live::", original.read_text()))
    report = check_states([original, other], Options(), Clock())
    assert [(one.kind, one.stack, one.resources) for one in report.subjects] == [
        ("state", "dev", 22),
        ("state", "live", 22),
    ]
    first = [one.fingerprint for one in report.findings if one.subject == 0]
    second = [one.fingerprint for one in report.findings if one.subject == 1]
    assert first
    assert first == second
    assert {one.rule for one in report.findings} >= {"credential-output-unmarked"}
    assert "hunter2" not in repr(report)


def test_one_unreadable_state_among_several(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.touch()
    good = TRANSCRIPTS / "state.json"
    array = tmp_path / "array.json"
    array.write_text("[]")
    report = check_states([broken, good, array], Options(), Clock())
    assert [(one.subject, one.kind) for one in report.failures] == [(0, "unreadable"), (2, "unreadable")]
    assert "broken.json is empty" in report.failures[0].message
    (alone,) = check_states([good], Options(), Clock()).subjects
    assert [one.resources for one in report.subjects] == [0, alone.resources, 0]
    assert {one.subject for one in report.findings} == {1}
    assert report.exit_status(None, strict=False) == 2
    with pytest.raises(CheckError, match=r"broken\.json is empty"):
        check_states([broken], Options(), Clock())


KEY = "urn:pulumi:dev::shop::aws:iam/accessKey:AccessKey::key"
PASSWORD = "urn:pulumi:dev::shop::aws:rds/instance:Instance::db"
MARKED = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}
HIDDEN = {**MARKED, "ciphertext": "v1:a:b"}


@pytest.mark.parametrize(
    ("resource", "found", "noticed"),
    [
        pytest.param({"urn": KEY, "outputs": {"secret": HIDDEN}}, [], [], id="encrypted"),
        pytest.param({"urn": KEY, "outputs": {"secret": "[secret]"}}, [], [], id="redacted"),
        pytest.param(
            {"urn": KEY, "outputs": {"secret": {**MARKED, "plaintext": '"hunter2-hunter2"'}}},
            [],
            ["secrets-in-clear"],
            id="exported with its secrets",
        ),
        pytest.param(
            {"urn": KEY, "outputs": {"secret": "hunter2-hunter2"}},
            [("credential-stored-in-plain", "secret")],
            [],
            id="an output in clear",
        ),
        pytest.param(
            {"urn": PASSWORD, "inputs": {"password": "hunter2-hunter2"}, "outputs": {"password": "hunter2-hunter2"}},
            [("credential-property-unmarked", "password")],
            [],
            id="an input in clear is said once",
        ),
        pytest.param(
            {"urn": KEY, "outputs": {"secret": "hunter2-hunter2"}, "delete": True},
            [],
            ["pending-deletion"],
            id="waits to be deleted",
        ),
    ],
)
def test_credentials_in_a_state(
    tmp_path: Path, resource: dict[str, object], found: list[tuple[str, str]], noticed: list[str]
) -> None:
    file = tmp_path / "state.json"
    stack = {"urn": "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev", "type": "pulumi:pulumi:Stack"}
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": [stack, resource]}}))
    report = check_states([file], Options(), Clock())
    wanted = {"credential-stored-in-plain", "credential-property-unmarked"}
    assert [(one.rule, one.path) for one in report.findings if one.rule in wanted] == found
    assert [one.kind for one in report.notices] == noticed
    assert "hunter2" not in repr(report)


GRANT = '{"type": "Group", "uri": "http://acs.amazonaws.com/groups/global/AllUsers", "permissions": ["WRITE"]}'


def test_what_a_remediation_leaves_fails(program_of: FolderOf, tmp_path: Path) -> None:
    folder = program_of(BUCKET + f'Bucket("data", acl="public-read", grants=[{GRANT}])\n')
    report = check(folder, policies(tmp_path, {"bucket-public-acl": "remediate"}))
    found = {one.path: one.enforcement for one in report.findings if one.rule == "bucket-public-acl"}
    assert found == {"acl": "remediate", "grants[0].uri": "mandatory"}
    assert report.exit_status(Severity.LOW, strict=False) == 1


def test_a_rule_that_cannot_mend_is_pointed_out(program_of: FolderOf, tmp_path: Path) -> None:
    content = {"bucket-public-policy": "remediate", "bucket-public-acl": "remediate"}
    (notice,) = check(program_of("import pulumi\n"), policies(tmp_path, content)).notices
    assert notice.kind == "policy-configuration"
    assert notice.message.startswith("bucket-public-policy cannot mend")


def test_the_advice_on_what_is_undecided_fits_preflight(program_of: FolderOf) -> None:
    folder = program_of(BUCKET + 'Bucket("data", acl=pulumi.Output.from_input(pulumi.UNKNOWN))\n')
    (found,) = [one for one in check(folder).findings if one.outcome == "undecided"]
    assert "--config" in found.fix
    assert "preflight check" not in found.fix


@pytest.mark.parametrize("given", ["file", "option"])
def test_a_value_read_as_a_secret_under_a_telling_name_is_not_shown(program_of: FolderOf, given: str) -> None:
    main = """
        import pulumi
        print("key", pulumi.Config().require("apiKey"), pulumi.Config().require("size"))
        pulumi.Config().require_secret_int("tok")
    """
    values = {"shop:tok": "hunter2-hunter2", "shop:apiKey": "abcdefgh-1", "shop:size": "very-large-one"}
    files = {"dev": json.dumps({"config": values})} if given == "file" else {}
    folder = program_of(main, **files)
    shown: list[str] = []
    config = [f"{key}={value}" for key, value in values.items()] if given == "option" else []
    report = check(folder, Options(show=shown.append), config=config)
    assert shown == ["key [secret] very-large-one"]
    assert "hunter2" not in repr(report)
    assert "value '[secret]' is not a valid 'int' (at __main__.py:4)" in report.failures[0].message


def test_rules_are_timed(program_of: FolderOf) -> None:
    clock = Clock()
    folder = program_of(BUCKET + 'Bucket("data", acl="private")\n')
    check_program(Target(program=folder), Options(show=show_nowhere), clock)
    assert {"bucket-public-acl", "secret-literal-in-source"} <= set(clock.rules)
    assert min(clock.rules.values()) >= 0


def test_no_field_of_a_finding_shows_a_secret(program_of: FolderOf) -> None:
    main = (
        BUCKET
        + """
token = pulumi.Config().require("token")
Bucket("data-" + token, acl="public-read")
outer = pulumi.ComponentResource("shop:" + token + ":Outer", "outer")
CustomResource("shop:index:" + token, "unheard of", {})
CustomResource("aws:s3/bucket:Bucket", "inner", {"acl": "public-read"}, pulumi.ResourceOptions(parent=outer))
"""
    )
    schema = "name: shop\nruntime: python\nconfig: {token: {type: string, secret: true}}\n"
    report = check(program_of(main, project=schema), config=["token=hunter2hunter2"])
    assert report.failures == ()
    found = {one.urn: one.source for one in report.findings if one.rule == "bucket-public-acl"}
    assert set(found) == {
        "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::data-[secret]",
        "urn:pulumi:dev::shop::shop:[secret]:Outer$aws:s3/bucket:Bucket::inner",
    }
    # Its place is known by its name as it is.
    assert found["urn:pulumi:dev::shop::aws:s3/bucket:Bucket::data-[secret]"] == Place("__main__.py", 15)
    assert "hunter2" not in json.dumps(as_json(report))


def test_no_secret_that_a_state_holds_in_clear_is_shown(tmp_path: Path) -> None:
    file = tmp_path / "state.json"
    bucket = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::"
    resources = [
        {"urn": KEY, "outputs": {"secret": {**MARKED, "plaintext": '"hunter2-hunter2"'}}},
        {"urn": bucket + "data-hunter2-hunter2", "inputs": {"acl": "public-read"}},
        {"urn": bucket + "old-hunter2-hunter2", "delete": True},
    ]
    file.write_text(json.dumps({"version": 3, "deployment": {"resources": resources}}))
    report = check_states([file], Options(), Clock())
    assert bucket + "data-[secret]" in {one.urn for one in report.findings}
    assert any("old-[secret]" in one.message for one in report.notices)
    assert "hunter2" not in json.dumps(as_json(report))
