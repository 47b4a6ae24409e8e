"""Physical names that providers fill in when the program gives none.

Bridged providers do it in Check, before the pack sees the inputs: `<logical name>-<seven random characters>`. Here the
random part is a computed token, so that the name is recognised as invented and yet joins what refers to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from . import stand_ins

if TYPE_CHECKING:
    from google.protobuf import struct_pb2

    from .shapes import Shape

# The property that holds the physical name, where it is not `name`.
_NAME_PROPERTIES: Final = {
    "aws:s3/bucket:Bucket": "bucket",
    "aws:s3/bucketV2:BucketV2": "bucket",
    "aws:s3/directoryBucket:DirectoryBucket": "bucket",
    "aws:rds/instance:Instance": "identifier",
    "aws:rds/cluster:Cluster": "clusterIdentifier",
    "aws:docdb/cluster:Cluster": "clusterIdentifier",
    "aws:neptune/cluster:Cluster": "clusterIdentifier",
    "aws:elasticache/cluster:Cluster": "clusterId",
}
# Services that insist on a prefix.
_PREFIXES: Final = {"aws:kms/alias:Alias": "alias/"}
_SUFFIXES: Final = {"aws:sqs/queue:Queue": ("fifoQueue", ".fifo"), "aws:sns/topic:Topic": ("fifoTopic", ".fifo")}


def name_property(type_: str, shape: Shape) -> str | None:
    """The input that the provider fills with a generated name, or None.

    The rule of the bridged providers, as their SDK classes show it: a text input that may be left out and an output
    that never is.
    """
    name = _NAME_PROPERTIES.get(type_, "name")
    declared = shape.output(name)
    if declared is None or declared.optional or not declared.settable or declared.type is not str:
        return None
    return name


def fill(type_: str, logical_name: str, urn: str, shape: Shape, inputs: struct_pb2.Struct) -> None:
    """Put the generated name into `inputs` where the provider would. A given name or name prefix stands."""
    if type_.startswith("kubernetes:") and "metadata" in shape.inputs:
        _fill_metadata(logical_name, urn, inputs)
        return
    name = name_property(type_, shape)
    if name is None or _is_set(inputs, name) or _is_set(inputs, f"{name}Prefix"):
        return
    flag, suffix = _SUFFIXES.get(type_, ("", ""))
    ending = suffix if flag in inputs.fields and inputs.fields[flag].bool_value else ""
    generated = f"{logical_name}-{stand_ins.computed(urn, name)}{ending}"
    inputs.fields[name].string_value = _PREFIXES.get(type_, "") + generated


def _fill_metadata(logical_name: str, urn: str, inputs: struct_pb2.Struct) -> None:
    metadata = inputs.fields["metadata"].struct_value
    if not _is_set(metadata, "name") and not _is_set(metadata, "generateName"):
        metadata.fields["name"].string_value = f"{logical_name}-{stand_ins.computed(urn, 'metadata.name')}"


def _is_set(struct: struct_pb2.Struct, name: str) -> bool:
    return name in struct.fields and struct.fields[name].WhichOneof("kind") != "null_value"
