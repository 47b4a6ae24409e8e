"""What must be true of the list of OCI permissions, whoever adds to it."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any

import pytest

VERBS = ("inspect", "read", "use", "manage")
PERMISSION = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
TYPE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
OPERATION = re.compile(r"[A-Z][A-Za-z0-9]+")


@cache
def data() -> dict[str, Any]:
    text = files("policypack.guardrails.oci").joinpath("data/permissions.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def ladder(entry: dict[str, Any]) -> list[str]:
    return [permission for verb in VERBS for permission in entry.get(verb, [])]


def up_to(name: str, verb: str) -> set[str]:
    entry = data()["types"][name]
    return {permission for below in VERBS[: VERBS.index(verb) + 1] for permission in entry.get(below, [])}


def listed() -> set[str]:
    entries = [*data()["types"].values(), *data()["families"].values()]
    return {permission for entry in entries for permission in ladder(entry)}


def test_the_file_has_all_its_parts() -> None:
    assert set(data()) == {"checked", "sources", "spellings", "types", "families", "operations"}
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", data()["checked"])


def test_each_entry_has_only_known_keys_and_names_its_source() -> None:
    for name, entry in data()["types"].items():
        assert TYPE.fullmatch(name), name
        assert set(entry) <= {"source", *VERBS}, name
        assert entry["source"] in data()["sources"], name
    for name, entry in data()["families"].items():
        assert TYPE.fullmatch(name), name
        assert {"source", "members"} <= set(entry) <= {"source", "members", *VERBS}, name
        assert entry["source"] in data()["sources"], name


def test_each_source_is_a_page_of_oracle_and_is_used() -> None:
    entries = [*data()["types"].values(), *data()["families"].values()]
    assert {entry["source"] for entry in entries} == set(data()["sources"])
    assert all(url.startswith("https://docs.oracle.com/") for url in data()["sources"].values())
    assert len(set(data()["sources"].values())) == len(data()["sources"])


def test_a_ladder_holds_each_permission_once_in_upper_case() -> None:
    for name, entry in [*data()["types"].items(), *data()["families"].items()]:
        steps = ladder(entry)
        assert len(steps) == len(set(steps)), name
        assert all(PERMISSION.fullmatch(step) for step in steps), name
        assert all(entry[verb] for verb in VERBS if verb in entry), f"{name} has an empty step"


def test_the_members_of_a_family_are_types() -> None:
    for name, entry in data()["families"].items():
        members = entry["members"]
        assert set(members) <= set(data()["types"]), name
        assert len(members) == len(set(members)), name
    assert not set(data()["types"]) & set(data()["families"])
    assert "all-resources" not in {*data()["types"], *data()["families"]}


def test_operations_need_listed_permissions() -> None:
    known = listed()
    for name, needed in data()["operations"].items():
        assert OPERATION.fullmatch(name), name
        assert needed, name
        assert len(needed) == len(set(needed)), name
        assert set(needed) <= known, name


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("buckets", ("BUCKET_INSPECT", "BUCKET_READ", "BUCKET_UPDATE",
                     "BUCKET_CREATE BUCKET_DELETE PAR_MANAGE RETENTION_RULE_MANAGE RETENTION_RULE_LOCK")),
        ("objects", ("OBJECT_INSPECT", "OBJECT_READ", "OBJECT_OVERWRITE",
                     "OBJECT_CREATE OBJECT_DELETE OBJECT_VERSION_DELETE OBJECT_RESTORE OBJECT_UPDATE_TIER")),
        ("objectstorage-namespaces", ("", "OBJECTSTORAGE_NAMESPACE_READ", "", "OBJECTSTORAGE_NAMESPACE_UPDATE")),
        ("fn-app", ("FN_APP_LIST", "FN_APP_READ", "", "FN_APP_CREATE FN_APP_DELETE FN_APP_UPDATE")),
        ("fn-function", ("FN_FUNCTION_LIST", "FN_FUNCTION_READ", "",
                         "FN_FUNCTION_CREATE FN_FUNCTION_DELETE FN_FUNCTION_UPDATE")),
        ("fn-invocation", ("", "", "FN_INVOCATION", "")),
        ("groups", ("GROUP_INSPECT", "", "GROUP_UPDATE", "GROUP_CREATE GROUP_DELETE")),
        ("policies", ("POLICY_READ", "", "", "POLICY_UPDATE POLICY_CREATE POLICY_DELETE")),
        ("dynamic-groups", ("DYNAMIC_GROUP_INSPECT", "", "DYNAMIC_GROUP_UPDATE",
                            "DYNAMIC_GROUP_CREATE DYNAMIC_GROUP_DELETE")),
        ("key-delegate", ("", "", "KEY_ASSOCIATE KEY_DISASSOCIATE", "")),
        ("secret-bundles", ("SECRET_BUNDLE_INSPECT", "SECRET_BUNDLE_READ", "", "")),
        ("repos", ("REPOSITORY_INSPECT", "REPOSITORY_READ", "",
                   "REPOSITORY_CREATE REPOSITORY_DELETE REPOSITORY_UPDATE REPOSITORY_MANAGE")),
    ],
)  # fmt: skip
def test_ladders_as_oracle_prints_them(name: str, steps: tuple[str, str, str, str]) -> None:
    entry = data()["types"][name]
    assert tuple(set(entry.get(verb, [])) for verb in VERBS) == tuple(set(step.split()) for step in steps)


@pytest.mark.parametrize(
    ("name", "verb", "held", "not_held"),
    [
        ("users", "use", "USER_UPDATE USER_READ", "USER_APIKEY_ADD USER_UIPASS_RESET"),
        ("users", "manage", "USER_APIKEY_ADD USER_UIPASS_RESET USER_AUTHTOKEN_SET USER_SECRETKEY_ADD", ""),
        ("domains", "use", "DOMAIN_UPDATE", "DOMAIN_CREATE"),
        ("keys", "use", "KEY_DECRYPT KEY_SIGN", "KEY_DELETE"),
        ("keys", "read", "KEY_READ", "KEY_DECRYPT"),
        ("secrets", "manage", "SECRET_CREATE SECRET_DELETE", "SECRET_BUNDLE_READ"),
        ("vaults", "manage", "VAULT_DELETE", "KEY_DELETE"),
        ("instances", "use", "INSTANCE_UPDATE INSTANCE_POWER_ACTIONS", "INSTANCE_CREATE"),
        ("instance-agent-commands", "use", "INSTANCE_AGENT_COMMAND_CREATE", ""),
        ("instance-agent-commands", "read", "INSTANCE_AGENT_COMMAND_READ", "INSTANCE_AGENT_COMMAND_CREATE"),
        ("clusters", "use", "CLUSTER_USE", "CLUSTER_MANAGE"),
        ("orm-jobs", "manage", "ORM_JOB_MANAGE", ""),
        ("vnics", "use", "VNIC_CREATE VNIC_ATTACH", ""),
    ],
)
def test_verbs_reach_as_far_as_oracle_says(name: str, verb: str, held: str, not_held: str) -> None:
    assert set(held.split()) <= up_to(name, verb)
    assert not set(not_held.split()) & up_to(name, verb)


@pytest.mark.parametrize(
    ("family", "members"),
    [
        ("object-family", "buckets objects objectstorage-namespaces"),
        ("functions-family", "fn-app fn-function fn-invocation"),
        ("secret-family", "secrets secret-versions secret-bundles"),
        ("key-family", "vaults keys key-delegate"),
        ("instance-agent-command-family", "instance-agent-commands"),
        ("compute-management-family", "instance-configurations instance-pools cluster-networks"),
    ],
)
def test_families_as_oracle_prints_them(family: str, members: str) -> None:
    assert set(data()["families"][family]["members"]) == set(members.split())


def test_the_instance_family_adds_permissions_of_network_and_volumes() -> None:
    family = data()["families"]["instance-family"]
    assert {"VNIC_READ", "VNIC_ATTACHMENT_READ"} <= set(family["inspect"])
    assert {"VNIC_ATTACH", "VNIC_DETACH"} <= set(family["use"])
    assert {"VOLUME_ATTACHMENT_CREATE", "VOLUME_ATTACHMENT_DELETE"} <= set(family["manage"])


@pytest.mark.parametrize(
    ("operation", "needed"),
    [
        ("UpdateBucket", "BUCKET_UPDATE"),
        ("CreatePreauthenticatedRequest", "PAR_MANAGE"),
        ("UploadApiKey", "USER_UPDATE USER_APIKEY_ADD"),
        ("CreateOrResetUIPassword", "USER_UPDATE USER_UIPASS_RESET"),
        ("AddUserToGroup", "GROUP_UPDATE USER_UPDATE"),
        ("UpdatePolicy", "POLICY_UPDATE"),
        ("GetSecretBundle", "SECRET_BUNDLE_READ"),
        ("Decrypt", "KEY_DECRYPT"),
        ("InvokeFunction", "FN_INVOCATION"),
        ("CreateInstanceAgentCommand", "INSTANCE_AGENT_COMMAND_CREATE"),
    ],
)
def test_operations_as_oracle_prints_them(operation: str, needed: str) -> None:
    assert set(data()["operations"][operation]) == set(needed.split())


IAM = frozenset(
    {
        "authentication-policies",
        "compartments",
        "credentials",
        "domains",
        "dynamic-groups",
        "group-memberships",
        "groups",
        "iamworkrequest",
        "identity-providers",
        "network-sources",
        "oauth2-clients",
        "policies",
        "regions",
        "service-principal",
        "tag-defaults",
        "tag-namespaces",
        "tenancies",
        "users",
        "workrequest",
    }
)


def test_iam_has_no_family_and_all_its_types_are_known() -> None:
    assert set(data()["types"]) >= IAM
    assert not IAM & {member for entry in data()["families"].values() for member in entry["members"]}


@pytest.mark.parametrize(
    "word", ["bucket", "object", "function-family", "pre-authenticated-requests", "identity-family"]
)
def test_words_that_are_no_types_stay_out(word: str) -> None:
    assert word not in data()["types"]
    assert word not in data()["families"]
