"""Workload 2, AWS half: a Lambda function that one caller may invoke."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws
from pulumi_aws.iam import GetPolicyDocumentStatementArgs as Statement

from .aws_names import AwsNames
from .documents import document, principal

# Relative to the project folder, where the engine runs the program: an absolute path would differ between machines.
_CODE = "functions/prompt_batches/handler.py"


@dataclass(frozen=True)
class AwsFunctionArgs:
    """`prefix` begins every name; `caller_role` is the name of an existing role without a path."""

    names: AwsNames
    prefix: str
    caller_role: str


class AwsFunction(pulumi.ComponentResource):
    """A Lambda function with a role that can write its own logs and do nothing else.

    Creates the log group, the function's role and log policy, the function from code in this repository, and the
    policy that lets the caller invoke and look at this function alone. That policy is attached to the caller; the
    function's own role never holds it. Serves the export `lambda_function_arn`.
    """

    function_arn: pulumi.Output[str]

    def __init__(self, name: str, args: AwsFunctionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ai-workloads:components:AwsFunction", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        function_name = f"{args.prefix}-prompt-batches"

        log_group = aws.cloudwatch.LogGroup(name, name=f"/aws/lambda/{function_name}", retention_in_days=90, opts=child)
        role = aws.iam.Role(
            name,
            name=f"{function_name}-execution",
            assume_role_policy=document(
                Statement(
                    sid="LambdaService",
                    actions=["sts:AssumeRole"],
                    principals=[principal("Service", "lambda.amazonaws.com")],
                )
            ),
            opts=child,
        )
        log_policy = aws.iam.Policy(
            f"{name}-logs",
            name=f"{function_name}-logs",
            description=f"{function_name} writes its own logs",
            policy=document(
                Statement(
                    sid="WriteOwnLogs",
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[args.names.log_streams(f"/aws/lambda/{function_name}")],
                )
            ),
            opts=child,
        )
        log_permission = aws.iam.RolePolicyAttachment(
            f"{name}-logs", role=role.name, policy_arn=log_policy.arn, opts=child
        )
        function = aws.lambda_.Function(
            name,
            name=function_name,
            description="Cuts a document into prompts that fit a model's context",
            role=role.arn,
            runtime=aws.lambda_.Runtime.PYTHON3D13,
            architectures=["arm64"],
            handler="handler.handler",
            code=pulumi.AssetArchive({"handler.py": pulumi.FileAsset(_CODE)}),
            memory_size=256,
            timeout=30,
            logging_config=aws.lambda_.FunctionLoggingConfigArgs(log_format="JSON", log_group=log_group.name),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[log_permission]),
        )
        invoke_policy = aws.iam.Policy(
            f"{name}-invoke",
            name=f"{function_name}-invoke",
            description=f"Invoke {function_name}",
            policy=document(
                Statement(
                    sid="InvokeFunction",
                    actions=["lambda:InvokeFunction", "lambda:GetFunction"],
                    resources=[args.names.function(function_name)],
                )
            ),
            opts=child,
        )
        aws.iam.RolePolicyAttachment(f"{name}-invoke", role=args.caller_role, policy_arn=invoke_policy.arn, opts=child)
        self.function_arn = function.arn
        self.register_outputs({"function_arn": self.function_arn})
