"""A trust between two directories whose password comes from secret configuration."""

import pulumi
import pulumi_aws as aws

config = pulumi.Config()

vpc = aws.ec2.Vpc("directory", cidr_block="10.20.0.0/16")
subnets = [
    aws.ec2.Subnet("directory-a", vpc_id=vpc.id, cidr_block="10.20.1.0/24", availability_zone="eu-west-1a"),
    aws.ec2.Subnet("directory-b", vpc_id=vpc.id, cidr_block="10.20.2.0/24", availability_zone="eu-west-1b"),
]
directory = aws.directoryservice.Directory(
    "corp",
    name="aws.corp.example.com",
    type="MicrosoftAD",
    edition="Standard",
    password=config.require_secret("directoryPassword"),
    vpc_settings=aws.directoryservice.DirectoryVpcSettingsArgs(
        vpc_id=vpc.id, subnet_ids=[subnet.id for subnet in subnets]
    ),
)

trust = aws.directoryservice.Trust(
    "on-premises",
    directory_id=directory.id,
    remote_domain_name="corp.example.com",
    trust_direction="Two-Way",
    trust_password=config.require_secret("trustPassword"),
)

pulumi.export("trust_state", trust.trust_state)
