"""The forms of credentials: one sample of each, near misses, and what holds of any text."""

from __future__ import annotations

import base64
import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from innocent_values import ANYWHERE, MISLEADING

from policypack.guardrails.findings import Severity
from policypack.guardrails.secrets.format_table import FORMATS
from policypack.guardrails.secrets.formats import HIDDEN, find, hide

_CHANCE = random.Random(9)
_LOWER = "abcdefghijkmnpqrstuvwxyz"
_HEX = "0123456789abcdef"
_WORD = _LOWER + _LOWER.upper() + "23456789"


def some(count: int, letters: str = _WORD) -> str:
    return "".join(_CHANCE.choice(letters) for _ in range(count))


def upper(count: int) -> str:
    return some(count, "ABCDEFGHJKLMNPQRSTUVWXYZ234567")


def digits(count: int) -> str:
    return some(count, "23456789")


def uuid() -> str:
    return "-".join(some(count, _HEX) for count in (8, 4, 4, 4, 12))


def jwt(claims: dict[str, object], **header: object) -> str:
    parts = [{"alg": "HS256", **header}, claims]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join((*encoded, some(43)))


SECRET_KEY = "q7RtV9xYz+" + "AhCtEfXhIjKlMnOpQrStUvWx12" + "Yz/4"
SAMPLES = [
    ("an AWS access key id", "AKIA" + upper(16)),
    ("an AWS access key id", "ASIA" + upper(16)),
    ("an AWS secret access key", f"aws_secret_access_key = {SECRET_KEY}"),
    ("an AWS secret access key", f'"SecretAccessKey": "{SECRET_KEY}"'),
    ("an AWS session token", "IQoJ" + some(300)),
    ("an Amazon Bedrock API key", "ABSK" + some(120)),
    ("a presigned AWS URL", "https://b.s3.amazonaws.com/k?X-Amz-" + "Signature=" + some(64, _HEX)),
    (
        "the URL of an OCI pre-authenticated request",
        "https://objectstorage.eu-frankfurt-1.oraclecloud.com/p/" + some(64) + "/n/tenancy/b/bucket/o/object",
    ),
    (
        "the URL of an OCI pre-authenticated request",
        "https://ns.objectstorage.eu-frankfurt-1.oci.customer-oci.com/p/" + some(64) + "/n/ns/b/bucket/o/",
    ),
    ("a Google API key", "AI" + "za" + some(35)),
    ("a Google OAuth token", "ya" + "29." + some(60)),
    ("a Google OAuth client secret", "GOC" + "SPX-" + some(28)),
    ("an Azure storage key", "AccountName=x;Account" + "Key=" + some(86) + "=="),
    ("an Azure shared access key", "Endpoint=sb://x/;SharedAccess" + "Key=" + some(43) + "="),
    ("an Azure client secret", some(3) + "8" + "Q~" + some(34)),
    (
        "an Azure shared access signature",
        "https://x.blob.core.windows.net/c?sv=2022-11-02&" + "sig=" + some(43) + "%3D",
    ),
    ("a DigitalOcean token", "dop" + "_v1_" + some(64, _HEX)),
    ("a Cloudflare origin CA key", "v1.0" + "-" + some(24, _HEX) + "-" + some(146, _HEX)),
    ("an Alibaba Cloud access key id", "LT" + "AI" + some(20)),
    ("a Heroku API key", "HRKU" + "-" + some(36)),
    ("a Fly.io token", "fm2" + "_" + some(120)),
    ("a Scalingo token", "tk-" + "us-" + some(48)),
    *(("a GitHub token", f"gh{letter}" + "_" + some(36)) for letter in "pousr"),
    ("a GitHub token", "ghs" + "_" + some(200)),
    ("a GitHub token", "github" + "_pat_" + some(82)),
    ("a GitLab token", "glpat" + "-" + some(20)),
    ("a GitLab token", "glrt" + "-t1_" + some(27) + ".01." + some(7, _HEX)),
    ("a GitLab runner registration token", "GR1348941" + some(20)),
    ("an Atlassian token", "ATATT3" + "xFf" + some(180)),
    ("an npm token", "npm" + "_" + some(36)),
    ("a PyPI token", "pypi" + "-AgEI" + some(120)),
    ("a RubyGems token", "rubygems" + "_" + some(48, _HEX)),
    ("a Clojars token", "CLOJARS" + "_" + some(60, _LOWER)),
    ("a Docker token", "dckr" + "_pat_" + some(27)),
    ("an Artifactory key", "AKCp" + some(69)),
    ("an Artifactory token", "cmVmd" + some(59)),
    ("a SonarQube token", "squ" + "_" + some(40, _HEX)),
    ("a CircleCI token", "CCIPAT" + "_" + some(22) + "_" + some(40, _HEX)),
    ("a Buildkite token", "bkua" + "_" + some(40, _HEX)),
    ("a Sourcegraph token", "sgp" + "_" + some(16, _HEX) + "_" + some(40, _HEX)),
    ("an Octopus Deploy key", "API" + "-" + upper(26)),
    ("a Harness token", "pat." + some(22) + "." + some(24) + "." + some(20)),
    ("a Terraform token", some(14) + ".atlas" + "v1." + some(67)),
    ("a Pulumi token", "pul" + "-" + some(40, _HEX)),
    ("an Infracost key", "ico" + "-" + some(32)),
    ("a Prefect key", "pnu" + "_" + some(36)),
    ("a Vault token", "hvs" + "." + some(90)),
    ("a Doppler token", "dp." + "pt." + some(43)),
    ("a Doppler token", "dp." + "st.prd." + some(43)),
    ("a 1Password service account token", "ops_" + "eyJ" + some(300)),
    ("an age secret key", "AGE-SECRET-" + "KEY-1" + some(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")),
    ("a Databricks token", "da" + "pi" + some(32, _HEX)),
    ("a PlanetScale credential", "pscale" + "_pw_" + some(43)),
    ("a Supabase token", "sbp" + "_" + some(40, _HEX)),
    ("a ClickHouse Cloud key", "4b1d" + some(38)),
    ("an Airtable token", "pat" + some(14) + "." + some(64, _HEX)),
    ("a Contentful token", "CFPAT" + "-" + some(43)),
    ("a Dynatrace token", "dt0c01" + "." + upper(24) + "." + upper(64)),
    ("a Grafana token", "glsa" + "_" + some(32) + "_" + some(8, _HEX)),
    ("a Grafana Cloud token", "glc" + "_" + some(80)),
    ("a New Relic key", "NRAK" + "-" + upper(27)),
    ("a New Relic licence key", some(36, _HEX) + "NR" + "AL"),
    ("a Sentry token", "sntrys" + "_" + some(120)),
    ("a Postman key", "PMAK" + "-" + some(24, _HEX) + "-" + some(34, _HEX)),
    ("a Tailscale key", "tskey" + "-auth-" + some(17) + "-" + some(32)),
    ("a Slack token", "xox" + f"b-{digits(12)}-{digits(12)}-{some(24)}"),
    ("a Slack token", "xox" + f"b-{digits(12)}-{some(24)}"),
    ("a Slack token", "xox" + f"p-{digits(12)}-{digits(12)}-{digits(13)}-{some(32, _HEX)}"),
    ("a Slack token", "xox" + f"a-2-{digits(12)}-{digits(12)}-{digits(13)}-{some(32, _HEX)}"),
    ("a Slack token", "xoxe.xox" + f"p-1-{upper(166)}"),
    ("a Slack token", "xox" + f"e-1-{upper(146)}"),
    ("a Slack app token", "xapp" + f"-1-{upper(11)}-{digits(13)}-{some(64, _HEX)}"),
    ("a Slack webhook", "https://hooks.slack.com/services/T" + upper(8) + "/B" + upper(8) + "/" + some(24)),
    ("a Discord webhook", f"https://discord.com/api/webhooks/{digits(18)}/{some(68)}"),
    (
        "a Microsoft Teams webhook",
        f"https://acme.webhook.office.com/webhookb2/{uuid()}@{uuid()}/IncomingWebhook/{some(32, _HEX)}/{uuid()}",
    ),
    ("a Telegram bot token", digits(10) + ":AA" + some(33)),
    ("a Linear key", "lin" + "_api_" + some(40)),
    ("a Notion token", "ntn" + "_" + digits(11) + some(35)),
    ("a Figma token", "figd" + "_" + some(40)),
    ("a HubSpot token", "pat-" + "na1-" + uuid()),
    ("a Typeform token", "tfp" + "_" + some(44)),
    ("a Stripe key", "sk" + "_live_" + some(24)),
    ("a Stripe test key", "sk" + "_test_" + some(24)),
    ("a webhook signing secret", "whsec" + "_" + some(32)),
    ("a Square token", "EAAA" + some(60)),
    ("a Shopify token", "shpat" + "_" + some(32, _HEX)),
    ("a Shippo key", "shippo" + "_live_" + some(40, _HEX)),
    ("an EasyPost key", "EZ" + "AK" + some(54)),
    ("a Duffel key", "duffel" + "_live_" + some(43)),
    ("a SendGrid key", "SG" + "." + some(22) + "." + some(43)),
    ("a Twilio key id", "SK" + some(32, _HEX)),
    ("a Mailgun key", "key" + "-" + some(32, _HEX)),
    ("a Mailchimp key", some(32, _HEX) + "-us" + "14"),
    ("a Brevo key", "xkeysib" + "-" + some(64, _HEX) + "-" + some(16)),
    ("a Mapbox secret token", "sk" + ".eyJ" + some(80) + "." + some(22)),
    ("a Facebook token", "EAAC" + some(150)),
    ("a ReadMe key", "rdme" + "_" + some(70, _LOWER)),
    ("an OpenAI key", "sk-" + "proj-" + some(74) + "T3Blbk" + "FJ" + some(74)),
    ("an OpenAI key", "sk-" + some(20) + "T3Blbk" + "FJ" + some(20)),
    ("an Anthropic key", "sk-" + "ant-api03-" + some(93) + "AA"),
    ("an OpenRouter key", "sk-" + "or-v1-" + some(64, _HEX)),
    ("a Hugging Face token", "hf" + "_" + some(34, _LOWER)),
    ("a Groq key", "gsk" + "_" + some(52)),
    ("an xAI key", "xai" + "-" + some(80)),
    ("a Perplexity key", "pplx" + "-" + some(48)),
    ("a Replicate token", "r8" + "_" + some(37)),
    ("a signed token (JWT)", jwt({"sub": "user", "iss": "https://issuer.example"})),
    ("a password in a URL", "postgres://app:" + "hunter2" + "@db.internal/orders"),
    ("a password in a URL", "redis://:" + "hunter2" + "@cache:6379/0"),
    ("a password in a URL", "jdbc:postgresql://db/x?user=app&password=" + "hunter2"),
    ("a connection string with a password", "Server=db;User Id=app;Password=" + "hunter2" + ";"),
    ("an Authorization header", "Authorization: Basic " + base64.b64encode(b"deploy:" + b"hunter2hunter").decode()),
]
LOW = {
    "an AWS access key id",
    "a presigned AWS URL",
    "an Alibaba Cloud access key id",
    "a Stripe test key",
    "a Twilio key id",
}


@pytest.mark.parametrize(("kind", "text"), SAMPLES, ids=lambda part: part if " " in part[:12] else "")
def test_a_credential_is_found_alone_and_in_text_and_hidden(kind: str, text: str) -> None:
    for around in ("{}", "value={}\n", '{{"key": "{}"}}', "\\n{}\\n"):
        whole = around.format(text)
        assert [one.kind for one in find(whole)] == [kind]
        assert HIDDEN in hide(whole)
        assert list(find(hide(whole))) == []
    (found,) = find(text)
    assert (found.severity is Severity.LOW) == (kind in LOW)


def test_every_form_has_a_sample() -> None:
    assert {kind for kind, _ in SAMPLES} == {form.kind for form in FORMATS}


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + upper(15),
        "AKIA" + upper(17),
        "AKIA" + "IOSFODNN7EXAMPLE",
        "AROA" + upper(16),
        "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYEXAMPLEKEY",
        "aws_secret_access_key = " + some(40, _HEX),
        SECRET_KEY,
        "ghp" + "_" + some(20),
        "ghp" + "_" + "x" * 36,
        "aghp" + "_" + some(36),
        "npm" + "_" + some(35),
        "npm" + "_config_cache_directory_of_the_build_x",
        "pk" + "_live_" + some(24),
        "hf" + "_" + some(33, _LOWER),
        "xoxb" + "-xoxb-my-bot-token",
        "xoxb" + "-Slack_BOT_TOKEN",
        "xoxb" + "-abcdef-abcdef",
        "xoxe.xoxp" + "-1-RANDOMSTRINGHERE",
        "https://github.com/xoxa" + "-nyc/xoxa-nyc.github.io",
        "video_box.ico" + f"-{some(32, _HEX)}.png",
        "logo.ico" + f"-{some(32, _HEX)}",
        "assets/key" + f"-{some(32, _HEX)}.js",
        "favicon-" + some(23) + some(32, _HEX) + "-us" + "1.png",
        "glc" + "_" + "1" * 41,
        "sntryu" + "_" + "a" * 64,
        "AI" + "za" + "a" * 35,
        "hvb" + "." + "c" * 50,
        "shippo" + "_live_" + "a" * 40,
        "sk-" + "ant-api03-" + "ab" * 46 + "AA",
        "SK" + some(32, _LOWER),
        some(40, _HEX),
        "eyJ" + some(20) + ".eyJ" + some(20) + "." + some(20),
        jwt({"sub": "1234567890"}),
        jwt({"role": "anon"}),
        "postgres://app@db/orders",
        "postgres://app:${PASSWORD}@db/orders",
        "postgres://app:<password>@db/orders",
        "https://example.com:8443/a@b",
        "https://example.com/a:b@c",
        "?password=${PASSWORD}",
        "Authorization: Bearer ${TOKEN}",
        "standin0c0123456789abcdef" + ":" + "standin0x0123456789abcdef",
        "postgres://app:standin0x0123456789abcdef@db/orders",
        "ghp" + "_standin0x0123456789abcdef" + some(20),
        "-----BEGIN RSA " + "PRIVATE KEY-----",
    ],
)
def test_a_near_miss_is_none(text: str) -> None:
    assert list(find(text)) == []


def test_a_secret_access_key_is_one_beside_its_id() -> None:
    text = f"{'AKIA' + upper(16)},{SECRET_KEY}"
    assert [one.kind for one in find(text)] == ["an AWS access key id", "an AWS secret access key"]
    assert [one.kind for one in find(f"{'AKIA' + upper(16)}{',' * 300}{SECRET_KEY}")] == ["an AWS access key id"]


@pytest.mark.parametrize("text", [*ANYWHERE, *(text for _, text in MISLEADING)])
def test_an_ordinary_value_is_none(text: str) -> None:
    assert list(find(text)) == []


_PARTS = st.sampled_from(
    [*(word for form in FORMATS for word in form.keywords), *(text for _, text in SAMPLES), " ", "\\n"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(_PARTS | st.text(max_size=12), max_size=12).map("".join))
def test_spans_lie_in_the_text_in_order_and_nothing_is_left_of_what_is_hidden(text: str) -> None:
    end = 0
    for one in find(text):
        assert end <= one.start < one.end <= len(text)
        end = one.end
    assert list(find(hide(text))) == []
