"""Provider resources: explicit ones, and the default ones that the engine makes up from configuration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from google.protobuf import struct_pb2
from pulumi.runtime.proto import analyzer_pb2

from . import urns, wire
from .places import Place, place

if TYPE_CHECKING:
    from .job import Job

_DYNAMIC: Final = frozenset({"pulumi-python", "pulumi-nodejs"})


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as packs see it beside each of its resources, and where its resources live."""

    message: analyzer_pb2.AnalyzerProviderResource
    place: Place


@dataclass(frozen=True, slots=True)
class Package:
    """What a request says about the package that serves it."""

    name: str
    version: str
    download_url: str


def describe(type_: str, urn: str, name: str, properties: struct_pb2.Struct) -> Provider:
    """A provider resource from its inputs."""
    visible = wire.without_internal_keys(properties)
    texts = {key: wire.known_text(wire.reveal(value)) or "" for key, value in visible.fields.items()}
    message = analyzer_pb2.AnalyzerProviderResource(type=type_, urn=urn, name=name, properties=visible)
    return Provider(message, place(urn, texts))


def default_name(package: Package) -> str:
    """The name of the default provider of a package, as the engine spells it (`default_7_51_1`)."""
    parts = ["default"]
    if package.version:
        parts.append(re.sub(r"[.+-]", "_", package.version.removeprefix("v")))
    if package.download_url:
        parts.append(_as_qualified_name(package.download_url.rstrip("/")))
    return "_".join(parts)


def _as_qualified_name(text: str) -> str:
    """Words of letters, digits, dots and dashes between slashes, the first character of each no dot or dash."""
    segments = [re.sub(r"[^A-Za-z0-9_.-]", "_", segment) for segment in text.split("/") if segment]
    return "/".join(re.sub(r"^[.-]", "_", segment) for segment in segments)


def default_inputs(package: Package, job: Job) -> struct_pb2.Struct:
    """The inputs of a default provider: the package's configuration as texts, secrets marked, and its version.

    Dynamic providers get the whole configuration under full keys. What was invented is unknown.
    """
    struct = struct_pb2.Struct()
    dynamic = package.name in _DYNAMIC
    for key, value in (job.config if dynamic else job.package_config(package.name)).items():
        full = key if dynamic else f"{package.name}:{key}"
        struct.fields[key].string_value = wire.UNKNOWN if job.has_invented(full) else value
        if full in job.secret_keys:
            wire.mark_secret(struct.fields[key])
    if package.version:
        struct.fields["version"].string_value = package.version.removeprefix("v")
    return struct


def default_urn(package: Package, job: Job) -> str:
    """The URN of a package's default provider, which has no parent."""
    return urns.build(job.stack, job.project, "", urns.PROVIDER_PREFIX + package.name, default_name(package))
