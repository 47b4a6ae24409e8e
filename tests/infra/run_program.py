"""Runs the infra program on the SDK's mocks in a process of its own and prints what it registered as JSON.

Input on stdin: {"config": {key: value}, "preview": bool}. In a preview a resource answers with its inputs only, so
everything that a provider would compute is unknown, as in the engine. Output:
{"resources": [{"type", "name", "inputs", "parent", "depends"}], "exports": {name: {"value", "secret", "known"}}};
a secret input is {"secret": value}, an unknown one {"unknown": true}.
"""

from __future__ import annotations

import asyncio
import json
import os
import runpy
import sys
from pathlib import Path
from typing import Any

import pulumi
from google.protobuf import empty_pb2
from google.protobuf.json_format import MessageToDict
from pulumi.runtime import mocks, rpc, set_all_config
from pulumi.runtime.proto import resource_pb2
from pulumi.runtime.stack import wait_for_rpcs

INFRA = Path(__file__).parents[2] / "infra"
SIGNATURE = rpc._special_sig_key
COMPUTED = {
    "aws:iam/accessKey:AccessKey": {"secret": "computed-secret-key"},
    "oci:Identity/apiKey:ApiKey": {"fingerprint": "20:3b:97:13:55:1c"},
}


def readable(value: Any) -> Any:
    """A value off the wire, with its marks spelled out."""
    if value == rpc.UNKNOWN:
        return {"unknown": True}
    if isinstance(value, list):
        return [readable(item) for item in value]
    if isinstance(value, dict):
        if value.get(SIGNATURE) == rpc._special_secret_sig:
            return {"secret": readable(value["value"])}
        return {key: readable(item) for key, item in value.items() if key != SIGNATURE}
    return value


def policy_document(args: dict[str, Any]) -> str:
    """The JSON text for the arguments of get_policy_document that the program uses."""
    statements = []
    for given in args["statements"]:
        statement = {"Sid": given["sid"], "Effect": given.get("effect", "Allow"), "Action": given["actions"]}
        if "resources" in given:
            statement["Resource"] = given["resources"]
        for principal in given.get("principals", []):
            statement.setdefault("Principal", {})[principal["type"]] = principal["identifiers"]
        for condition in given.get("conditions", []):
            block = statement.setdefault("Condition", {}).setdefault(condition["test"], {})
            block[condition["variable"]] = condition["values"]
        statements.append(statement)
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


class Provider(mocks.Mocks):
    """Answers as a provider would, with computed outputs outside a preview."""

    def __init__(self, preview: bool) -> None:
        self.preview = preview

    def call(self, args: mocks.MockCallArgs) -> dict[str, Any]:
        if args.token != "aws:iam/getPolicyDocument:getPolicyDocument":
            raise LookupError(f"the program must run without look-ups, it asked for {args.token}")
        return {"id": "1", "json": policy_document(args.args)}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if self.preview:
            return None, args.inputs
        return f"{args.name}-id", {"arn": f"arn:{args.name}", **args.inputs, **COMPUTED.get(args.typ, {})}


class Monitor(mocks.MockMonitor):
    """Records registrations as they come off the wire and marks what the SDK asks to be secret."""

    def __init__(self, provider: Provider) -> None:
        super().__init__(provider)
        self.registered: list[resource_pb2.RegisterResourceRequest] = []

    def RegisterResource(self, request: resource_pb2.RegisterResourceRequest) -> Any:
        self.registered.append(request)
        response = super().RegisterResource(request)
        for name in request.additionalSecretOutputs:
            if name in response.object.fields:
                plain = MessageToDict(response.object)[name]
                response.object.update({name: {SIGNATURE: rpc._special_secret_sig, "value": plain}})
        return response

    def RegisterResourceOutputs(self, request: resource_pb2.RegisterResourceOutputsRequest) -> empty_pb2.Empty:
        return empty_pb2.Empty()


async def run(monitor: Monitor) -> dict[str, Any]:
    """Run the program and collect its registrations and exports."""
    runpy.run_path(str(INFRA), run_name="__main__")
    await wait_for_rpcs()
    exports = {}
    for name, value in pulumi.runtime.settings.get_root_resource().outputs.items():
        output = pulumi.Output.from_input(value)
        exports[name] = {
            "value": await output.future(),
            "secret": await output.is_secret(),
            "known": await output.is_known(),
        }
    resources = [
        {
            "type": request.type,
            "name": request.name,
            "inputs": readable(MessageToDict(request.object)),
            "parent": request.parent,
            "depends": sorted(request.dependencies),
        }
        for request in monitor.registered
    ]
    return {"resources": resources, "exports": exports}


def main() -> None:
    task = json.load(sys.stdin)
    os.chdir(INFRA)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    provider = Provider(task["preview"])
    monitor = Monitor(provider)
    mocks.set_mocks(provider, project="ai-workloads", stack="dev", preview=task["preview"], monitor=monitor)
    set_all_config(task["config"], [key for key in task["config"] if key.endswith("_key")])
    json.dump(loop.run_until_complete(run(monitor)), sys.stdout)


if __name__ == "__main__":
    main()
