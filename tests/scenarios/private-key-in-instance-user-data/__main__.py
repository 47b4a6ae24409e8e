"""A build machine that gets its deploy key with the script that it starts with."""

import pulumi
import pulumi_aws as aws

# Generated for this program and used nowhere.
KEY = """-----BEGIN OPENSSH PRIVATE KEY-----
b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABexample
-----END OPENSSH PRIVATE KEY-----"""

builder = aws.ec2.Instance(
    "builder",
    ami="ami-0123456789abcdef0",
    instance_type="t4g.small",
    user_data=f"#!/bin/sh\ncat > /etc/deploy/id_ed25519 <<END\n{KEY}\nEND\n",
)

pulumi.export("builder", builder.id)
