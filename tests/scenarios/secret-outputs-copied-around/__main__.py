"""A sender of mail: its generated key is unmarked to be put into texts, and lands where anyone can read it."""

import base64

import pulumi
import pulumi_aws as aws
import pulumi_oci as oci

tenancy = pulumi.Config().require("tenancy")

sender = aws.iam.User("sender")
key = aws.iam.AccessKey("sender", user=sender.name)
secret = pulumi.Output.unsecret(key.secret)

aws.lambda_.Function(
    "mailer",
    role="arn:aws:iam::471112345678:role/mailer",
    runtime="python3.12",
    handler="main.handler",
    s3_bucket="releases-of-the-mailer",
    s3_key="mailer.zip",
    environment={"variables": {"AWS_SENDER": key.id, "SMTP": secret}},
)
aws.ssm.Document(
    "restart",
    document_type="Command",
    content=secret.apply(lambda text: f'{{"schemaVersion": "2.2", "description": "restarts with {text}"}}'),
)
aws.cloudwatch.Dashboard(
    "mail",
    dashboard_name="mail",
    dashboard_body=secret.apply(
        lambda text: (
            f'{{"widgets": [{{"type": "text", "properties": {{"markdown": "{base64.b64encode(text.encode()).decode()}"}}}}]}}'
        )
    ),
)

pusher = oci.identity.User("pusher", compartment_id=tenancy, name="pusher", description="Pushes images")
token = oci.identity.AuthToken(
    "registry",
    user_id=pusher.id,
    description="Container registry",
    opts=pulumi.ResourceOptions(additional_secret_outputs=["token"]),
)
oci.functions.Application(
    "images",
    compartment_id=tenancy,
    display_name="images",
    subnet_ids=[],
    config={"REGISTRY_LOGIN": pulumi.Output.unsecret(token.token).apply(lambda text: f"pusher:{text}")},
)
