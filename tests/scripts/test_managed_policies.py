"""The script that records the policies that AWS manages: what it reads of the package, and what it writes."""

import json
import zlib
from itertools import accumulate, pairwise

import pytest
from managed_policies import managed_policies

from policypack.guardrails.aws import managed
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


def test_documents_are_sorted_by_name_whatever_their_order():
    found = script.documents(POLICIES)
    assert list(found.items()) == [
        ("Alpha", POLICIES["Alpha"]["Document"]),
        ("service-role/Zeta", POLICIES["Zeta"]["Document"]),
    ]
    backwards = dict(reversed(POLICIES.items()))
    assert script.pack(script.documents(backwards), "2026-01-01") == script.pack(found, "2026-01-01")


def test_the_blocks_hold_every_document_in_the_order_of_the_names():
    found = {f"{number:03}": {"Statement": [], "Sid": number} for number in range(2 * managed.BLOCK + 1)}
    text, blocks = script.pack(found, "2026-01-01")
    index = json.loads(text)
    ends = list(accumulate(index["blocks"], initial=0))
    read = [json.loads(zlib.decompress(blocks[a:b])) for a, b in pairwise(ends)]
    assert index["names"] == list(found)
    assert [one for block in read for one in block] == list(found.values())


def test_the_record_and_its_notice_are_of_the_release_that_the_script_names():
    text = script.NOTICE.read_text(encoding="utf-8")
    assert text == script.notice(len(managed_policies()), managed.about().isoformat())


def test_the_record_stays_small():
    assert script.INDEX.stat().st_size + script.BLOCKS.stat().st_size < 600_000
