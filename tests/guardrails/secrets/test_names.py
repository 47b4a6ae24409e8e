"""What a name says of the value that stands under it."""

import random
import string

import pytest

from policypack.guardrails.secrets.names import finds, is_credential, is_named_credential, names_credential, words

GENERATED = "Tr0ub4dor3xyzQ" + "81kLm"
_CHANCE = random.Random(9)


@pytest.mark.parametrize(
    "name",
    ["apiTokenOfAll", "APIToken_of_all", "api-token.of all", "api:token/of_all", "API_TOKEN_OF_ALL"],
)
def test_one_splitter_for_all_ways_to_write_a_name(name: str) -> None:
    assert words(name) == "api_token_of_all"


def test_a_name_ends_in_capitals_too() -> None:
    assert words("githubPAT") == "github_pat"


@pytest.mark.parametrize(
    "value",
    [
        "pass" + "word123",
        "pass" + "word1234",
        "Secret" + "123",
        "admin" + "password1",
        "My" + "Password2024",
        "Password" + "-1",
        "P@ss" + "w0rd.2024",
        "hunter2",
        "p0sz0dd191sw" + "gbq0",
        "P3EhATRCYH9ZXt2E" + "D6A4czLGBN5wsRC7",
        "YTw/MomxTQq/" + "1wykR4bZ",
    ],
)
@pytest.mark.parametrize("name", ["DATABASE_PASSWORD", "LDAP_BIND_PW", "SMTP_PASS", "masterUserPassword"])
def test_whatever_stands_under_the_name_of_a_password(name: str, value: str) -> None:
    assert is_named_credential((name,), value)


@pytest.mark.parametrize(
    "value", ["password", "PASSWORD", "changeme", "prod/db/password", "my-db-password", "P30D", "${PASSWORD}", "true"]
)
def test_what_is_no_password_under_any_name(value: str) -> None:
    assert not is_named_credential(("DATABASE_PASSWORD",), value)


def test_what_generators_make_is_a_password() -> None:
    letters = string.ascii_letters + string.digits
    for first in "pPtT0" + letters:
        assert is_named_credential(("DB_PASSWORD",), first + "".join(_CHANCE.choices(letters, k=19)))


@pytest.mark.parametrize(
    "name",
    [
        "STRIPE_KEY",
        "OPENAI_KEY",
        "FERNET_KEY",
        "AES_KEY",
        "ERLANG_COOKIE",
        "secretaccesskey",
        "AWS_SECRET_ACCESS_KEY",
        "CONNECTION_STRING",
        "DbConnectionString",
        "githubPAT",
        "API_TOKEN_PROD",
    ],
)
def test_what_was_generated_under_the_name_of_a_key(name: str) -> None:
    assert is_named_credential((name,), GENERATED)
    assert not is_named_credential((name,), "orders")
    assert names_credential(name)


@pytest.mark.parametrize(
    ("value", "is_"),
    [
        (f"Endpoint=https://x.example.com/;AccessKey={GENERATED}", True),
        ("Server=db.internal; Uid=app; Password=hunter2;", True),
        ("Server=db.internal; Uid=app; Password=${PASSWORD};", False),
        ("InstrumentationKey=3f2b8c1e-7a4d-4e5f-9b6a-1c2d3e4f5a6b;IngestionEndpoint=https://x.example", False),
    ],
)
def test_a_connection_string_is_judged_by_the_names_in_it(value: str, is_: bool) -> None:
    assert is_named_credential(("CONNECTION_STRING",), value) is is_


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GPG_KEY", "A035C8C19219BA821ECEA86B64E628F8D684696D"),
        (
            "CONNECTION_STRING",
            "InstrumentationKey=3f2b8c1e-7a4d-4e5f-9b6a-1c2d3e4f5a6b;IngestionEndpoint=https://x.example",
        ),
        ("CONNECTION", GENERATED),
        ("BYPASS", GENERATED),
        ("SESSION_COOKIE", GENERATED),
    ],
)
def test_names_of_other_things(name: str, value: str) -> None:
    assert not is_named_credential((name,), value)


@pytest.mark.parametrize(
    ("name", "value", "is_"),
    [
        ("apiToken", "synthetic-words", True),
        ("apiTokenProd2", "synthetic-words", True),
        ("clientSecret", "token" + "1234", True),
        ("apiToken", "sevenly", False),
        ("apiToken", "my-api-token", False),
        ("dbSecret", "prod-login", False),
        ("nextToken", "synthetic-words", False),
        ("tokenUrl", "synthetic-words", False),
    ],
)
def test_a_word_is_a_credential_in_configuration_alone(name: str, value: str, is_: bool) -> None:
    assert is_named_credential((name,), value, in_configuration=True) is is_
    assert not is_named_credential((name,), value)


@pytest.mark.parametrize(
    ("name", "is_"),
    [
        ("database_url", True),
        ("redisUrl", True),
        ("adminPassword", True),
        ("auth_token", True),
        ("api_secret_arn", False),
        ("token_url", False),
        ("url", False),
        ("publicKey", False),
        ("bucket", False),
    ],
)
def test_names_of_values_that_are_not_known(name: str, is_: bool) -> None:
    assert names_credential(name) is is_


@pytest.mark.parametrize(
    ("name", "is_"), [("masterUsername", True), ("host", True), ("Endpoint", True), ("ghost", False), ("token", False)]
)
def test_what_only_finds_something(name: str, is_: bool) -> None:
    assert finds(name) is is_


@pytest.mark.parametrize(
    ("names", "value", "is_"),
    [
        (("environment", "value"), GENERATED, True),
        (("environment", "DB_PASSWORD"), "standin0c0123456789abcdef", True),
        (("environment", "value"), "standin0c0123456789abcdef", False),
        (("environment", "value"), "sg-0a1b2c3d4e5f67890", False),
        (("environment", "value"), "us-east-1_Ab3dE9fGh", False),
        (("environment", "value"), "3f2b8c1e-7a4d-4e5f-9b6a-1c2d3e4f5a6b", False),
        (
            ("environment", "DB_PASSWORD"),
            "arn:aws:ssm:eu-west-1:123456789012:parameter/standin0c0123456789abcdef",
            False,
        ),
        (("environment", "value"), "ghp" + "_" + "a1B2" * 9, True),
        (("environment", "DB_HOST"), GENERATED, False),
    ],
)
def test_members_of_an_object_that_is_secret_as_a_whole(names: tuple[str, ...], value: str, is_: bool) -> None:
    assert is_credential(names, value) is is_
