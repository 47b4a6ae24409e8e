"""The rules that are preflight's alone, from programs, files and states to findings."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from policypack.guardrails.rule import Weakness
from preflight.engine import stack_encryption
from preflight.engine.check_program import Target, check_program
from preflight.engine.check_states import check_states
from preflight.engine.checks import Clock, Options, show_nowhere
from preflight.report import Place, Report, as_json

FolderOf = Callable[..., Path]
TOKEN = "ghp_" + "aB3dE5fG7h" * 3 + "K1l2M3"
SECRET = "Zq8kfn2Lm0" + "Pq7RsT4uVw"
MARKED = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}


def salt_of(passphrase: str) -> str:
    """What `pulumi stack init` writes for a passphrase: see `passphrase`."""
    raw, nonce = bytes(8), bytes(12)
    key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), raw, 1_000_000, 32)
    sealed = AESGCM(key).encrypt(nonce, b"pulumi", None)
    return f"v1:{b64encode(raw).decode()}:v1:{b64encode(nonce).decode()}:{b64encode(sealed).decode()}"


EMPTY = salt_of("")


def enabling(tmp_path: Path, *rules: str) -> Options:
    path = tmp_path / "policies.json"
    path.write_text(json.dumps(dict.fromkeys(rules, "mandatory")))
    return Options(policy_config=path, show=show_nowhere)


def check(folder: Path, options: Options | None = None) -> Report:
    return check_program(Target(program=folder), options or Options(show=show_nowhere), Clock())


UPLOADS = """
import pulumi
from pulumi import AssetArchive, CustomResource, FileArchive, FileAsset, RemoteAsset, StringAsset

class Function(CustomResource):
    def __init__(self, name, code):
        super().__init__("aws:lambda/function:Function", name, {"code": code})

pulumi.Config().get_secret("key")
Function("folder", FileArchive("./code"))
Function("zip", FileArchive("code.zip"))
Function("parts", AssetArchive({"a.py": FileAsset("code/clean.py"), "b.py": FileAsset("code/bad.py")}))
Function("text", AssetArchive({"a.py": StringAsset("ok")}))
Function("remote", AssetArchive({"a.py": RemoteAsset("https://example.com/a.py")}))
"""


def test_credentials_in_files_that_are_uploaded(program_of: FolderOf) -> None:
    folder = program_of(UPLOADS, dev=f"config:\n  shop:key: {SECRET}\n")
    code = folder / "code"
    code.mkdir()
    (code / "clean.py").write_text("import os\n")
    (code / "bad.py").write_text(f"import os\n\nTOKEN = '{TOKEN}'\n")
    (code / "copy.py").write_text(f"KEY = '{SECRET}'\n")
    (code / ".env").write_text(
        "DB_HOST=db\nDB_PASSWORD=Vt8-synthetic-Lq3zP\nAPI_TOKEN=${TOKEN}\nNAME_SECRET=changeme\n"
    )
    (code / ".env.example").write_text("DB_PASSWORD=Vt8-synthetic-Lq3zP\n")
    with zipfile.ZipFile(folder / "code.zip", "w") as archive:
        archive.writestr("keys/id", "\n-----BEGIN RSA PRIVATE" + " KEY-----\nMIIE\n")
    report = check(folder)
    assert report.failures == ()
    found = [one for one in report.findings if one.rule == "credential-in-function-code"]
    assert [(one.name, one.path, one.source) for one in found] == [
        ("folder", "code", Place("code/.env", 2)),
        ("folder", "code", Place("code/bad.py", 3)),
        ("folder", "code", Place("code/copy.py", 1)),
        ("parts", 'code["b.py"]', Place("code/bad.py", 3)),
        ("zip", "code", Place("__main__.py", 11)),
    ]
    assert found[-1].message == "code uploads code.zip/keys/id, which holds a private key in line 2"
    assert "the secret configuration shop:key" in found[2].message
    assert [one.kind for one in report.notices if one.kind == "upload-not-read"] == ["upload-not-read"]
    assert not any(secret in json.dumps(as_json(report)) for secret in (TOKEN, SECRET, "synthetic"))


def test_of_a_file_full_of_credentials_the_first_are_told(program_of: FolderOf) -> None:
    folder = program_of(UPLOADS)
    code = folder / "code"
    code.mkdir()
    (code / "clean.py").write_text("import os\n")
    (code / "bad.py").write_text(f"TOKEN = '{TOKEN}'\n" * 21)
    report = check(folder)
    found = [one for one in report.findings if one.rule == "credential-in-function-code" and one.name == "folder"]
    assert {one.source.line for one in found if one.source} == set(range(1, 21))
    (notice, *_) = [one for one in report.notices if one.kind == "upload-cut"]
    assert "bad.py" in notice.message
    assert "more than 20 credentials" in notice.message


def test_nothing_is_read_where_the_rule_is_off(program_of: FolderOf, tmp_path: Path) -> None:
    folder = program_of(UPLOADS)
    policies = tmp_path / "policies.json"
    policies.write_text('{"credential-in-function-code": "disabled"}')
    report = check(folder, Options(policy_config=policies, show=show_nowhere))
    assert not any(one.kind == "upload-not-read" for one in report.notices)


@pytest.mark.parametrize(
    ("provider", "expected"),
    [
        ({"type": "b64"}, (Weakness.NO_ENCRYPTION, "deployment.secrets_providers.type")),
        (
            {"type": "passphrase", "state": {"salt": EMPTY}},
            (Weakness.EMPTY_PASSPHRASE, "deployment.secrets_providers.state.salt"),
        ),
        ({"type": "passphrase", "state": {"salt": salt_of("right")}}, None),
        ({"type": "passphrase", "state": {"salt": "v9"}}, None),
        ({"type": "passphrase", "state": "x"}, None),
        ({"type": "service", "state": {"url": "https://api.pulumi.com"}}, None),
        ({}, None),
    ],
)
def test_weak_encryption_of_a_state(provider: dict[str, object], expected: tuple[Weakness, str] | None) -> None:
    weak = stack_encryption.of_state(provider)
    assert (weak and (weak.weakness, weak.path)) == expected


def test_an_empty_passphrase_of_a_stack_is_told_where_it_is_asked_for(program_of: FolderOf, tmp_path: Path) -> None:
    folder = program_of("", dev=f"# first\nencryptionsalt: {EMPTY}\n")
    assert check(folder).findings == ()
    (found,) = check(folder, enabling(tmp_path, "stack-without-encryption")).findings
    assert (found.path, found.source, found.name) == ("encryptionsalt", Place("Pulumi.dev.yaml", 2), "shop-dev")


def test_states_are_judged_by_the_rules_on_their_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "urn:pulumi:dev::shop::aws:iam/accessKey:AccessKey::key"
    resource = {"urn": key, "outputs": {"secret": {**MARKED, "plaintext": '"hunter2-hunter2"'}}}
    text = json.dumps({"version": 3, "deployment": {"secrets_providers": {"type": "b64"}, "resources": [resource]}})
    file = tmp_path / "state.json"
    file.write_text(text)
    options = enabling(tmp_path, "state-with-secrets-in-clear", "stack-without-encryption")

    def judged(path: Path, options: Options) -> tuple[list[tuple[str, str, str]], list[str], int]:
        report = check_states([path], options, Clock())
        rules = {"state-with-secrets-in-clear", "stack-without-encryption"}
        found = [(one.rule, one.path, one.type) for one in report.findings if one.rule in rules]
        assert "hunter2" not in json.dumps(as_json(report))
        return found, [one.kind for one in report.notices], report.rules

    found, notices, count = judged(file, options)
    assert sorted(found) == [
        ("stack-without-encryption", "deployment.secrets_providers.type", "pulumi:pulumi:Stack"),
        ("state-with-secrets-in-clear", "deployment", "pulumi:pulumi:Stack"),
    ]
    assert notices == []
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))
    found, notices, _ = judged(Path("-"), options)
    assert [rule for rule, *_ in found] == ["stack-without-encryption"]
    assert notices == ["secrets-in-clear"]
    assert judged(file, Options()) == ([], ["secrets-in-clear"], count - 2)
