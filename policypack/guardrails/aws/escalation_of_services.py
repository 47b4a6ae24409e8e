"""The methods of privilege escalation by what runs with a role, in the services beyond compute and delivery.

Sources as in `escalation_of_compute`.
"""

from __future__ import annotations

from typing import Final

from .escalation_methods import Method, existing, passing, step

_TASKS: Final = "ecs:task-definition"
_NOTEBOOK: Final = "sagemaker:notebook-instance"
_LIFECYCLE: Final = (
    "sagemaker:CreateNotebookInstanceLifecycleConfig",
    "sagemaker:UpdateNotebookInstanceLifecycleConfig",
)
_MACHINE: Final = "states:statemachine"

_register: Final = step("ecs:RegisterTaskDefinition", _TASKS, "tasks")

METHODS: Final[tuple[Method, ...]] = (
    passing(
        "pass-role-ecs",
        31,
        "run a container with a role of its choice",
        "ecs-tasks",
        (step(("ecs:RunTask", "ecs:StartTask"), _TASKS),),
        (_register, step(("ecs:CreateService", "ecs:UpdateService"), "ecs:service")),
    ),
    existing(
        "ecs-execute-command",
        31,
        "run commands in containers",
        (step("ecs:ExecuteCommand", "ecs:task", "task"), step("ecs:DescribeTasks", "ecs:task", "task")),
    ),
    passing(
        "pass-role-sagemaker",
        32,
        "run a notebook or a job with a role of its choice",
        "sagemaker",
        (step("sagemaker:CreateNotebookInstance"),),
        *(
            (step(f"sagemaker:{action}", f"sagemaker:{kind}"),)
            for action, kind in (
                ("CreateTrainingJob", "training-job"),
                ("CreateProcessingJob", "processing-job"),
                ("CreateHyperParameterTuningJob", "hyper-parameter-tuning-job"),
            )
        ),
    ),
    existing(
        "sagemaker-url",
        32,
        "open notebooks and studios of others",
        (step("sagemaker:CreatePresignedNotebookInstanceUrl", _NOTEBOOK, "notebook"),),
        (step("sagemaker:CreatePresignedDomainUrl", "sagemaker:user-profile", "profile"),),
    ),
    existing(
        "sagemaker-lifecycle",
        32,
        "run commands in notebooks through their lifecycle configuration",
        (
            step(_LIFECYCLE),
            *(step(f"sagemaker:{verb}NotebookInstance", _NOTEBOOK, "notebook") for verb in ("Stop", "Update", "Start")),
        ),
    ),
    passing(
        "pass-role-apprunner",
        33,
        "run an App Runner service with a role of its choice",
        "tasks.apprunner",
        (step("apprunner:CreateService", "apprunner:service"),),
    ),
    existing(
        "update-apprunner",
        33,
        "run code with the roles of App Runner services",
        (step("apprunner:UpdateService", "apprunner:service", "service"),),
    ),
    passing(
        "pass-role-agentcore",
        34,
        "run code in Bedrock AgentCore with a role of its choice",
        "bedrock-agentcore",
        (
            step("bedrock-agentcore:CreateCodeInterpreter"),
            step("bedrock-agentcore:StartCodeInterpreterSession"),
            step("bedrock-agentcore:InvokeCodeInterpreter"),
        ),
        (
            step(("bedrock-agentcore:CreateAgentRuntime", "bedrock-agentcore:UpdateAgentRuntime")),
            step("bedrock-agentcore:InvokeAgentRuntime"),
        ),
        (
            step(("bedrock-agentcore:CreateHarness", "bedrock-agentcore:UpdateHarness")),
            step("bedrock-agentcore:InvokeHarness"),
        ),
        (step("bedrock-agentcore:CreateBrowser"), step("bedrock-agentcore:StartBrowserSession")),
    ),
    existing(
        "agentcore-session",
        34,
        "run code with the roles of code interpreters",
        (
            step("bedrock-agentcore:StartCodeInterpreterSession"),
            step("bedrock-agentcore:InvokeCodeInterpreter"),
        ),
    ),
    passing(
        "pass-role-states",
        35,
        "run a state machine with a role of its choice",
        "states",
        (
            step(("states:CreateStateMachine", "states:UpdateStateMachine"), _MACHINE, "machine"),
            step("states:StartExecution", _MACHINE, "machine"),
        ),
        (step("states:TestState"),),
    ),
    existing(
        "update-state-machine",
        35,
        "change what state machines do with their roles",
        (step("states:UpdateStateMachine", _MACHINE, "machine"),),
    ),
    passing(
        "pass-role-scheduler",
        36,
        "schedule any call of an API with a role of its choice",
        "scheduler",
        (step(("scheduler:CreateSchedule", "scheduler:UpdateSchedule")),),
    ),
    passing(
        "pass-role-ssm-automation",
        36,
        "run an automation with a role of its choice",
        "ssm",
        (
            step("ssm:CreateDocument", "ssm:document", "document"),
            step("ssm:StartAutomationExecution", "ssm:document", "document"),
        ),
    ),
    passing(
        "pass-role-batch",
        36,
        "run a batch job with a role of its choice",
        "ecs-tasks",
        (step("batch:RegisterJobDefinition", "batch:job-definition"), step("batch:SubmitJob", "batch:job-queue")),
    ),
    passing(
        "pass-role-emr",
        36,
        "start a cluster with a role of its choice",
        ("elasticmapreduce", "ec2"),
        (step("elasticmapreduce:RunJobFlow"),),
    ),
    passing(
        "pass-role-emr-serverless",
        36,
        "run a Spark job with a role of its choice",
        "emr-serverless",
        (step("emr-serverless:StartJobRun"),),
    ),
    passing(
        "pass-role-gamelift",
        36,
        "run a game server with a role of its choice",
        "gamelift",
        (step("gamelift:CreateFleet"),),
    ),
    passing(
        "pass-role-imagebuilder",
        36,
        "build an image on an instance with a role of its choice",
        "ec2",
        (step("imagebuilder:CreateInfrastructureConfiguration"), step("imagebuilder:CreateImage")),
    ),
    passing(
        "pass-role-kinesisanalytics",
        36,
        "run a streaming application with a role of its choice",
        "kinesisanalytics",
        (step("kinesisanalytics:CreateApplication"), step("kinesisanalytics:StartApplication")),
    ),
    passing(
        "pass-role-omics",
        36,
        "run a workflow of HealthOmics with a role of its choice",
        "omics",
        (step("omics:CreateWorkflow"), step("omics:StartRun", "omics:run")),
    ),
    passing(
        "pass-role-braket",
        36,
        "run a Braket job with a role of its choice",
        "braket",
        (step("braket:CreateJob", "braket:job"),),
    ),
    passing(
        "pass-role-eks-pod",
        36,
        "give a pod a role of its choice",
        "pods.eks",
        (step("eks:CreatePodIdentityAssociation"),),
    ),
    passing(
        "pass-role-roles-anywhere",
        36,
        "take the credentials of a role of its choice with a certificate",
        "rolesanywhere",
        (step("rolesanywhere:CreateTrustAnchor"), step("rolesanywhere:CreateProfile")),
    ),
    passing(
        "pass-role-identity-pool",
        37,
        "hand the users of an identity pool a role of its choice",
        "cognito-identity",
        (step("cognito-identity:SetIdentityPoolRoles"),),
    ),
    passing(
        "pass-role-user-pool-group",
        37,
        "hand the users of a group a role of its choice",
        ("cognito-idp", "cognito-identity"),
        (step(("cognito-idp:CreateGroup", "cognito-idp:UpdateGroup")),),
    ),
    existing(
        "update-identity-pool",
        37,
        "let anyone into an identity pool and its roles",
        (step("cognito-identity:UpdateIdentityPool", "cognito-identity:identitypool", "pool"),),
    ),
    passing(
        "pass-role-rds",
        38,
        "give a database a role of its choice",
        "rds",
        (step("rds:AddRoleToDBCluster"),),
        (step("rds:AddRoleToDBInstance"),),
    ),
    existing(
        "database-password",
        38,
        "set the master password of databases",
        (step("rds:ModifyDBInstance", "rds:db", "database"),),
    ),
    passing(
        "pass-role-codestar",
        40,
        "create a CodeStar project with a role of its choice",
        "codestar",
        (step("codestar:CreateProject"),),
    ),
    existing(
        "codestar-project",
        40,
        "join or create CodeStar projects and use their roles",
        (step("codestar:AssociateTeamMember"),),
        (step("codestar:CreateProjectFromTemplate"),),
    ),
)
