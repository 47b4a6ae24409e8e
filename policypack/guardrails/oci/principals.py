"""The kinds of resources that can be members of a dynamic group, as `resource.type` names them.

Source: Oracle's "Writing Matching Rules to Define Dynamic Groups" (the type is the second part of an OCID) and the
pages of the services whose resources act as themselves, as of November 2026. New kinds appear without notice, so one
that is missing here is unusual and not wrong.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

INSTANCE: Final = "instance"

_KNOWN: Final = {
    word.lower(): word
    for word in [
        "ApiGateway",
        "ai-dataplatform",
        "analyticsinstance",
        "apmdomain",
        "app",
        "autonomousdatabase",
        "autonomouscontainerdatabase",
        "autonomousvmcluster",
        "bastion",
        "bastionsession",
        "bdsinstance",
        "bigdatainstance",
        "bucket",
        "cabundle",
        "certificate",
        "certificateauthority",
        "cloudautonomousvmcluster",
        "cloudexadatainfrastructure",
        "cloudvmcluster",
        "cluster",
        "clusternodepool",
        "computecontainerinstance",
        "computecontainer",
        "containerinstance",
        "database",
        "databasetoolsconnection",
        "datacatalog",
        "dataflowapplication",
        "dataflowrun",
        "datasafetargetdatabase",
        "datasciencejob",
        "datasciencejobrun",
        "datasciencemodel",
        "datasciencemodeldeployment",
        "datasciencenotebooksession",
        "datasciencepipeline",
        "datasciencepipelinerun",
        "datascienceproject",
        "dbmgmtmanageddatabase",
        "dbnode",
        "dbsystem",
        "devopsbuildpipeline",
        "devopsbuildrun",
        "devopsconnection",
        "devopsdeployment",
        "devopsdeploypipeline",
        "devopsproject",
        "devopsrepository",
        "devopstrigger",
        "disapplication",
        "disworkspace",
        "domain",
        "drplan",
        "drplanexecution",
        "drprotectiongroup",
        "emailsender",
        "eventrule",
        "exadatainfrastructure",
        "filesystem",
        "fnapp",
        "fnfunc",
        "fsucollection",
        "fsucycle",
        "genaiagent",
        "genaiagentendpoint",
        "generativeaidedicatedaicluster",
        "generativeaiendpoint",
        "goldengateconnection",
        "goldengatedeployment",
        "instance",
        "instancepool",
        "integrationinstance",
        "key",
        "loadbalancer",
        "loganalyticsentity",
        "loganalyticsscheduledtask",
        "lustrefilesystem",
        "managementagent",
        "mediaworkflow",
        "mediaworkflowjob",
        "mounttarget",
        "mysqldbsystem",
        "mysqlheatwave",
        "networkloadbalancer",
        "nodepool",
        "odainstance",
        "opensearchcluster",
        "ormjob",
        "ormstack",
        "osmhstation",
        "pluggabledatabase",
        "postgresqldbsystem",
        "queue",
        "rediscluster",
        "serviceconnector",
        "stackmonitoringresource",
        "stream",
        "streampool",
        "vault",
        "vaultsecret",
        "virtualnode",
        "virtualnodepool",
        "visualbuilderinstance",
        "vmcluster",
        "vmwaresddc",
        "webappfirewall",
        "workloadidentity",
        "workspace",
    ]
}
# Words that stand in rules and in no OCID -> the type that was meant. One page of Oracle's prints the first of them.
_MISTAKEN: Final = {
    "fnfunction": "fnfunc",
    "function": "fnfunc",
    "fnapplication": "fnapp",
    "gateway": "ApiGateway",
    "compute": INSTANCE,
    "computeinstance": INSTANCE,
    "adb": "autonomousdatabase",
    "container": "computecontainerinstance",
}
_SHORTEST_MISSPELT: Final = 5


@lru_cache(maxsize=1024)
def mistaken_type(word: str) -> str | None:
    """The type that `word` is a misspelling of; None where it is one, or may well be one that is not known here.

    Told are words that are known mistakes, the words of policy statements (`api-gateways`), and one letter too many,
    too few, wrong or out of its place.
    """
    folded = word[:64].lower()
    if folded in _KNOWN:
        return None
    plain = "".join(letter for letter in folded if letter.isalnum())
    for form in (plain, plain.removesuffix("s")):
        if form in _KNOWN or form in _MISTAKEN:
            return _KNOWN.get(form) or _MISTAKEN[form]
    if len(plain) < _SHORTEST_MISSPELT:
        return None
    return next((known for lower, known in _KNOWN.items() if _one_slip(plain, lower)), None)


def _one_slip(one: str, other: str) -> bool:
    """Whether a slip of the finger makes `one` of the other; a word that only goes on is another word."""
    if one.startswith(other) or abs(len(one) - len(other)) > 1:
        return False
    if other.startswith(one):
        return True
    start = next(place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    rest, others = one[start:], other[start:]
    swapped = len(rest) > 1 and rest[1::-1] + rest[2:] == others
    return rest[1:] == others[1:] or rest[1:] == others or rest == others[1:] or swapped
