"""What a text looks like, by itself."""

import pytest

from policypack.guardrails.secrets.looks import is_common, is_identifier, is_name_of_secret, is_ordinary, is_reference

PIECE = "9f86d081884c7d65" + "9a2feaa0"


@pytest.mark.parametrize(
    "text",
    [
        "Production",
        "eu-west-1a",
        "2026-11-21T00:00:00Z",
        "arn:aws:iam::123456789012:role/x",
        "123456789012",
        "10.20.30.40:5432",
        "ops@example.com",
        "https://api.example.com/v1/items/of-the-day/",
        "my-cluster.example.com:443",
        "features.c9akciq32abc.eu-west-1.rds.amazonaws.com:5432",
        "d111111abcdef8.cloudfront.net",
        "abc123.execute-api.eu-west-1.amazonaws.com",
        "https://abc123def4ghi5jkl6mno7pqr8.lambda-url.eu-west-1.on.aws/",
        "search-orders-a1b2c3d4e5f6g7h8i9j0k1l2m3.eu-west-1.es.amazonaws.com",
        "https://a1b2c3d4e5f6g7h8i9j0-management.kms.eu-frankfurt-1.oraclecloud.com",
        "-----BEGIN CERTIFICATE-----\nMIID",
        "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me",
    ],
)
def test_what_is_common(text: str) -> None:
    assert is_common(text)


@pytest.mark.parametrize(
    "text",
    [
        f"https://hooks.acme.dev/t/{PIECE}",
        "https://hooks.example.com/catch/1234567/b3k9x2q/",
        "https://hc-ping.example.com/3f2b8c1e-7a4d-4e5f-9b6a-1c2d3e4f5a6b",
        f"https://{PIECE}.tunnel.example.com/",
        f"{PIECE}.io",
        f"{PIECE}@example.com",
        "x7.Kq7vR2mXw9.io",
        "Kx9vQ2mW7z.Lp4Rb8N3.io",
        "P@ssw0rd.2024",
        "my-super-secret-password-1",
        "correct-horse-battery-staple",
    ],
)
def test_what_is_not(text: str) -> None:
    assert not is_common(text)


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("sg-0a1b2c3d4e5f67890", True),
        ("eni-0a1b2c3d", True),
        ("mrk-1234abcd12ab34cd56ef1234567890ab", True),
        ("us-east-1_Ab3dE9fGh", True),
        ("Z35SXDOTRQ7X7K", True),
        (PIECE + PIECE[:16], True),
        ("3f2b8c1e-7a4d-4e5f-9b6a-1c2d3e4f5a6b", True),
        (PIECE, False),
        ("Tr0ub4dor3xyzQ", False),
        ("correct-horse-12345678901", False),
    ],
)
def test_identifiers(text: str, is_: bool) -> None:
    assert is_identifier(text) is is_


@pytest.mark.parametrize("text", ["prod/db/password", "my-service-token", "db-password-1", "orders.secret"])
def test_a_name_of_a_secret_has_marks_between_its_words(text: str) -> None:
    assert is_name_of_secret(text)
    assert not is_name_of_secret("".join(filter(str.isalnum, text)))


@pytest.mark.parametrize("text", ["Password-1", "secret_2024", "token.1"])
def test_a_number_behind_a_mark_is_no_word(text: str) -> None:
    assert not is_name_of_secret(text)


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("P30D", True),
        ("PT15M", True),
        ("P1Y2M3DT4H5M6.7S", True),
        ("p0sz0dd191sw" + "gbq0", False),
        ("P3EhATRCYH9ZXt2E" + "D6A4czLGBN5wsRC7", False),
        ("PT5xkq2mz8wd", False),
        ("86400000ms", True),
        ("05643859457d", False),
        ("Prod/DB2/MasterPassword", True),
        ("YTw/MomxTQq/1wykR4bZ", False),
    ],
)
def test_what_settings_hold(text: str, is_: bool) -> None:
    assert is_ordinary(text) is is_


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("$2b$12$" + "Kx3vT9bQ2mZ7" * 4, True),
        ("{SSHA512}" + "Kx3vT9bQ2mZ7" * 4, True),
        ("$rGK$pM=sz@U", False),
        ("{N}I<DU+7agK", False),
    ],
)
def test_a_digest_of_a_password_is_none_and_a_password_is_no_digest(text: str, is_: bool) -> None:
    assert is_reference(text) is is_
