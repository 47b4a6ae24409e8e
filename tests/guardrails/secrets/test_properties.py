"""The tables of credential properties against the provider SDKs that are installed."""

from __future__ import annotations

import collections.abc
import importlib
import sys
import typing
from pathlib import Path

import pulumi_aws  # noqa: F401 - registers the types
import pulumi_oci  # noqa: F401
import pytest
from pulumi import _types
from pulumi.runtime import rpc

from policypack.guardrails.secrets.properties import (
    NOT_CREDENTIALS,
    REFERENCE_INPUTS,
    UNMARKED_INPUTS,
    UNMARKED_OUTPUTS,
    credential_inputs,
    marked,
)

sys.path.insert(0, str(Path(__file__).parents[3] / "scripts"))
marked_properties = importlib.import_module("marked_properties")


def resource_class(token: str) -> type:
    package, module, _ = token.split(":")
    info = rpc.get_resource_module(package, module, "").mod_info  # type: ignore[union-attr]
    found: type = getattr(importlib.import_module(info["fqn"]), info["classes"][token])
    return found


def test_the_data_file_is_what_the_installed_sdks_mark() -> None:
    assert marked_properties.TARGET.read_text() == marked_properties.render()


@pytest.mark.parametrize("token", NOT_CREDENTIALS)
def test_what_is_taken_out_was_marked(token: str) -> None:
    marks = marked()[token]
    assert NOT_CREDENTIALS[token] <= {*marks["inputs"], *marks["outputs"]}


@pytest.mark.parametrize(
    ("token", "path"),
    [
        (token, path)
        for table in (UNMARKED_INPUTS, UNMARKED_OUTPUTS, REFERENCE_INPUTS)
        for token, paths in table.items()
        for path in paths
    ],
)
def test_every_unmarked_credential_is_a_property_of_its_type(token: str, path: str) -> None:
    first, *rest = (part.removesuffix("[*]") for part in path.split("."))
    declared = _types.resource_types(resource_class(token))
    hint = declared[first]
    for part in rest:
        hint = _types.unwrap_optional_type(hint)
        while typing.get_origin(hint) in (list, collections.abc.Sequence):
            (hint,) = typing.get_args(hint)
        if typing.get_origin(hint) in (dict, collections.abc.Mapping):
            return  # a free map: its keys are the service's
        hint = _types.output_type_types(hint)[part]


@pytest.mark.parametrize("token", sorted({*UNMARKED_INPUTS, *UNMARKED_OUTPUTS, *REFERENCE_INPUTS}))
def test_what_no_sdk_marks_is_not_in_the_data_file(token: str) -> None:
    marks = marked().get(token, {"inputs": [], "outputs": []})
    assert not set(UNMARKED_INPUTS.get(token, ())) & set(marks["inputs"])
    assert not set(REFERENCE_INPUTS.get(token, ())) & set(marks["inputs"])
    assert not set(UNMARKED_OUTPUTS.get(token, ())) & set(marks["outputs"])


def test_what_is_no_credential_is_not_asked_to_be_marked() -> None:
    for token, names in NOT_CREDENTIALS.items():
        assert not names & set(credential_inputs().get(token, ()))
