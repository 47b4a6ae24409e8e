"""The table of the forms that issuers give their credentials, and of what marks a password in an address.

Prefixes and lengths are from the issuers' documentation and the rules that public scanners agree on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from ..findings import Severity
from .format_checks import is_aws_secret_key, is_basic_or_bearer, is_jwt, is_password, is_varied


@dataclass(frozen=True)
class Format:
    """One form: one of the `words`, which are parted by blanks, with what matches `rest` after it.

    What matches `ahead` stands before the word and is `width` characters long. The group `secret` of `rest`, where it
    has one, is the credential, else all of it is. No letter, digit, hyphen or underscore may stand before it, unless
    `anywhere`. The word begins one in a text, unless it is `inside`. `check` says whether what matched is a credential.
    All is bounded, so that a text takes time linear in its length.
    """

    kind: str
    words: str
    rest: str
    ahead: str = field(default="", kw_only=True)
    width: int = field(default=0, kw_only=True)
    anywhere: bool = field(default=False, kw_only=True)
    inside: bool = field(default=False, kw_only=True)
    check: Callable[[str], bool] = field(default=is_varied, kw_only=True)
    severity: Severity = field(default=Severity.HIGH, kw_only=True)

    @cached_property
    def keywords(self) -> tuple[str, ...]:
        """A text without any of these has nothing of this form."""
        return tuple(self.words.split())

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches where the credential, or what leads to it, begins."""
        return re.compile(f"{self.ahead}(?:{'|'.join(map(re.escape, self.keywords))}){self.rest}")


_END: Final = "(?![A-Za-z0-9_-])"
_NO_FILE: Final = r"(?!\.[A-Za-z])"  # builds put a digest before the ending of a file: `logo.ico-<digest>.png`
_UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_VALUE_FOLLOWS: Final = r"[\w.-]{0,40}[\"'\\]{0,3}[\s:=>,]{1,6}[\"'\\]{0,3}"

ACCESS_KEY_ID: Final = "an AWS access key id"
SECRET_KEY: Final = "an AWS secret access key"  # noqa: S105 - what to call one

_AWS: Final = (
    # An id gives nothing by itself, but only a long-lived key has one that anybody writes down.
    Format(ACCESS_KEY_ID, "AKIA ASIA ABIA ACCA", "[A-Z2-7]{16}" + _END, severity=Severity.LOW),
    Format(
        SECRET_KEY,
        "ecret ECRET",
        _VALUE_FOLLOWS + "(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
        anywhere=True,
        inside=True,
        check=is_aws_secret_key,
    ),
    Format("an AWS session token", "IQoJ FwoG FQoG", "[A-Za-z0-9/+]{200,4000}={0,2}"),
    Format("an Amazon Bedrock API key", "ABSK", "[A-Za-z0-9+/]{109,269}={0,2}"),
    Format("an Amazon Bedrock API key", "bedrock-api-key-", "[A-Za-z0-9+/=_-]{100,4000}"),
    # Whoever has the address may do what was signed, for seven days at most.
    Format("a presigned AWS URL", "X-Amz-Signature=", "(?P<secret>[0-9a-f]{64})", severity=Severity.LOW),
)
_CLOUDS: Final = (
    Format(
        "the URL of an OCI pre-authenticated request",
        "objectstorage.",
        r"[a-z0-9-]{3,40}\.(?:oraclecloud[a-z0-9-]{0,20}\.[a-z.]{2,20}|oci\.customer-oci\.com)/p/(?P<secret>[\w-]{20,200})/n/",
    ),
    # Keys that browsers are given are meant to be seen.
    Format("a Google API key", "AIza", r"[\w-]{35}" + _END, severity=Severity.MEDIUM),
    Format("a Google OAuth token", "ya29.", r"[\w-]{20,2000}"),
    Format("a Google OAuth client secret", "GOCSPX-", r"[\w-]{20,60}"),
    Format("an Azure storage key", "AccountKey=", "(?P<secret>[A-Za-z0-9+/]{86}==)"),
    Format("an Azure shared access key", "SharedAccessKey=", "(?P<secret>[A-Za-z0-9+/]{43}=)"),
    Format(
        "an Azure client secret",
        "Q~",
        r"[\w~.-]{31,34}(?![\w~.-])",
        ahead=r"(?<![\w~.-])[\w~.]{3}\d",
        width=4,
        inside=True,
    ),
    Format("an Azure shared access signature", "sig=", r"(?P<secret>[A-Za-z0-9%+/_-]{43,70}(?:%3[Dd]|=))"),
    Format("a DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", "[0-9a-f]{64}"),
    Format("a Cloudflare origin CA key", "v1.0-", "[0-9a-f]{24}-[0-9a-f]{146}"),
    Format("an Alibaba Cloud access key id", "LTAI", "[A-Za-z0-9]{20}" + _END, severity=Severity.LOW),
    Format("a Heroku API key", "HRKU-", r"[\w-]{36,60}"),
    Format("a Fly.io token", "fm1r_ fm1a_ fm2_", "[A-Za-z0-9+/]{100,2000}={0,3}"),
    Format("a Scalingo token", "tk-us-", r"[\w-]{48}"),
)
_CODE: Final = (
    # Installation tokens may become longer.
    Format("a GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_", "[A-Za-z0-9_]{36,400}"),
    Format("a GitHub token", "github_pat_", "[A-Za-z0-9_]{50,255}"),
    Format(
        "a GitLab token",
        "glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glimt- glagent- gloas- glsoat- glffct- glwt-",
        r"[\w-]{20,300}(?:\.[0-9a-z]{2}\.?[0-9a-z]{7})?",
    ),
    Format("a GitLab runner registration token", "GR1348941", r"[\w-]{20}"),
    Format("an Atlassian token", "ATATT3xFf ATCTT3xFf ATBB", r"[\w=+/-]{24,300}"),
    Format("an npm token", "npm_", "[A-Za-z0-9]{36}" + _END),
    Format("a PyPI token", "pypi-AgEI pypi-AgEN", r"[\w-]{50,1000}"),
    Format("a RubyGems token", "rubygems_", "[0-9a-f]{48}"),
    Format("a Clojars token", "CLOJARS_", "[a-z0-9]{60}"),
    Format("a Docker token", "dckr_pat_ dckr_oat_", r"[\w-]{20,60}"),
    Format("an Artifactory key", "AKCp", "[A-Za-z0-9]{69}" + _END),
    Format("an Artifactory token", "cmVmd", "[A-Za-z0-9]{59}" + _END),
    Format("a SonarQube token", "sqp_ squ_ sqa_", "[0-9a-f]{40}"),
    Format("a CircleCI token", "CCIPAT_ CCIPRJ_", r"\w{20,60}_[0-9a-f]{40}"),
    Format("a Buildkite token", "bkua_", "[0-9a-f]{40}"),
    Format("a Sourcegraph token", "sgp_", "(?:(?:[0-9a-f]{16}|local)_)?[0-9a-f]{40}"),
    Format("an Octopus Deploy key", "API-", "[A-Z0-9]{26}" + _END),
    Format("a Harness token", "pat. sat.", r"[\w-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}"),
    Format("a Terraform token", ".atlasv1.", r"[\w=-]{60,70}", ahead="[A-Za-z0-9]{14}", width=14),
    Format("a Pulumi token", "pul-", "[0-9a-f]{40}" + _END),
    Format("an Infracost key", "ico-", "[A-Za-z0-9]{32}" + _END + _NO_FILE, ahead=r"(?<!\.)"),
    Format("a Prefect key", "pnu_ pnb_", "[A-Za-z0-9]{36}" + _END),
)
_DATA: Final = (
    Format("a Vault token", "hvs. hvb. hvr.", r"[\w-]{20,500}"),
    Format(
        "a Doppler token", "dp.pt. dp.st. dp.sa. dp.ct. dp.scim. dp.audit.", r"(?:[\w-]{2,35}\.)?[A-Za-z0-9]{40,44}"
    ),
    Format("a 1Password service account token", "ops_eyJ", "[A-Za-z0-9+/]{200,3000}"),
    Format("an age secret key", "AGE-SECRET-KEY-1", "[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}"),
    Format("a Databricks token", "dapi", r"[0-9a-f]{32}(?:-\d)?" + _END),
    Format("a PlanetScale credential", "pscale_tkn_ pscale_oauth_ pscale_pw_", r"[\w=.-]{32,64}"),
    Format("a Supabase token", "sbp_ sb_secret_", r"(?:v\d_)?[\w-]{31,60}"),
    Format("a ClickHouse Cloud key", "4b1d", "[A-Za-z0-9]{38}" + _END),
    Format("an Airtable token", "pat", r"[A-Za-z0-9]{14}\.[0-9a-f]{64}" + _END),
    Format("a Contentful token", "CFPAT-", r"[\w-]{43}"),
    Format("a Dynatrace token", "dt0c01. dt0s16.", r"[A-Z0-9]{24}\.[A-Z0-9]{64}"),
    Format("a Grafana token", "glsa_", "[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}"),
    Format("a Grafana Cloud token", "glc_ eyJrIjoi", "[A-Za-z0-9+/]{32,400}={0,3}"),
    Format("a New Relic key", "NRAK- NRII- NRIQ- NRRA-", r"[\w-]{27,42}"),
    Format("a New Relic licence key", "NRAL", _END, ahead=r"\w{36}", width=36, inside=True),
    Format("a Sentry token", "sntrys_ sntryu_ sntrya_ sntryi_", r"[\w+/=]{40,600}"),
    Format("a Postman key", "PMAK-", "[0-9a-f]{24}-[0-9a-f]{34}"),
    Format("a Tailscale key", "tskey-", r"(?:auth|api|client|scim|webhook)-[\w-]{16,80}"),
)
_PEOPLE: Final = (
    Format(
        "a Slack token",
        "xoxa- xoxb- xoxe- xoxo- xoxp- xoxr- xoxs-",
        r"(?:\d-)?(?:\d{8,20}-){1,4}[A-Za-z0-9-]{16,100}",
    ),
    Format("a Slack token", "xoxe- xoxe.xoxb- xoxe.xoxp-", "1-[A-Za-z0-9]{100,400}"),
    Format("a Slack app token", "xapp-", r"\d-[A-Z0-9]{5,20}-\d{5,20}-[a-f0-9]{32,80}"),
    Format(
        "a Slack webhook",
        "hooks.slack.com/services/ hooks.slack.com/workflows/ hooks.slack.com/triggers/",
        "(?P<secret>[A-Za-z0-9+/]{36,64})",
    ),
    Format(
        "a Discord webhook",
        "discord.com/api/webhooks/ discordapp.com/api/webhooks/",
        r"\d{17,20}/(?P<secret>[\w-]{60,80})",
    ),
    Format(
        "a Microsoft Teams webhook",
        ".webhook.office.com/webhookb2/",
        f"(?P<secret>{_UUID}@{_UUID}/\\w{{1,20}}/[0-9a-f]{{32}})",
        anywhere=True,
    ),
    Format("a Telegram bot token", ":AA", r"[\w-]{33}" + _END, ahead=r"\d{8}", width=8, anywhere=True),
    Format("a Linear key", "lin_api_ lin_oauth_", "[A-Za-z0-9]{40,64}"),
    Format("a Notion token", "ntn_ secret_", r"(?:\d{11}[A-Za-z0-9]{35}|[A-Za-z0-9]{43})" + _END),
    Format("a Figma token", "figd_", r"[\w-]{40,60}"),
    Format("a HubSpot token", "pat-na1- pat-eu1-", _UUID),
    Format("a Typeform token", "tfp_", r"[\w.=-]{40,64}"),
)
_SERVICES: Final = (
    Format("a Stripe key", "sk_live_ rk_live_ sk_prod_ rk_prod_", "[A-Za-z0-9]{16,255}"),
    # Nothing can be paid with it.
    Format("a Stripe test key", "sk_test_ rk_test_", "[A-Za-z0-9]{16,255}", severity=Severity.LOW),
    Format("a webhook signing secret", "whsec_", "[A-Za-z0-9+/=]{24,100}"),
    Format("a Square token", "EAAA sq0atp- sq0csp-", r"[\w-]{22,60}" + _END),
    Format("a Shopify token", "shpat_ shpca_ shppa_ shpss_", "[0-9a-fA-F]{32}"),
    Format("a Shippo key", "shippo_live_", "[0-9a-f]{40}"),
    Format("an EasyPost key", "EZAK", "[A-Za-z0-9]{54}" + _END),
    Format("a Duffel key", "duffel_live_", r"[\w=-]{43}"),
    Format("a SendGrid key", "SG.", r"[\w-]{22}\.[\w-]{43}"),
    # The id of a key: the key itself stands beside it.
    Format("a Twilio key id", "SK", "[0-9a-f]{32}" + _END, severity=Severity.LOW),
    Format("a Mailgun key", "key-", "[0-9a-f]{32}" + _END + _NO_FILE, ahead=r"(?<!\.)"),
    Format("a Mailchimp key", "-us", r"\d{1,2}" + _END + _NO_FILE, ahead="[0-9a-f]{32}", width=32, inside=True),
    Format("a Brevo key", "xkeysib- xsmtpsib-", "[0-9a-f]{64}-[A-Za-z0-9]{16}"),
    Format("a Mapbox secret token", "sk.eyJ", r"[\w-]{30,400}\.[\w-]{20,60}"),
    Format("a Facebook token", "EAAM EAAC", "[A-Za-z0-9]{100,400}"),
    Format("a ReadMe key", "rdme_", "[a-z0-9]{70}"),
)
_MODELS: Final = (
    Format("an OpenAI key", "sk-proj- sk-svcacct- sk-admin- sk-None-", r"[\w-]{40,200}" + _END),
    Format("an OpenAI key", "sk-", "[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}" + _END),
    Format("an Anthropic key", "sk-ant-", r"(?:api|admin|oat|ort|sid)\d\d-[\w-]{80,200}"),
    Format("an OpenRouter key", "sk-or-v1-", "[0-9a-f]{64}"),
    Format("a Hugging Face token", "hf_ api_org_", "[A-Za-z]{34}" + _END),
    Format("a Groq key", "gsk_", "[A-Za-z0-9]{52}" + _END),
    Format("an xAI key", "xai-", "[A-Za-z0-9]{80}" + _END),
    Format("a Perplexity key", "pplx-", "[A-Za-z0-9]{48}" + _END),
    Format("a Replicate token", "r8_", "[A-Za-z0-9]{37}" + _END),
)
_GENERAL: Final = (
    Format("a signed token (JWT)", "eyJ", r"[\w-]{10,4000}+\.[\w-]{4,16000}+\.[\w-]{0,4000}+", check=is_jwt),
    Format(
        "a password in a URL",
        "://",
        r"[^/\s:@\"'<>\\]{0,200}:(?P<secret>[^/\s@\"'<>\\]{3,200})@[\w\[.$%{-]",
        anywhere=True,
        inside=True,
        check=is_password,
    ),
    Format(
        "a password in a URL",
        "&password= ?password= ;password= &pwd= ?pwd= &passwd=",
        r"(?P<secret>[^&;\s\"'\\]{3,200})",
        anywhere=True,
        check=is_password,
    ),
    Format(
        "a connection string with a password",
        ";Password= ;Pwd= ;pwd= ;PWD= ;PASSWORD=",
        r"(?P<secret>[^;\s\"'\\]{3,200})",
        anywhere=True,
        check=is_password,
    ),
    Format(
        "an Authorization header",
        "Authorization authorization AUTHORIZATION",
        r"[\"'\\]{0,3}[\s:=,]{1,6}[\"'\\]{0,3}(?i:basic|bearer|token)[ +](?P<secret>[\w.~+/=-]{16,2000})",
        check=is_basic_or_bearer,
    ),
)
FORMATS: Final = (*_AWS, *_CLOUDS, *_CODE, *_DATA, *_PEOPLE, *_SERVICES, *_MODELS, *_GENERAL)
