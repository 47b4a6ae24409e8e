"""A stand-in for any provider plugin: enough of the protocol for a whole preview, without cloud, account or network.

Usage: `standin_provider.py NAME [engine address]` serves package NAME and prints its port, as the engine expects. The
engine takes a plugin from PATH when an executable is called `pulumi-resource-NAME`; `write_plugin` makes one.

It does what the bridged providers do and a policy can see: `Check` fills a physical name and turns typed policy
documents into JSON text, functions answer, and a preview's `Create` answers with the inputs and an unknown for each output that
is never empty. It shares no code with preflight's own monitor: a comparison of the two is worth something only then.
"""

from __future__ import annotations

import importlib
import inspect
import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import metadata
from pathlib import Path
from types import FrameType
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime import rpc
from pulumi.runtime.proto import plugin_pb2, provider_pb2_grpc
from pulumi.runtime.proto import provider_pb2 as pb

ACCOUNT: Final = "528067193446"
NAMESPACE: Final = "frx4kqy7mzpd"
_REGIONS: Final = {"aws": "eu-central-1", "oci": "eu-frankfurt-1"}
_SUFFIX: Final = "1a2b3c4"  # what autonaming adds to a resource's name
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"
_DOCUMENTS: Final = frozenset({"policy", "assumeRolePolicy", "inlinePolicy", "accessPolicy"})
_IMPORTS: Final = threading.Lock()  # the SDKs' lazy modules show half of themselves to a second thread
_MESSAGE_LIMIT: Final = 400 * 1024 * 1024  # the engine's own

Json = Mapping[str, Any]


def write_plugin(folder: Path, package: str, script: Path = Path(__file__)) -> Path:
    """Write `folder`/pulumi-resource-`package`, an executable that runs `script` under the present interpreter.

    The script finds the modules beside it and beside this file.
    """
    plugin = folder / f"pulumi-resource-{package}"
    here, there = Path(__file__).resolve().parent, script.resolve()
    path = f"{there.parent}{os.pathsep}{here}"
    plugin.write_text(f'#!/bin/sh\nPYTHONPATH="{path}" exec "{sys.executable}" "{there}" {package} "$@"\n')
    plugin.chmod(0o755)
    return plugin


def _struct(values: Json) -> struct_pb2.Struct:
    return json_format.ParseDict(dict(values), struct_pb2.Struct())


def _holds(value: object, test: Callable[[object], bool]) -> bool:
    if test(value):
        return True
    if isinstance(value, dict):
        return any(_holds(one, test) for one in value.values())
    return isinstance(value, list) and any(_holds(one, test) for one in value)


def _is_secret(value: object) -> bool:
    return isinstance(value, dict) and value.get(_SIGNATURE) == _SECRET


def _without_marks(value: Any) -> Any:
    if _is_secret(value):
        return _without_marks(value["value"])
    if isinstance(value, dict):
        return {key: _without_marks(one) for key, one in value.items()}
    return [_without_marks(one) for one in value] if isinstance(value, list) else value


def _document_text(value: Any) -> Any:
    """A typed policy document as JSON text: unknown when any part is, secret when any part is."""
    if not isinstance(value, dict) or _SIGNATURE in value:
        return value
    unknown = _holds(value, lambda one: one == rpc.UNKNOWN)
    text = rpc.UNKNOWN if unknown else json.dumps(_without_marks(value), separators=(",", ":"))
    return {_SIGNATURE: _SECRET, "value": text} if _holds(value, _is_secret) else text


def _resource_class(package: str, token: str) -> type | None:
    """The SDK's class for the resource type `token`, None where it has none."""
    with _IMPORTS:
        importlib.import_module(f"pulumi_{package}")
        module = rpc.get_resource_module(package, token.split(":")[1], "")  # whichever version is installed
        known: dict[str, Any] = getattr(module, "mod_info", {})
        if token not in known.get("classes", {}):
            return None
        cls: type = getattr(importlib.import_module(known["fqn"]), known["classes"][token])
        return cls


def _takes_name(package: str, token: str) -> bool:
    """Whether resources of `token` have an input `name`, which a bridged provider fills."""
    initialise: Any = getattr(_resource_class(package, token), "_internal_init", None)
    return initialise is not None and "name" in inspect.signature(initialise).parameters


@cache
def _certain_outputs(package: str, token: str) -> frozenset[str]:
    """The outputs that resources of `token` always have, given or computed: the SDK declares them not optional."""
    cls = _resource_class(package, token)
    getters = [one.fget for one in vars(cls).values() if isinstance(one, property) and one.fget] if cls else []
    return frozenset(
        getattr(getter, "_pulumi_name", getter.__name__)
        for getter in getters
        if "Optional[" not in str(inspect.signature(getter).return_annotation)
    )


def _one_or_many(values: Sequence[str]) -> Any:
    texts = [value.replace("&{", "${") for value in values]
    return texts[0] if len(texts) == 1 else texts


def _set(values: Sequence[str]) -> Any:
    # The provider keeps these as sets and writes them from Z to A; the values of a condition keep their order.
    return _one_or_many(sorted(values, reverse=True))


def _statement(given: Json) -> dict[str, Any]:
    rendered: dict[str, Any] = {"Sid": given["sid"]} if given.get("sid") else {}
    rendered["Effect"] = given.get("effect") or "Allow"
    for key, name in (
        ("actions", "Action"),
        ("notActions", "NotAction"),
        ("resources", "Resource"),
        ("notResources", "NotResource"),
    ):
        if given.get(key):
            rendered[name] = _set(given[key])
    for key, name in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        kinds: dict[str, list[str]] = {}
        for principal in given.get(key) or []:
            kinds.setdefault(principal["type"], []).extend(principal["identifiers"])
        if kinds:
            everyone = kinds == {"*": ["*"]}
            rendered[name] = "*" if everyone else {kind: _set(ids) for kind, ids in kinds.items()}
    for condition in given.get("conditions") or []:
        operator = rendered.setdefault("Condition", {}).setdefault(condition["test"], {})
        operator[condition["variable"]] = _one_or_many(condition["values"])
    return rendered


def _as_declared(value: Any) -> Any:
    # The SDK sends the keys of a plain dictionary as they are, and the bridge takes `not_actions` for `notActions`.
    if isinstance(value, dict):
        return {_camel(key): _as_declared(one) for key, one in value.items()}
    return [_as_declared(one) for one in value] if isinstance(value, list) else value


def _camel(key: str) -> str:
    first, *rest = key.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _policy_document(args: Json) -> Json:
    args = _as_declared(args)
    document: dict[str, Any] = {"Version": args.get("version") or "2012-10-17"}
    if args.get("policyId"):
        document["Id"] = args["policyId"]
    document["Statement"] = [_statement(one) for one in args.get("statements") or []]
    return {
        **args,
        "id": "1234567890",
        "json": json.dumps(document, indent=2),
        "minifiedJson": json.dumps(document, separators=(",", ":")),
    }


def _caller(args: Json) -> Json:
    arn = f"arn:aws:iam::{ACCOUNT}:user/preview"
    return {"accountId": ACCOUNT, "arn": arn, "userId": "AIDAPREVIEW", "id": ACCOUNT}


def _region(args: Json) -> Json:
    region = args.get("region") or _REGIONS["aws"]
    endpoint = f"ec2.{region}.amazonaws.com"
    return {"id": region, "name": region, "region": region, "description": region, "endpoint": endpoint}


def _cluster(args: Json) -> Json:
    region = _REGIONS["aws"]
    issuer = f"https://oidc.eks.{region}.amazonaws.com/id/0C1D2E3F4A5B6C7D8E9F0A1B2C3D4E5F"
    arn = f"arn:aws:eks:{region}:{ACCOUNT}:cluster/{args['name']}"
    return {**args, "id": args["name"], "arn": arn, "identities": [{"oidcs": [{"issuer": issuer}]}]}


def _oidc_provider(args: Json) -> Json:
    issuer = args["url"].removeprefix("https://")
    arn = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{issuer}"
    return {"id": arn, "arn": arn, "url": issuer, "clientIdLists": ["sts.amazonaws.com"], "thumbprintLists": []}


_FUNCTIONS: Final[Mapping[str, Callable[[Json], Json]]] = {
    "aws:eks/getCluster:getCluster": _cluster,
    "aws:iam/getOpenIdConnectProvider:getOpenIdConnectProvider": _oidc_provider,
    "aws:iam/getPolicyDocument:getPolicyDocument": _policy_document,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getRegion:getRegion": _region,
    "aws:index/getPartition:getPartition": lambda args: {
        "id": "aws",
        "partition": "aws",
        "dnsSuffix": "amazonaws.com",
        "reverseDnsPrefix": "com.amazonaws",
    },
    "aws:ssm/getParameter:getParameter": lambda args: {**args, "id": args["name"], "value": "stored-elsewhere"},
    "oci:ObjectStorage/getNamespace:getNamespace": lambda args: {**args, "id": "namespace", "namespace": NAMESPACE},
}


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """The provider service of one package, as far as a preview calls it."""

    def __init__(self, package: str) -> None:
        self._package = package

    def Handshake(self, request: Any, context: Any) -> pb.ProviderHandshakeResponse:
        return pb.ProviderHandshakeResponse(accept_secrets=True, accept_resources=True, accept_outputs=False)

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=metadata.version(f"pulumi-{self._package}"))

    def Attach(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def CheckConfig(self, request: Any, context: Any) -> pb.CheckResponse:
        return pb.CheckResponse(inputs=request.news)

    def Configure(self, request: Any, context: Any) -> pb.ConfigureResponse:
        return pb.ConfigureResponse(acceptSecrets=True, supportsPreview=True, acceptResources=True, acceptOutputs=False)

    def Check(self, request: Any, context: Any) -> pb.CheckResponse:
        token, name = request.urn.split("::")[2].split("$")[-1], request.urn.split("::")[-1]
        news = {
            key: _document_text(value) if key in _DOCUMENTS else value
            for key, value in json_format.MessageToDict(request.news).items()
        }
        if token == "aws:s3/bucket:Bucket":
            if not {"bucket", "bucketPrefix"} & news.keys():
                news["bucket"] = f"{name}-{_SUFFIX}"
        elif not {"name", "namePrefix"} & news.keys() and _takes_name(self._package, token):
            news["name"] = f"{name}-{_SUFFIX}"
        return pb.CheckResponse(inputs=_struct(news))

    def Create(self, request: Any, context: Any) -> pb.CreateResponse:
        if not request.preview:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, "the stand-in only previews")
        token = request.urn.split("::")[2].split("$")[-1]
        computed = dict.fromkeys(_certain_outputs(self._package, token), rpc.UNKNOWN)
        return pb.CreateResponse(properties=_struct({**computed, **json_format.MessageToDict(request.properties)}))

    def Read(self, request: Any, context: Any) -> pb.ReadResponse:
        return pb.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)

    def Invoke(self, request: Any, context: Any) -> pb.InvokeResponse:
        args = json_format.MessageToDict(request.args)
        function = _FUNCTIONS.get(request.tok, lambda given: {**given, "id": request.tok.split(":")[-1]})
        response = pb.InvokeResponse()
        getattr(response, "return").CopyFrom(_struct(function(args)))  # a keyword of the language
        return response


def _leave(number: int, frame: FrameType | None) -> None:
    os._exit(0)


def serve(provider: Provider) -> None:
    """Serve `provider` until the engine ends the process; the port is printed first."""
    # The engine interrupts its whole process group when a preview fails; a traceback would land in its output.
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGTERM, _leave)
    limit = [("grpc.max_receive_message_length", _MESSAGE_LIMIT), ("grpc.max_send_message_length", _MESSAGE_LIMIT)]
    server = grpc.server(ThreadPoolExecutor(max_workers=8), options=limit)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(provider, server)
    sys.stdout.write(f"{server.add_insecure_port('127.0.0.1:0')}\n")
    sys.stdout.flush()
    server.start()
    server.wait_for_termination()


if __name__ == "__main__":
    serve(Provider(sys.argv[1]))
