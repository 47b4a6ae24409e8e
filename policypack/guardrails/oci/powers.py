"""What permissions of OCI are worth to somebody who wants more than he was meant to have.

Permissions whose type has no listed ladder go by the names of their verbs (see `permissions`). A request about an
identity is about one of the tenancy's Administrators, whom no statement may let anybody near.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .conditions import Part
from .meaning import Power

_ADMINISTRATORS: Final[Mapping[str, str | Part]] = MappingProxyType(
    {
        "target.group.name": "Administrators",
        "target.group.id": Part.UNTOLD,
        "target.group.member": Part.CHOSEN,
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
JOIN_ADMINISTRATORS: Final = Power(_MEMBERS, _ADMINISTRATORS)
JOIN_GROUPS: Final = Power(_MEMBERS)
WRITE_DYNAMIC_GROUPS: Final = Power(("DYNAMIC_GROUP_UPDATE", "DYNAMIC_GROUP_CREATE"))
ADMIT_IDENTITIES: Final = Power(
    (
        "IDENTITY_PROVIDER_CREATE",
        "IDENTITY_PROVIDER_UPDATE",
        "DOMAIN_CREATE",
        "DOMAIN_UPDATE",
        "AUTHENTICATION_POLICY_UPDATE",
        "oauth2-clients:manage",
    )
)
RUN_COMMANDS: Final = Power(("INSTANCE_AGENT_COMMAND_CREATE",))
# Code that these run has the rights of the resource it runs in.
RUN_FUNCTIONS: Final = Power(("FN_FUNCTION_UPDATE", "FN_FUNCTION_CREATE"))
RUN_CODE: Final = Power(
    (
        "FN_FUNCTION_UPDATE",
        "FN_FUNCTION_CREATE",
        "INSTANCE_CREATE",
        "COMPUTE_CONTAINER_INSTANCE_CREATE",
        "devops-build-pipeline:manage",
        "devops-deploy-pipeline:manage",
        "data-science-jobs:manage",
        "data-science-notebook-sessions:manage",
    )
)
READ_SECRETS: Final = Power(("SECRET_BUNDLE_READ",))
USE_KEYS: Final = Power(("KEY_DECRYPT", "KEY_EXPORT"))
DELETE_KEYS: Final = Power(("VAULT_DELETE", "KEY_DELETE"))
READ_OBJECTS: Final = Power(("OBJECT_READ",))
_PUBLISHING: Final = ("PAR_MANAGE", "BUCKET_UPDATE")
PUBLISH_BUCKETS: Final = Power(_PUBLISHING)
PUBLISH_NAMED_BUCKETS: Final = Power(
    _PUBLISHING, {"target.bucket.name": Part.CHOSEN, "target.bucket.id": Part.CHOSEN, "target.object.name": Part.CHOSEN}
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
