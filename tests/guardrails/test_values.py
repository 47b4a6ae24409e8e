import base64

import pytest

from policypack.guardrails.values import describe_stand_ins, has_stand_in, may_be_anything

COMPUTED = "standin0c0123456789abcdef"
ANYTHING = "standin0x0123456789abcdef"


@pytest.mark.parametrize(
    ("text", "marked", "anything", "shown"),
    [
        ("arn:aws:s3:::data/*", False, False, "arn:aws:s3:::data/*"),
        (f"arn:aws:s3:::{COMPUTED}/*", True, False, "arn:aws:s3:::<computed>/*"),
        (f"{ANYTHING}-{COMPUTED}", True, True, "<unknown>-<computed>"),
        ("arn:aws:iam::864209751234:role/r", True, False, "arn:aws:iam::<account>:role/r"),
        ("249.1.2.7/32", True, False, "<address>/32"),
        (COMPUTED[:20], True, False, "<computed>"),
        (f"{ANYTHING.upper()}/X", True, True, "<unknown>/X"),
        (f"a{ANYTHING[:9]}", True, True, "a<unknown>"),
        (ANYTHING.capitalize(), True, True, "<unknown>"),
        ("standin0", False, False, "standin0"),
        ("standin1c", False, False, "standin1c"),
        ("8642097512345", False, False, "8642097512345"),
        ("1249.1.2.7", False, False, "1249.1.2.7"),
        ("249.1.2", False, False, "249.1.2"),
    ],
)
def test_invented_parts_are_found_in_any_text(text: str, marked: bool, anything: bool, shown: str) -> None:
    assert has_stand_in(text) is marked
    assert may_be_anything(text) is anything
    assert describe_stand_ins(text) == shown


@pytest.mark.parametrize("before", ["", "a", "ab", "AWS:", "#!/bin/sh\necho "])
@pytest.mark.parametrize(
    ("token", "anything", "word"), [(COMPUTED, False, "<computed>"), (ANYTHING, True, "<unknown>")]
)
def test_invented_parts_are_found_in_base64(before: str, token: str, anything: bool, word: str) -> None:
    text = base64.b64encode(f"{before}{token} and more".encode()).decode()
    assert has_stand_in(text)
    assert may_be_anything(text) is anything
    assert word in describe_stand_ins(text)
