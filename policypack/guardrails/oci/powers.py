"""What permissions of OCI are worth to somebody who wants more than he was meant to have.

Permissions whose type has no listed ladder go by the names of their verbs (see `permissions`). A request about an
identity is about one of the tenancy's Administrators, whom no statement may let anybody near.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from .conditions import Part
from .meaning import Power
from .principals import INSTANCE

_ADMINISTRATORS: Final[Mapping[str, str | Part]] = MappingProxyType(
    {
        "target.group.name": "Administrators",
        "target.group.id": Part.UNTOLD,
        # Whoever is one already gains nothing.
        "target.group.member": "false",
        "target.user.name": Part.ANY_OF,
        "target.user.id": Part.ANY_OF,
        "target.resource.domain.name": "Default",
        "target.resource.domain.id": Part.UNTOLD,
    }
)

# A named policy is as good as a new one: what it says may be written anew.
WRITE_POLICIES: Final = Power(
    ("POLICY_CREATE", "POLICY_UPDATE"),
    {
        "target.policy.id": Part.CHOSEN,
        "target.policy.name": Part.CHOSEN,
        "target.policy.autoupdate": Part.CHOSEN,
        "target.policy.type": Part.CHOSEN,
    },
)
_CREDENTIALS: Final = (
    "USER_APIKEY_ADD",
    "USER_UIPASS_SET",
    "USER_UIPASS_RESET",
    "USER_AUTHTOKEN_SET",
    "USER_AUTHTOKEN_RESET",
    "USER_SECRETKEY_ADD",
    "USER_SWIFTPASS_SET",
    "USER_SWIFTPASS_RESET",
    "USER_OAUTH2_CLIENT_CRED_CREATE",
    "USER_OAUTH2_CLIENT_CRED_UPDATE",
    "CREDENTIAL_ADD",
    "CREDENTIAL_UPDATE",
)
GIVE_CREDENTIALS_TO_ADMINISTRATORS: Final = Power(_CREDENTIALS, _ADMINISTRATORS)
GIVE_CREDENTIALS: Final = Power(_CREDENTIALS)
_MEMBERS: Final = ("GROUP_UPDATE", "group-memberships:manage", "group-memberships:use")
_ADDING: Final = frozenset({"addusertogroup"})
JOIN_ADMINISTRATORS: Final = Power(_MEMBERS, _ADMINISTRATORS, by=_ADDING)
JOIN_GROUPS: Final = Power(_MEMBERS, {"target.group.member": "false"}, by=_ADDING)
WRITE_DYNAMIC_GROUPS: Final = Power(("DYNAMIC_GROUP_UPDATE", "DYNAMIC_GROUP_CREATE"))
ADMIT_IDENTITIES: Final = Power(
    (
        "IDENTITY_PROVIDER_CREATE",
        "IDENTITY_PROVIDER_UPDATE",
        "DOMAIN_CREATE",
        "DOMAIN_UPDATE",
        "oauth2-clients:manage",
    )
)
LOOSEN_SIGN_IN: Final = Power(("AUTHENTICATION_POLICY_UPDATE",))
RUN_COMMANDS: Final = Power(("INSTANCE_AGENT_COMMAND_CREATE",))
# Code that these run has the rights of the resource it runs in.
RUN_FUNCTIONS: Final = Power(("FN_FUNCTION_UPDATE", "FN_FUNCTION_CREATE"))


@dataclass(frozen=True, slots=True)
class Code:
    """A way to run code as a resource of a kind: as one that exists, or as a new one. `does` is what is done, after
    `may`; `acts` is the resource that then acts."""

    power: Power
    kind: str
    does: str
    acts: str
    existing: bool = False


CODE: Final = (
    Code(Power(("FN_FUNCTION_UPDATE",)), "fnfunc", "change the code of a function", "the function", existing=True),
    Code(Power(("FN_FUNCTION_CREATE",)), "fnfunc", "make a function", "the function"),
    Code(RUN_COMMANDS, INSTANCE, "run a command on an instance", "the instance", existing=True),
    Code(Power(("INSTANCE_CREATE",)), INSTANCE, "start an instance with a script of its own", "the instance"),
    Code(
        Power(("CLUSTER_NODE_POOL_CREATE", "CLUSTER_NODE_POOL_UPDATE")),
        INSTANCE,
        "start nodes of a cluster with a script of its own",
        "the node",
    ),
    Code(
        Power(("COMPUTE_CONTAINER_INSTANCE_CREATE",)),
        "computecontainerinstance",
        "start a container of its own",
        "the container instance",
    ),
    Code(
        Power(("DEVOPS_DEPLOY_PIPELINE_UPDATE", "DEVOPS_DEPLOY_PIPELINE_CREATE")),
        "devopsdeploypipeline",
        "change what a deployment pipeline does",
        "the pipeline",
        existing=True,
    ),
    Code(
        Power(("devops-build-pipeline:manage", "devops-build-pipeline:use")),
        "devopsbuildpipeline",
        "change what a build pipeline does",
        "the pipeline",
        existing=True,
    ),
    *(
        Code(Power(("ORM_JOB_MANAGE",)), kind, "run a job of Resource Manager", "the job", existing=True)
        for kind in ("ormjob", "ormstack")
    ),
    Code(Power(("data-science-jobs:manage",)), "datasciencejobrun", "run a job of its own", "the job run"),
    Code(
        Power(("data-science-notebook-sessions:manage",)),
        "datasciencenotebooksession",
        "open a notebook of its own",
        "the notebook session",
    ),
)
# A command runs in what there is, and is a power of its own.
RUN_CODE: Final = Power(
    tuple(dict.fromkeys(name for code in CODE if code.power is not RUN_COMMANDS for name in code.power.permissions))
)
READ_SECRETS: Final = Power(("SECRET_BUNDLE_READ",))
USE_KEYS: Final = Power(("KEY_DECRYPT", "KEY_EXPORT"))
DELETE_KEYS: Final = Power(("VAULT_DELETE", "KEY_DELETE"))
READ_OBJECTS: Final = Power(("OBJECT_READ",))
_PUBLISHING: Final = ("PAR_MANAGE", "BUCKET_UPDATE")
_OPENING: Final = frozenset({"updatebucket", "createpreauthenticatedrequest"})
PUBLISH_BUCKETS: Final = Power(_PUBLISHING, by=_OPENING)
PUBLISH_NAMED_BUCKETS: Final = Power(
    _PUBLISHING,
    {"target.bucket.name": Part.CHOSEN, "target.bucket.id": Part.CHOSEN, "target.object.name": Part.CHOSEN},
    by=_OPENING,
)
CHANGE_USERS: Final = Power(("USER_UPDATE",))
DELETE_STORED: Final = Power(
    (
        "VOLUME_DELETE",
        "VOLUME_BACKUP_DELETE",
        "BOOT_VOLUME_BACKUP_DELETE",
        "FILE_SYSTEM_DELETE",
        "MOUNT_TARGET_DELETE",
        "EXPORT_SET_DELETE",
        "OBJECT_DELETE",
        "BUCKET_DELETE",
    )
)
