"""The script that records the policies that AWS manages: what it reads of the package, and what it writes."""

import json
import lzma

import pytest
from managed_policies import NOTICE, RECORDED, managed_policies

from scripts import managed_policies as script

POLICIES = {
    "Zeta": {"Path": "/service-role/", "Document": {"Version": "2012-10-17", "Statement": []}},
    "Alpha": {"Path": "/", "Document": {"Statement": [{"Sid": "é"}]}},
}


def module(name: str) -> str:
    text = json.dumps(POLICIES, indent=1).replace("\\", "\\\\")
    return f'raise RuntimeError("read, not run")\nother = 1\n{name} = """\n{text}"""\n'


def test_the_json_is_read_and_the_module_is_not_run():
    assert script.embedded(module(script.NAME)) == POLICIES


def test_a_package_that_holds_no_policies_is_named():
    with pytest.raises(SystemExit, match=f"{script.PACKAGE} {script.VERSION} holds no {script.NAME}"):
        script.embedded(module("something_else"))


def test_documents_are_sorted_by_arn_whatever_their_order():
    found = script.documents(POLICIES)
    assert list(found.items()) == [
        ("arn:aws:iam::aws:policy/Alpha", POLICIES["Alpha"]["Document"]),
        ("arn:aws:iam::aws:policy/service-role/Zeta", POLICIES["Zeta"]["Document"]),
    ]
    backwards = dict(reversed(POLICIES.items()))
    assert script.pack(script.documents(backwards)) == script.pack(found)
    assert json.loads(lzma.decompress(script.pack(found))) == found


def test_the_record_and_its_notice_are_of_the_release_that_the_script_names():
    text = NOTICE.read_text(encoding="utf-8")
    newest = text.partition("as of ")[2].partition(".")[0]
    assert text == script.notice(len(managed_policies()), newest)
    assert (script.TARGET, script.NOTICE) == (RECORDED, NOTICE)


def test_the_record_stays_small():
    assert RECORDED.stat().st_size < 600_000
