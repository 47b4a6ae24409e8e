"""What the rules on secrets cost over a large stack."""

from __future__ import annotations

import base64
import gc
import json
import random
import string
import time
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from google.protobuf import json_format
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as pb

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.findings import Concern
from policypack.guardrails.pack import Servicer
from policypack.guardrails.rule import AnyRule
from policypack.guardrails.wire import SECRET, SIGNATURE

from .figures import Effort, Figure
from .processes import alternate, run

_BUDGET: Final = 1.3
_SECRETS: Final = 200
_CONFIGURED: Final = 20
_LETTERS: Final = string.ascii_letters + string.digits


def secrets_figure(effort: Effort) -> Figure:
    """`preflight state` of a large stack, start to exit, with and without the rules on secrets.

    Of the resources 200 hold a secret each, of 24 to 60 characters; the others are functions, buckets, policies,
    machines and groups of logs as programs have them. Beside it stands what a pack spends on them in its process.
    """
    requests = _requests(effort.resources * 10)
    others = [rule for rule in RULES if rule.concern is not Concern.SECRET_MARKING]
    with TemporaryDirectory() as folder:
        state, off = Path(folder, "state.json"), Path(folder, "off.json")
        state.write_text(json.dumps(_state(requests)), encoding="utf-8")
        disabled = [rule.id for rule in RULES if rule.concern is Concern.SECRET_MARKING]
        off.write_text(json.dumps(dict.fromkeys(disabled, "disabled")), encoding="utf-8")
        command = ["-m", "preflight", "state", str(state)]
        us, without = alternate(
            (lambda: run(command).seconds, lambda: run([*command, "--policy-config", str(off)]).seconds),
            effort.large_runs,
        )
    count = f"{len(requests):,}"
    inside, reference = _seconds(RULES, requests), _seconds(others, requests)
    return Figure(
        name=f"`preflight state` of {count} resources with {_SECRETS} secrets / without the rules on secrets",
        ratio=us / without,
        value=us / without,
        budget=_BUDGET,
        limit=f"{_BUDGET:.1f}x",
        measured=f"{us:.2f} s / {without:.2f} s; in the pack's process {inside:.2f} / {reference:.2f} s",
    )


def _state(requests: Iterable[pb.AnalyzeRequest]) -> dict[str, object]:
    resources: list[dict[str, object]] = []
    for one in requests:
        properties = _sealed(json_format.MessageToDict(one.properties))
        resources.append(
            {
                "urn": one.urn,
                "type": one.type,
                "custom": True,
                "id": one.name,
                "inputs": properties,
                "outputs": properties,
            }
        )
    return {"version": 3, "deployment": {"manifest": {"time": "2026-01-01T00:00:00Z"}, "resources": resources}}


def _sealed(value: Any) -> Any:  # noqa: ANN401 - whatever JSON holds
    """Properties with secrets as an export with `--show-secrets` writes them."""
    if not isinstance(value, dict):
        return value
    if SIGNATURE in value:
        return {SIGNATURE: SECRET, "plaintext": json.dumps(value["value"])}
    return {name: _sealed(inner) for name, inner in value.items()}


def _seconds(rules: Iterable[AnyRule], requests: Iterable[pb.AnalyzeRequest]) -> float:
    """Processor time of every resource analyzed and then the stack, with secret configuration too."""
    servicer: Any = Servicer(rules)
    draw = random.Random(1)  # noqa: S311 - the same every time is what is wanted
    config = {f"large:secret{number}": _text(draw, 32) for number in range(_CONFIGURED)}
    servicer.ConfigureStack(pb.AnalyzerStackConfigureRequest(config=config, config_secret_keys=list(config)), None)
    stack = pb.AnalyzeStackRequest(
        resources=[
            pb.AnalyzerResource(type=one.type, urn=one.urn, name=one.name, properties=one.properties)
            for one in requests
        ]
    )
    gc.collect()
    began = time.process_time()
    for request in requests:
        servicer.Analyze(request, None)
    servicer.AnalyzeStack(stack, None)
    return time.process_time() - began


def _requests(count: int) -> list[pb.AnalyzeRequest]:
    draw = random.Random(9)  # noqa: S311
    every = count // _SECRETS
    made = []
    for number in range(count):
        kind, properties = _secret(draw) if number % every == 0 else _ordinary(draw, number)
        struct = Struct()
        struct.update(properties)
        name = f"{kind.rpartition(':')[2].lower()}-{number}"
        urn = f"urn:pulumi:dev::large::{kind}::{name}"
        made.append(pb.AnalyzeRequest(type=kind, urn=urn, name=name, properties=struct))
    return made


def _text(draw: random.Random, length: int) -> str:
    return "".join(draw.choices(_LETTERS, k=length))


def _secret(draw: random.Random) -> tuple[str, dict[str, Any]]:
    value = {SIGNATURE: SECRET, "value": _text(draw, draw.randint(24, 60))}
    return "aws:secretsmanager/secretVersion:SecretVersion", {
        "secretId": f"team/{draw.random()}",
        "secretString": value,
    }


def _ordinary(draw: random.Random, number: int) -> tuple[str, dict[str, Any]]:
    tags = {"team": f"team-{number % 40}", "service": f"service-{number % 300}", "cost-center": str(number % 90)}
    account = "471112345678"
    match number % 5:
        case 0:
            return "aws:lambda/function:Function", {
                "role": f"arn:aws:iam::{account}:role/service-{number}",
                "runtime": "python3.12",
                "handler": "main.handler",
                "s3Bucket": "releases",
                "s3Key": f"service/{number}/{draw.getrandbits(160):040x}.zip",
                "environment": {
                    "variables": {
                        "TABLE": f"orders-{number}",
                        "QUEUE_URL": f"https://sqs.eu-west-1.amazonaws.com/{account}/orders-{number}",
                        "SECRET_ARN": f"arn:aws:secretsmanager:eu-west-1:{account}:secret:orders-{number}-AbCdEf",
                        "LOG_LEVEL": "info",
                    }
                },
                "tags": tags,
            }
        case 1:
            return "aws:s3/bucket:Bucket", {"bucket": f"data-of-service-{number}", "forceDestroy": False, "tags": tags}
        case 2:
            statement = {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject"],
                "Resource": f"arn:aws:s3:::data-of-service-{number - 1}/*",
            }
            document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            return "aws:iam/policy:Policy", {"name": f"service-{number}", "policy": document, "tags": tags}
        case 3:
            script = f"#!/bin/sh\nset -e\nhostnamectl set-hostname service-{number}\nsystemctl start agent\n"
            return "aws:ec2/instance:Instance", {
                "ami": f"ami-{draw.getrandbits(68):017x}",
                "instanceType": "t4g.small",
                "userData": base64.b64encode(script.encode()).decode(),
                "tags": tags,
            }
    return "aws:cloudwatch/logGroup:LogGroup", {
        "name": f"/aws/lambda/service-{number}",
        "retentionInDays": 30,
        "tags": tags,
    }
