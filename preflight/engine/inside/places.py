"""Where the resources of a provider live: partition, region and account, known or stood for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from . import stand_ins

if TYPE_CHECKING:
    from collections.abc import Mapping

_ACCOUNT_IN_ARN = re.compile(r"arn:[\w-]+:[\w-]*:[\w-]*:(\d{12}):")
_PARTITIONS: Final = (("cn-", "aws-cn", "amazonaws.com.cn"), ("us-gov-", "aws-us-gov", "amazonaws.com"))
# Everything under one set of ambient credentials is one account, whichever provider or region says so.
_AMBIENT: Final = "ambient"
REGION_KEY: Final = "aws:region"
# What makes a provider act under other credentials than the ambient ones.
_OTHER_CREDENTIALS: Final = ("accessKey", "profile", "assumeRole", "assumeRoles", "assumeRoleWithWebIdentity", "token")


@dataclass(frozen=True, slots=True)
class Place:
    """An AWS place. `region` and `account` are real where `region_known` and `account_known`, else stand-ins."""

    partition: str
    dns_suffix: str
    region: str
    account: str
    region_known: bool
    account_known: bool

    def at(self, region: str | None) -> Place:
        """The same place in another region (resources of provider version 7 may name their own)."""
        if region is None or region == self.region:
            return self
        partition, suffix = _partition(region)
        return replace(self, partition=partition, dns_suffix=suffix, region=region, region_known=True)


def place(urn: str, properties: Mapping[str, str]) -> Place:
    """The place of a provider from its known inputs, which are texts on the wire (lists and objects as JSON).

    The account is certain when `allowedAccountIds` has exactly one entry or the last assumed role names it: the
    provider refuses to work anywhere else.
    """
    region = properties.get("region", "")
    account = _single_account(properties.get("allowedAccountIds", "")) or _assumed_account(properties)
    partition, suffix = _partition(region)
    owner = urn if any(name in properties for name in _OTHER_CREDENTIALS) else _AMBIENT
    return Place(
        partition=partition,
        dns_suffix=suffix,
        region=region or ambient_region(),
        account=account or stand_ins.account(owner),
        region_known=bool(region),
        account_known=bool(account),
    )


def ambient_region() -> str:
    """The stand-in for the region that nothing names: for the program the same as for its default provider."""
    return stand_ins.computed(_AMBIENT, "region")


def _partition(region: str) -> tuple[str, str]:
    for prefix, partition, suffix in _PARTITIONS:
        if region.startswith(prefix):
            return partition, suffix
    return "aws", "amazonaws.com"


def _single_account(text: str) -> str:
    try:
        accounts = json.loads(text) if text else []
    except ValueError:
        return ""
    if isinstance(accounts, list) and len(accounts) == 1 and isinstance(accounts[0], str):
        return accounts[0]
    return ""


def _assumed_account(properties: Mapping[str, str]) -> str:
    text = properties.get("assumeRoles") or properties.get("assumeRole") or ""
    found = _ACCOUNT_IN_ARN.findall(text)
    return found[-1] if found else ""
