"""The resource types and families that a statement can name.

Source: Oracle's "Resource-Types" and "Details for …" pages, as of November 2026. New types join their family without
notice, so a type that is missing here is unusual and not wrong.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

ALL_RESOURCES: Final = "all-resources"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Family -> members. An empty family is known by name only.
FAMILIES: Final[dict[str, frozenset[str]]] = {
    "virtual-network-family": _words(
        "vcns subnets route-tables network-security-groups security-lists dhcp-options private-ips public-ips ipv6s "
        "internet-gateways nat-gateways service-gateways local-peering-gateways local-peering-from local-peering-to "
        "remote-peering-connections remote-peering-from remote-peering-to drg-object drg-attachments drg-route-tables "
        "drg-route-distributions cpes ipsec-connections cross-connects cross-connect-groups virtual-circuits vnics "
        "vtaps vnic-attachments vlans byoiprange publicippool ipam"
    ),
    "drgs": _words("drg-object drg-route-table drg-route-distribution drg-attachment"),
    "instance-family": _words(
        "app-catalog-listing console-histories instances instance-console-connection instance-images volume-attachments"
    ),
    "compute-management-family": _words("instance-configurations instance-pools cluster-networks"),
    "instance-agent-family": _words("instance-agent-plugins"),
    "instance-agent-command-family": _words("instance-agent-commands"),
    "volume-family": _words(
        "volumes volume-attachments volume-backups boot-volume-backups backup-policies backup-policy-assignments "
        "volume-groups volume-group-backups"
    ),
    "object-family": _words("objectstorage-namespaces buckets objects"),
    "file-family": _words(
        "file-systems mount-targets export-sets replications replication-targets filesystem-snapshot-policies "
        "outbound-connectors"
    ),
    "database-family": _words("db-systems db-nodes db-homes databases pluggable-databases db-backups backups"),
    "autonomous-database-family": _words(
        "autonomous-databases autonomous-backups database-connections autonomous-container-databases "
        "cloud-exadata-infrastructures cloud-autonomous-vmclusters"
    ),
    "cluster-family": _words(
        "clusters cluster-node-pools cluster-work-requests cluster-virtualnode-pools cluster-pod-shapes "
        "cluster-workload-mappings"
    ),
    "functions-family": _words("fn-app fn-function fn-invocation"),
    "secret-family": _words("secrets secret-versions secret-bundles"),
    "key-family": _words("vaults keys key-delegate"),
    "dns": _words(
        "dns-zones dns-records dns-steering-policies dns-steering-policy-attachments dns-views dns-resolvers "
        "dns-tsig-keys"
    ),
    "certificate-authority-family": _words("certificate-authorities certificate-authority-bundles cabundles"),
    "leaf-certificate-family": _words("leaf-certificates leaf-certificate-bundles leaf-certificate-versions"),
    "email-family": _words("approved-senders suppressions email-domains dkims"),
    "nosql-family": _words("nosql-tables nosql-rows nosql-indexes"),
    "mysql-family": _words("mysql-instances mysql-backups mysql-configurations"),
    "postgres-family": _words("postgres-db-systems postgres-backups postgres-configurations"),
    "logging-family": _words("log-groups log-content unified-configuration"),
    "ons-family": _words("ons-topics ons-subscriptions"),
    "stream-family": _words("streams stream-pull stream-push stream-pools"),
    "orm-family": _words("orm-stacks orm-jobs orm-config-source-providers"),
    "api-gateway-family": _words("api-gateways api-deployments"),
    "devops-family": _words("devops-project devops-deploy-pipeline devops-build-pipeline devops-repository"),
    "bastion-family": _words("bastion bastion-session"),
    **dict.fromkeys(
        _words(
            "opensearch-family redis-family waf-family cloud-guard-family vss-family data-science-family "
            "data-catalog-family dataflow-family datasafe-family-resources generative-ai-family genai-agent-family "
            "optimizer-api-family appmgmt-family stack-monitoring-family osmh-family recovery-service-family "
            "management-dashboard-family ai-service-language-family ai-service-vision-family "
            "ai-service-document-family ai-service-speech-family"
        ),
        frozenset[str](),
    ),
}

# Types that no family holds; those of identity never have one.
SINGLE_TYPES: Final = _words(
    "auto-scaling-configurations compute-capacity-reservations compute-clusters dedicated-vm-hosts "
    "compute-image-capability-schema work-requests hsm-cluster metrics alarms load-balancers network-load-balancers "
    "repos cloudevents-rules audit-events dashboards "
    "authentication-policies compartments credentials domains dynamic-groups groups group-memberships iamworkrequest "
    "identity-providers network-sources oauth2-clients policies regions service-principal tag-defaults tag-namespaces "
    "tenancies users workrequest"
)

KNOWN: Final = frozenset({ALL_RESOURCES, *FAMILIES, *SINGLE_TYPES}.union(*FAMILIES.values()))

# Words that look like a type and that the service refuses -> the type that carries the permission.
REFUSED: Final = {"pre-authenticated-requests": "buckets"}


def is_known(word: str) -> bool:
    """Whether `word` is a resource type or family of this table, in any letter case."""
    return word.lower() in KNOWN


def nearest_resource_type(word: str) -> str | None:
    """Return the known type or family that `word` may be a misspelling of; None if none is near or `word` is known."""
    folded = word[:64].lower()
    if folded in KNOWN:
        return None
    if folded in REFUSED:
        return REFUSED[folded]
    return next(iter(get_close_matches(folded, sorted(KNOWN), n=1, cutoff=0.75)), None)
