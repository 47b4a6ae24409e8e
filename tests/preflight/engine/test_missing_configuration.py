"""Checks of programs whose configuration is not there: what is invented, and what is said of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from policypack.guardrails.findings import Severity
from preflight.engine.check_program import Target, check_program
from preflight.engine.checks import Clock, Options, show_nowhere
from preflight.errors import CheckError
from preflight.report import MISSING, RAISED, Failure, Place, Report, Subject, as_json, build
from preflight.reports import text

FolderOf = Callable[..., Path]
SALT = "v1:TfeoW8ycC7U=:v1:oK/t4JYOIxvccU1h:BTNXI0olBu4Z7KzWuoQQbKhqbMYRlg=="
TOKEN = "v1:PIAFsQls3t8+mONI:jZk8yFNYBSO2VqahD1Ej7Np6ugym0Jn5HLFRTBFlCw=="

BUCKET = """
import pulumi
from pulumi import CustomResource


class Bucket(CustomResource):
    def __init__(self, name, **inputs):
        super().__init__("aws:s3/bucket:Bucket", name, inputs)


config = pulumi.Config()
"""
THREE = (
    BUCKET
    + """
name = config.require("name")
size = config.require_int("size")
token = config.require_secret("token")
Bucket("data", bucket=name, acl="public-read")
"""
)


@pytest.fixture(autouse=True)
def _without_a_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE_FILE", raising=False)


def check(folder: Path, *, strict: bool = False, **target: object) -> Report:
    options = Options(show=show_nowhere, strict=strict)
    return check_program(Target(program=folder, **target), options, Clock())  # type: ignore[arg-type]


def test_the_run_goes_on_and_one_notice_names_every_key(program_of: FolderOf) -> None:
    report = check(program_of(THREE))
    assert report.failures == ()
    assert [one.rule for one in report.findings if one.path == "acl"] == ["bucket-public-acl"]
    (notice,) = report.notices
    assert notice.kind == "configuration-invented"
    assert "shop:name (text), shop:size (integer), shop:token (secret text)" in notice.message
    assert "`pulumi config set`, or for this run with --config KEY=VALUE" in notice.message
    assert notice.message.endswith("what hangs on shop:size is a guess")
    assert notice.source == Place("__main__.py", 13)
    assert as_json(report)["notices"][0]["message"] == notice.message
    shown = text.render(report, Severity.LOW)
    assert f"    configuration-invented: {notice.message} (__main__.py:13)\n" in shown


def test_strict_makes_an_error_of_it_that_names_every_command(program_of: FolderOf) -> None:
    report = check(program_of(THREE), strict=True)
    (failure,) = report.failures
    assert report.exit_status(Severity.LOW, strict=True) == 2
    for command in (
        "`pulumi config set shop:name <value>`",
        "`pulumi config set shop:size <value>`",
        "`pulumi config set --secret shop:token <value>`",
    ):
        assert command in failure.message
    assert [one.rule for one in report.findings if one.path == "acl"] == ["bucket-public-acl"]
    assert "unable: configuration is missing" in text.render(report, Severity.LOW, strict=True)


def test_what_is_given_is_not_invented(program_of: FolderOf) -> None:
    given = ["name=data", "size=3", "token=hunter2-hunter2"]
    assert check(program_of(THREE), strict=True, config=given).notices == ()


def test_what_the_project_declares_is_missing_though_nobody_reads_it(program_of: FolderOf) -> None:
    project = (
        "name: shop\nruntime: python\nconfig: {a: {type: boolean}, b: {type: string, secret: true}, c: {default: 1}}\n"
    )
    report = check(program_of(BUCKET, project=project))
    (notice,) = report.notices
    assert "shop:a (flag), shop:b (secret text); set" in notice.message
    assert notice.source is None


def test_a_verdict_that_hangs_on_an_invented_text_is_undecided(program_of: FolderOf) -> None:
    folder = program_of(BUCKET + 'Bucket("data", acl=config.require("acl"))\n')
    assert [(one.rule, one.outcome) for one in check(folder).findings] == [("bucket-public-acl", "undecided")]
    report = check(folder, config=["acl=public-read"])
    assert [(one.rule, one.outcome) for one in report.findings] == [("bucket-public-acl", "violation")]


LEAK = """
token = {read}
pulumi.export("url", pulumi.Output.unsecret(pulumi.Output.concat("https://", token)))
"""


@pytest.mark.parametrize(
    ("read", "files"),
    [
        pytest.param('config.require_secret("token")', {}, id="not set"),
        pytest.param('config.require("token")', {"project": "config: {token: {secret: true}}"}, id="declared"),
        pytest.param('config.require("token")', {"dev": "config: {shop:token: {secure: x}}"}, id="encrypted"),
    ],
)
def test_a_secret_that_is_invented_is_one_that_may_leak(program_of: FolderOf, read: str, files: dict[str, str]) -> None:
    if "project" in files:
        files = {"project": f"name: shop\nruntime: python\n{files['project']}\n"}
    report = check(program_of(BUCKET + LEAK.format(read=read), **files))
    (found,) = report.findings
    assert (found.rule, found.outcome, found.path) == ("secret-exported-in-plain", "violation", "outputs.url")
    assert "secret configuration" in found.message


ENCRYPTED = f"config:\n  shop:size: {{secure: '{TOKEN}'}}\n  shop:all: {{a: [{{secure: '{TOKEN}'}}]}}\n"


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        pytest.param(f"encryptionsalt: {SALT}\n", "encrypted values: set PULUMI_CONFIG_PASSPHRASE", id="no passphrase"),
        pytest.param("secretsprovider: gcpkms://x\n", "with the secrets provider gcpkms", id="another provider"),
    ],
)
@pytest.mark.parametrize("strict", [False, True])
def test_encrypted_values_without_the_key(program_of: FolderOf, head: str, reason: str, strict: bool) -> None:
    main = BUCKET + 'config.require_secret_int("size")\nconfig.require_object("all")["a"][0].upper()\n'
    report = check(program_of(main, dev=head + ENCRYPTED), strict=strict)
    (notice,) = report.notices
    assert reason in notice.message
    assert "or give the values with --config KEY=VALUE" in notice.message
    assert "shop:all (secret object), shop:size (secret integer)" in notice.message
    assert [reason in one.message and "shop:all, shop:size" in one.message for one in report.failures] == [
        True
    ] * strict


def test_an_environment_of_the_stack_is_pointed_out(program_of: FolderOf) -> None:
    report = check(program_of(BUCKET, dev="environment: [shop/live]\n"))
    (notice,) = report.notices
    assert notice.kind == "configuration-environment"
    assert "takes configuration from the environment shop/live, which is not opened here" in notice.message


def test_outputs_of_another_stack(program_of: FolderOf) -> None:
    main = BUCKET + 'net = pulumi.StackReference("acme/net/prod")\nBucket("data", acl=net.get_output("acl"))\n'
    folder = program_of(main)
    report = check(folder)
    assert [one.outcome for one in report.findings] == ["undecided"]
    (notice,) = report.notices
    assert notice.kind == "stack-outputs-invented"
    assert "acme/net/prod::acl" in notice.message
    report = check(folder, config=["acme/net/prod::acl=public-read"])
    assert [one.outcome for one in report.findings] == ["violation"]
    assert report.notices == ()
    for misspelt in ("acme/nets/prod::acl", "acme/net/prod::Acl"):
        invented, unused = check(folder, config=[f"{misspelt}=public-read"]).notices
        assert (invented.kind, unused.kind) == ("stack-outputs-invented", "stack-outputs-unused")
        assert misspelt in unused.message


def test_a_secret_output_of_another_stack_is_marked(program_of: FolderOf) -> None:
    main = 'import pulumi\npulumi.export("v", pulumi.StackReference("a/b/c").get_output("v").apply(lambda v: v * 2))\n'
    report = check(program_of(main), config=["a/b/c::v=[secret]"])
    assert (report.findings, report.failures) == ((), ())


def test_values_of_outputs_under_telling_names_are_not_shown(program_of: FolderOf) -> None:
    shown: list[str] = []
    folder = program_of('import pulumi\npulumi.StackReference("c").get_output("apiToken").apply(print)\n')
    options = Options(show=shown.append)
    check_program(Target(program=folder, config=["c::apiToken=hunter2-hunter2"]), options, Clock())
    assert shown == ["[secret]"]


def test_an_override_that_is_neither_is_refused(program_of: FolderOf) -> None:
    with pytest.raises(CheckError, match="STACK::OUTPUT=VALUE"):
        check(program_of(BUCKET), config=["a/b::c"])


LOOKED_FOR = (
    BUCKET
    + """
name = config.get("name")
size = config.get("size") or "small"
Bucket("data", bucket="x-" + name, acl="public-read")
"""
)


def test_what_is_looked_for_is_invented_where_the_program_fails_without(program_of: FolderOf) -> None:
    report = check(program_of(LOOKED_FOR))
    assert report.failures == ()
    assert [one.rule for one in report.findings if one.path == "acl"] == ["bucket-public-acl"]
    twice, invented = report.notices
    assert twice.kind == "ran-twice"
    assert twice.message.startswith('the program raised TypeError: can only concatenate str (not "NoneType") to str')
    assert " (at __main__.py:15) after looking for shop:name, shop:size, which nobody has set" in twice.message
    assert "shop:name (text), shop:size (text)" in invented.message


def test_strict_names_what_the_second_run_invented(program_of: FolderOf) -> None:
    report = check(program_of(LOOKED_FOR), strict=True)
    (failure,) = report.failures
    assert failure.kind == "missing-config"
    assert "shop:name, shop:size" in failure.message
    assert [one.kind for one in report.notices] == ["ran-twice", "configuration-invented"]


@pytest.mark.parametrize(
    "choice",
    [
        pytest.param('config.get_bool("public")', id="flag"),
        pytest.param('config.get_int("public")', id="integer"),
        pytest.param('config.get_float("public")', id="number"),
    ],
)
def test_a_plain_choice_without_room_for_a_mark_is_not_invented(program_of: FolderOf, choice: str) -> None:
    main = f'{BUCKET}acl = "public-read" if {choice} else "private"\nBucket("x-" + config.get("name"), acl=acl)\n'
    report = check(program_of(main))
    assert [one for one in report.findings if one.rule == "bucket-public-acl"] == []
    assert report.failures == ()
    assert "shop:public" not in "".join(one.message for one in report.notices)


@pytest.mark.parametrize("end", ["sys.exit(3)", "raise ValueError(name)", "os._exit(1)"])
def test_a_second_run_that_does_not_get_to_its_end_hides_nothing(program_of: FolderOf, end: str) -> None:
    main = f'import os, sys\n{BUCKET}name = config.get("name")\nif name:\n    {end}\n[][0]\n'
    report = check(program_of(main))
    (failure,) = report.failures
    assert "IndexError" in failure.message
    assert report.notices == ()


def canned(kind: str) -> Report:
    failures = [Failure(subject=0, kind=kind, message=f"{kind} happened; mend it")] if kind else []
    return build([Subject(kind="program", path=".")], rules=0, findings=(), failures=failures)


@pytest.mark.parametrize(
    ("second", "kinds"),
    [
        pytest.param(canned(""), [], id="to its end"),
        pytest.param(canned(MISSING), [MISSING], id="to its end, strictly"),
        pytest.param(canned("timeout"), [RAISED], id="late"),
        pytest.param(CheckError("the pack is gone"), [RAISED], id="no check"),
    ],
)
def test_both_runs_have_the_time_of_one(
    monkeypatch: pytest.MonkeyPatch, second: Report | CheckError, kinds: list[str]
) -> None:
    ends = [canned(RAISED), second]
    calls: list[tuple[float, Sequence[str]]] = []

    def once(_target: Target, options: Options, _clock: Clock, *, required: Sequence[str]) -> tuple[Report, list[str]]:
        calls.append((options.timeout, required))
        end = ends[len(calls) - 1]
        if isinstance(end, CheckError):
            raise end
        return end, ["shop:name"]

    now = iter([100.0, 104.0])
    monkeypatch.setattr("preflight.engine.check_program.time.monotonic", lambda: next(now))
    monkeypatch.setattr("preflight.engine.check_program._check_once", once)
    report = check_program(Target(program=Path()), Options(show=show_nowhere, timeout=10), Clock())
    assert calls == [(10, ()), (6, ["shop:name"])]
    assert [one.kind for one in report.failures] == kinds
    assert [one.message.partition(", which")[0] for one in report.notices] == (
        [] if kinds == [RAISED] else ["the program raised exception happened after looking for shop:name"]
    )


def test_a_program_that_has_used_all_its_time_does_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([100.0, 110.0])
    monkeypatch.setattr("preflight.engine.check_program.time.monotonic", lambda: next(now))
    monkeypatch.setattr("preflight.engine.check_program._check_once", lambda *_, **__: (canned(RAISED), ["shop:name"]))
    report = check_program(Target(program=Path()), Options(show=show_nowhere, timeout=10), Clock())
    assert [one.kind for one in report.failures] == [RAISED]


def test_what_is_looked_for_stays_unset_where_the_program_does_without(program_of: FolderOf) -> None:
    report = check(program_of(LOOKED_FOR.replace('"x-" + name', '"x-" + (name or "y")')))
    assert (report.failures, report.notices) == ((), ())


def test_a_program_that_raises_in_any_case_is_reported_as_it_ran_first(program_of: FolderOf) -> None:
    report = check(program_of(LOOKED_FOR.replace('"x-" + name', "[][0]")))
    (failure,) = report.failures
    assert "IndexError" in failure.message
    assert report.notices == ()


def test_what_could_not_be_marked_is_no_reason_to_run_again(program_of: FolderOf) -> None:
    shown: list[str] = []
    folder = program_of(BUCKET + 'print("RUN")\n1 + config.get_int("size")\n')
    report = check_program(Target(program=folder), Options(show=shown.append), Clock())
    assert [one.kind for one in report.failures] == [RAISED]
    assert shown == ["RUN"]


def test_a_private_key_that_nobody_gave_is_undecided_in_user_data(program_of: FolderOf) -> None:
    main = f"""{BUCKET}
class Instance(CustomResource):
    def __init__(self, name, **inputs):
        super().__init__("aws:ec2/instance:Instance", name, inputs)


Instance("web", userData=f"cat > key <<E\\n{{config.require('privateKey')}}E")
"""
    report = check(program_of(main))
    assert [(one.rule, one.outcome, one.path) for one in report.findings] == [
        ("credential-stored-in-plain", "undecided", "userData")
    ]


def test_what_the_program_reads_as_a_secret_is_in_no_report(program_of: FolderOf) -> None:
    main = BUCKET + 'config.require_secret("word")\nBucket("b-" + config.require("word"), acl="public-read")\n'
    report = check(program_of(main), config=["shop:word=CANARYsecret9876XYZ"])
    assert [one.rule for one in report.findings] == ["bucket-public-acl"]
    assert "CANARYsecret9876XYZ" not in str(as_json(report)) + text.render(report, Severity.LOW, strict=False)
