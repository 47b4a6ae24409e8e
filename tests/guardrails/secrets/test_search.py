"""Which of many secrets show in a text."""

from __future__ import annotations

import base64
import gzip
import string
from collections.abc import Sequence

import pytest
from fuzzing import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from policypack.guardrails.secrets.search import KnownSecret, KnownSecrets, is_random, is_telling

TOKEN = "Kq7vR2mXw9LtZ4b" + "Ns8Yd3HfJ+/x9"
HOOK = "https://hooks.example.com/catch/1234567/b3k9x2q/"
WORDS = "correct-horse-battery-staple"


def known(*texts: str) -> KnownSecrets:
    return KnownSecrets(KnownSecret(text, f"place {number}") for number, text in enumerate(texts))


def seen(secrets: Sequence[str], text: str) -> list[tuple[str, str]]:
    return [(one.secret.text, one.how) for one in known(*secrets).sightings(text)]


@pytest.mark.parametrize(
    ("secret", "text", "how"),
    [
        pytest.param(TOKEN, TOKEN, "", id="whole"),
        pytest.param(TOKEN, f"Bearer {TOKEN}!", "", id="inside"),
        pytest.param(TOKEN, f"x{TOKEN}x", "", id="between-letters"),
        pytest.param(TOKEN, TOKEN.upper(), "in other letters", id="in-capitals"),
        pytest.param(TOKEN, TOKEN[4:20], "in part", id="sixteen-characters"),
        pytest.param(TOKEN, "id-" + base64.b64encode(TOKEN[:20].encode()).decode(), "in part in base64", id="part-of"),
        pytest.param(WORDS, f"say {WORDS}", "", id="words"),
        pytest.param("hunter2!", "user:hunter2!@host", "", id="short-alone"),
        pytest.param("swordfish", "swordfish", "", id="a-plain-word-as-a-whole"),
        pytest.param("48151623", "48151623", "", id="a-number-as-a-whole"),
        pytest.param("{aB3dE5:gH7?jK9=mN1pQ4}", "aB3dE5:gH7?jK9=mN1", "in part", id="part-with-punctuation"),
        pytest.param("P@ssw0rd.2024", "x=P@ssw0rd.2024", "", id="like-an-address"),
        pytest.param("my-super-secret-password-1", "my-super-secret-password-1", "", id="like-a-region"),
        pytest.param("Kx9vQ2mW7z.Lp4Rb8N3.io", "Kx9vQ2mW7z.Lp4Rb8N3.io", "", id="like-a-host"),
        pytest.param(HOOK, f"curl {HOOK}", "", id="address-with-a-key-in-its-path"),
        pytest.param("a" * 20_000 + TOKEN, "a" * 20_000 + TOKEN, "", id="long"),
    ],
)
def test_a_secret_is_seen(secret: str, text: str, how: str) -> None:
    assert seen([secret], text) == [(secret, how)]


@pytest.mark.parametrize(
    ("secret", "text"),
    [
        pytest.param(TOKEN, TOKEN[4:19], id="fifteen-characters"),
        pytest.param(WORDS, WORDS[:20], id="a-part-of-words"),
        pytest.param(WORDS, WORDS.upper(), id="words-in-capitals"),
        pytest.param("hunter2!", "xhunter2!x", id="short-inside-a-word"),
        pytest.param("swordfish", "my-swordfish-1", id="a-plain-word-in-a-name"),
        pytest.param("48151623", "id 48151623", id="a-number-in-a-text"),
        pytest.param("debug12", "debug12", id="seven-characters"),
        pytest.param("true", "true", id="a-flag"),
        pytest.param("********", "********", id="stars"),
    ],
)
def test_what_is_no_sighting(secret: str, text: str) -> None:
    assert seen([secret], text) == []


@pytest.mark.parametrize(
    "common",
    [
        "production",
        "PostgreSQL",
        "eu-west-1a",
        "us-gov-west-1",
        "2026-11-21T00:00:00Z",
        "arn:aws:iam::123456789012:role/x",
        "ocid1.tenancy.oc1..aaaa",
        "123456789012",
        "10.20.30.40:5432",
        "db.internal.example.com",
        "https://api.example.com/v1/items",
        "ops@example.com",
        "-----BEGIN PUBLIC KEY-----\nMFkw\n-----END PUBLIC KEY-----",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me",
    ],
)
def test_what_is_common_is_no_secret_whatever_marks_it(common: str) -> None:
    assert not is_telling(common)
    assert seen([common], common) == []


@pytest.mark.parametrize(
    ("text", "random_"),
    [
        (TOKEN, True),
        ("0a1b2c3d4e5f60718293", True),
        ("1b4e28ba-2fa1-11d2-883f-0016d3cca427", True),
        (WORDS, False),
        ("my-production-database-01", False),
        ("postgres://app:Kq7vR2mXw9@db", False),
        ("MyDeploymentRoleOfTheService", False),
        ("two words 1a2b3c4d5e", False),
    ],
)
def test_what_generators_make(text: str, random_: bool) -> None:
    assert is_random(text) is random_


def test_each_secret_is_seen_once_and_the_widest_wins() -> None:
    url = f"postgres://app:{TOKEN}@db/app"
    assert seen([TOKEN, url], f"{url} {url}") == [(url, "")]
    assert seen([TOKEN, WORDS], f"{WORDS} {TOKEN} {WORDS}") == [(TOKEN, ""), (WORDS, "")]


TEXTS = st.text(string.ascii_letters + string.digits + "+/_-", min_size=8, max_size=60)


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(TEXTS, min_size=1, max_size=8), TEXTS, TEXTS, st.data())
def test_a_secret_of_many_is_seen_wherever_it_stands(
    secrets: list[str], before: str, after: str, data: st.DataObject
) -> None:
    secret = data.draw(st.sampled_from(secrets))
    if not is_telling(secret):
        return
    assert any(secret in one for one, _ in seen(secrets, secret))
    whole = f"{before} {secret} {after}"
    if len(secret) >= 16:
        assert any(secret in one for one, _ in seen(secrets, f"{before}{secret}{after}"))
        if is_random(secret):
            assert seen(secrets, whole.upper())
    assert all(one.lower() in whole.lower() or how for one, how in seen(secrets, whole))


def test_many_that_begin_alike_are_told_by_where_they_differ() -> None:
    secrets = [f"postgres://app:{TOKEN}{number}@db/app" for number in range(100)]
    search = known(*secrets)
    assert not search.may_show("postgres://app:$PASSWORD@db/app\n" * 100)
    assert [one.secret.text for one in search.sightings(f"x {secrets[7]}")] == [secrets[7]]


def test_more_than_is_decoded_is_said_to_be_so() -> None:
    packed = base64.b64encode(gzip.compress(b"a line of comment\n" * 20_000)).decode()
    assert not known(TOKEN).look(packed).cut
    assert (
        known(TOKEN).look(" ".join(base64.b64encode(gzip.compress(b"%d" % n * 300_000)).decode() for n in range(9))).cut
    )


@pytest.mark.parametrize("length", range(17, 45))
def test_each_part_of_sixteen_characters_is_seen(length: int) -> None:
    text = "aB3dE5gH7jK9mN1pQ4xR6tU8wY0zC2fL5sV7hG9kJ1qD3"[:length]
    search = known(text)
    assert [at for at in range(length - 15) if not search.sightings(f"<{text[at : at + 16]}>")] == []
