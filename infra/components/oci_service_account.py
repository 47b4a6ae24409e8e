"""Workload 1: a service account for the AI services of OCI."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_oci as oci


@dataclass(frozen=True)
class OciServiceAccountArgs:
    """`prefix` begins every name; `ai_services` are OCI resource types; `public_key` is an RSA public key in PEM."""

    prefix: str
    tenancy_id: str
    user_email: str
    public_key: pulumi.Output[str]
    ai_services: Sequence[str]


class OciServiceAccount(pulumi.ComponentResource):
    """An OCI user for a program that calls AI services, and nothing but those, in a compartment of its own.

    Creates the compartment, the user (API keys only: no console password, no tokens), the group, the membership, the
    API key from its public half, and the policy that lets the group use the configured AI services in the compartment.
    Serves the exports `user_ocid` and `api_key_fingerprint`.
    """

    user_ocid: pulumi.Output[str]
    api_key_fingerprint: pulumi.Output[str]

    def __init__(self, name: str, args: OciServiceAccountArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("ai-workloads:components:OciServiceAccount", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        compartment_name = f"{args.prefix}-ai-services"
        group_name = f"{args.prefix}-ai-service-callers"

        compartment = oci.identity.Compartment(
            name,
            compartment_id=args.tenancy_id,
            name=compartment_name,
            description="AI services that the service account calls",
            enable_delete=True,
            opts=child,
        )
        user = oci.identity.User(
            name,
            compartment_id=args.tenancy_id,
            name=f"{args.prefix}-ai-service-account",
            description="Service account that calls AI services",
            email=args.user_email,
            opts=child,
        )
        oci.identity.UserCapabilitiesManagement(
            name,
            user_id=user.id,
            can_use_api_keys=True,
            can_use_auth_tokens=False,
            can_use_console_password=False,
            can_use_customer_secret_keys=False,
            can_use_smtp_credentials=False,
            opts=child,
        )
        group = oci.identity.Group(
            name,
            compartment_id=args.tenancy_id,
            name=group_name,
            description="Callers of the AI services",
            opts=child,
        )
        oci.identity.UserGroupMembership(
            name, compartment_id=args.tenancy_id, user_id=user.id, group_id=group.id, opts=child
        )
        api_key = oci.identity.ApiKey(name, user_id=user.id, key_value=args.public_key, opts=child)
        # The policy is attached to the tenancy, where the name of the new compartment resolves to its child. Names
        # rather than ids keep the statements readable before anything exists, but create no dependency.
        oci.identity.Policy(
            name,
            compartment_id=args.tenancy_id,
            name=f"{args.prefix}-ai-service-callers",
            description="The service account's group uses its AI services in its compartment",
            statements=[
                f"Allow group {group_name} to use {service} in compartment {compartment_name}"
                for service in args.ai_services
            ],
            opts=pulumi.ResourceOptions(parent=self, depends_on=[compartment, group]),
        )
        self.user_ocid = user.id
        self.api_key_fingerprint = api_key.fingerprint
        self.register_outputs({"user_ocid": self.user_ocid, "api_key_fingerprint": self.api_key_fingerprint})
