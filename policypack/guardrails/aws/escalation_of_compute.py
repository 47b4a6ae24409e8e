"""The methods of privilege escalation by what runs with a role: started new with a role that is passed, or taken over.

Compiled from the public lists of Rhino Security Labs, pathfinding.cloud, Hacking the Cloud, Prowler and HackTricks;
the rows count along the table of the project's notes on IAM.
"""

from __future__ import annotations

from typing import Final

from .escalation_methods import Method, existing, passing, step

_INSTANCE: Final = "ec2:instance"
_TEMPLATE: Final = "ec2:launch-template"
_FUNCTION: Final = "lambda:function"
_STACK: Final = "cloudformation:stack"
_SET: Final = "cloudformation:stackset"
_JOB: Final = "glue:job"
_PROJECT: Final = "codebuild:project"
_PIPELINE: Final = "codepipeline:pipeline"

_CALL: Final = ("lambda:InvokeFunction", "lambda:AddPermission", "lambda:CreateFunctionUrlConfig")
_BUILD: Final = ("codebuild:StartBuild", "codebuild:StartBuildBatch")

_create_function: Final = step("lambda:CreateFunction", _FUNCTION, "function")
_update_code: Final = step("lambda:UpdateFunctionCode", _FUNCTION, "function")
_configure: Final = step("lambda:UpdateFunctionConfiguration", _FUNCTION, "function")
_change_set: Final = step("cloudformation:CreateChangeSet", _STACK, "stack")
_execute: Final = step("cloudformation:ExecuteChangeSet", _STACK, "stack")

METHODS: Final[tuple[Method, ...]] = (
    passing(
        "pass-role-ec2",
        17,
        "start an instance with a role of its choice",
        "ec2",
        (step("ec2:RunInstances", _INSTANCE),),
        (step("ec2:RequestSpotInstances", "ec2:spot-instances-request"),),
    ),
    passing(
        "pass-role-instance-profile",
        18,
        "give a running instance a role of its choice",
        "ec2",
        (step(("ec2:AssociateIamInstanceProfile", "ec2:ReplaceIamInstanceProfileAssociation"), _INSTANCE),),
    ),
    passing(
        "pass-role-auto-scaling",
        19,
        "start instances with a role of its choice through an Auto Scaling group",
        "ec2",
        *(
            (step(("autoscaling:CreateAutoScalingGroup", "autoscaling:UpdateAutoScalingGroup")), step(launch))
            for launch in ("autoscaling:CreateLaunchConfiguration", "ec2:CreateLaunchTemplate")
        ),
    ),
    existing(
        "launch-template-version",
        20,
        "change what the instances of a launch template run",
        (
            step("ec2:CreateLaunchTemplateVersion", _TEMPLATE, "template"),
            step("ec2:ModifyLaunchTemplate", _TEMPLATE, "template"),
        ),
    ),
    existing(
        "instance-user-data",
        21,
        "run commands on an instance through its user data",
        tuple(
            step(f"ec2:{action}", _INSTANCE, "instance")
            for action in ("ModifyInstanceAttribute", "StopInstances", "StartInstances")
        ),
    ),
    existing(
        "instance-connect",
        22,
        "log in to instances",
        (
            step(
                ("ec2-instance-connect:SendSSHPublicKey", "ec2-instance-connect:SendSerialConsoleSSHPublicKey"),
                _INSTANCE,
                "instance",
            ),
        ),
    ),
    existing(
        "ssm-session",
        22,
        "open sessions on instances",
        (step("ssm:StartSession", "ssm:instance", "instance"),),
        (step("ssm:ResumeSession", "ssm:session", "session"),),
    ),
    existing(
        "ssm-command",
        22,
        "run commands on instances",
        (step(("ssm:SendCommand", "ssm:CreateAssociation"), "ssm:instance", "instance"),),
    ),
    existing(
        "ssm-document",
        22,
        "change the documents that instances run",
        (
            step("ssm:UpdateDocument", "ssm:document", "document"),
            step("ssm:UpdateDocumentDefaultVersion", "ssm:document", "document"),
        ),
    ),
    passing(
        "pass-role-lambda",
        23,
        "run a function with a role of its choice",
        "lambda",
        (_create_function, step(_CALL, _FUNCTION, "function")),
        (_create_function, step("lambda:CreateEventSourceMapping")),
    ),
    passing(
        "pass-role-lambda-update",
        24,
        "give a function code and a role of its choice",
        "lambda",
        (_configure, _update_code),
    ),
    existing(
        "update-function-code",
        24,
        "run code with the roles of functions",
        (_update_code,),
    ),
    existing(
        "update-function-configuration",
        24,
        "run code with the roles of functions, as a layer",
        (_configure,),
    ),
    passing(
        "pass-role-cloudformation",
        25,
        "deploy a stack with a role of its choice",
        "cloudformation",
        (step("cloudformation:CreateStack", _STACK),),
        (step("cloudformation:UpdateStack", _STACK),),
        (_change_set, _execute),
        (step("cloudformation:CreateStackSet"), step("cloudformation:CreateStackInstances", _SET)),
        (step("cloudformation:UpdateStackSet", _SET),),
    ),
    existing(
        "update-stack",
        26,
        "deploy what it likes with the service roles of stacks",
        (step("cloudformation:UpdateStack", _STACK, "stack"),),
        (_change_set, _execute),
        (step("cloudformation:UpdateStackSet", _SET, "set"),),
    ),
    passing(
        "pass-role-glue",
        27,
        "run Glue code with a role of its choice",
        "glue",
        (step("glue:CreateDevEndpoint"),),
        (step(("glue:CreateJob", "glue:UpdateJob"), _JOB, "job"), step("glue:StartJobRun", _JOB, "job")),
        (step(("glue:CreateJob", "glue:UpdateJob"), _JOB), step("glue:CreateTrigger")),
        (step("glue:CreateSession", "glue:session", "session"), step("glue:RunStatement", "glue:session", "session")),
    ),
    existing(
        "update-glue",
        27,
        "run code with the roles of Glue endpoints and jobs",
        (step("glue:UpdateDevEndpoint", "glue:devendpoint", "endpoint"),),
        (step("glue:UpdateJob", _JOB, "job"),),
    ),
    passing(
        "pass-role-datapipeline",
        28,
        "run a data pipeline with a role of its choice",
        "datapipeline",
        (
            step("datapipeline:CreatePipeline"),
            step("datapipeline:PutPipelineDefinition"),
            step("datapipeline:ActivatePipeline"),
        ),
    ),
    passing(
        "pass-role-codebuild",
        29,
        "run a build with a role of its choice",
        "codebuild",
        (
            step(("codebuild:CreateProject", "codebuild:UpdateProject"), _PROJECT, "project"),
            step(_BUILD, _PROJECT, "project"),
        ),
    ),
    existing(
        "start-build",
        29,
        "run commands with the roles of build projects, through a buildspec of its own",
        (step(_BUILD, _PROJECT, "project"),),
    ),
    passing(
        "pass-role-codepipeline",
        30,
        "run a delivery pipeline with a role of its choice",
        "codepipeline",
        (
            step(("codepipeline:CreatePipeline", "codepipeline:UpdatePipeline"), _PIPELINE, "pipeline"),
            step("codepipeline:StartPipelineExecution", _PIPELINE, "pipeline"),
        ),
    ),
    existing(
        "codepipeline-jobs",
        30,
        "take the credentials that delivery pipelines hand to their jobs",
        (step("codepipeline:PollForJobs"),),
    ),
)
