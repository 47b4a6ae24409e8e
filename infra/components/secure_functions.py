"""Workload 2: secure functions in both clouds."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from .aws_function import AwsFunction, AwsFunctionArgs
from .oci_function import OciFunction, OciFunctionArgs


@dataclass(frozen=True)
class SecureFunctionsArgs:
    """The two halves, one for each cloud."""

    aws: AwsFunctionArgs
    oci: OciFunctionArgs


class SecureFunctions(pulumi.ComponentResource):
    """Functions of an AI pipeline that only their named callers may invoke, one on AWS Lambda, one on OCI Functions.

    Creates an `AwsFunction` and an `OciFunction`, which say what each consists of. Serves the exports
    `lambda_function_arn` and `oci_function_id`.
    """

    lambda_function_arn: pulumi.Output[str]
    oci_function_id: pulumi.Output[str]

    def __init__(self, name: str, args: SecureFunctionsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ai-workloads:components:SecureFunctions", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.lambda_function_arn = AwsFunction(f"{name}-aws", args.aws, child).function_arn
        self.oci_function_id = OciFunction(f"{name}-oci", args.oci, child).function_id
        self.register_outputs(
            {"lambda_function_arn": self.lambda_function_arn, "oci_function_id": self.oci_function_id}
        )
