"""Roles for service accounts of one cluster, with the issuer taken from wherever a program can take it."""

import json

import pulumi
import pulumi_aws as aws

OWN = "804713265920"
AUDIENCE = "sts.amazonaws.com"

cluster = aws.eks.Cluster(
    "apps",
    role_arn=f"arn:aws:iam::{OWN}:role/eks-control-plane",
    vpc_config={"subnet_ids": ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5a60718"]},
)
url = cluster.identities[0].oidcs[0].issuer
issuer = url.apply(lambda text: text.replace("https://", ""))
provider = aws.iam.OpenIdConnectProvider("apps", url=url, client_id_lists=[AUDIENCE])


def trust(arn: pulumi.Input[str], name: pulumi.Input[str], subject: str) -> pulumi.Output[str]:
    def written(parts: dict[str, str]) -> str:
        condition = {"StringEquals": {f"{parts['name']}:aud": AUDIENCE, f"{parts['name']}:sub": subject}}
        statement = {
            "Effect": "Allow",
            "Principal": {"Federated": parts["arn"]},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": condition,
        }
        return json.dumps({"Version": "2012-10-17", "Statement": [statement]})

    return pulumi.Output.all(arn=arn, name=name).apply(written)


# The issuer of the cluster, that of the provider as AWS reports it, and the end of the provider's ARN.
aws.iam.Role("invoices", assume_role_policy=trust(provider.arn, issuer, "system:serviceaccount:billing:invoices"))
aws.iam.Role("search", assume_role_policy=trust(provider.arn, provider.url, "system:serviceaccount:shop:search"))
of_arn = provider.arn.apply(lambda arn: arn.split(":oidc-provider/")[1])
aws.iam.Role("mail", assume_role_policy=trust(provider.arn, of_arn, "system:serviceaccount:shop:mail"))

# An ARN that is put together.
arn = pulumi.Output.concat("arn:aws:iam::", OWN, ":oidc-provider/", issuer)
aws.iam.Role("metrics", assume_role_policy=trust(arn, issuer, "system:serviceaccount:monitoring:metrics"))

# The provider of another stack, looked up.
found = aws.iam.get_open_id_connect_provider_output(
    url=aws.eks.get_cluster_output(name="batch").identities[0].oidcs[0].issuer
)
aws.iam.Role("nightly", assume_role_policy=trust(found.arn, found.url, "system:serviceaccount:batch:nightly"))

# The function of the provider.
document = aws.iam.get_policy_document_output(
    statements=[
        {
            "actions": ["sts:AssumeRoleWithWebIdentity"],
            "principals": [{"type": "Federated", "identifiers": [provider.arn]}],
            "conditions": [
                {"test": "StringEquals", "variable": pulumi.Output.concat(provider.url, ":aud"), "values": [AUDIENCE]},
                {
                    "test": "StringEquals",
                    "variable": pulumi.Output.concat(provider.url, ":sub"),
                    "values": ["system:serviceaccount:kube-system:dns"],
                },
            ],
        }
    ]
)
aws.iam.Role("dns", assume_role_policy=document.json)

# The pool that the customers sign in at, as an issuer.
customers = aws.cognito.UserPool("customers")
shop = aws.cognito.UserPoolClient("shop", user_pool_id=customers.id)
sign_in = aws.iam.OpenIdConnectProvider(
    "customers", url=pulumi.Output.concat("https://", customers.endpoint), client_id_lists=[shop.id]
)

pulumi.export("provider", provider.arn)
