"""How a cluster of EKS encrypts the secrets of Kubernetes."""

from __future__ import annotations

import re
from typing import Final

from ..model import Resource, Value

CLUSTER: Final = "aws:eks/cluster:Cluster"
# From this version on EKS encrypts all data of the Kubernetes API with a key that AWS owns (EKS user guide, "Default
# envelope encryption").
_ENCRYPTED_SINCE: Final = (1, 28)


def without_own_key(cluster: Resource) -> Value | None:
    """The place where a key of one's own for secrets is missing or not known yet; None where one is given."""
    configuration = cluster["encryptionConfig"]
    configuration = next(configuration.elements(), configuration)
    resources = configuration["resources"]
    named = [element for element in resources.elements() if element.text == "secrets"]
    if named:
        return None
    return next((element for element in resources.elements() if element.unknown), configuration)


def encrypts_by_default(version: Value) -> bool | None:
    """Whether EKS encrypts secrets unasked at this version of Kubernetes; None where it is not known.

    A cluster without a version gets the newest.
    """
    if version.absent:
        return True
    read = re.fullmatch(r"(\d+)\.(\d+)", version.text or "")
    return (int(read[1]), int(read[2])) >= _ENCRYPTED_SINCE if read else None
