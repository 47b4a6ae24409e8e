"""A credentials file is exported for the data scientists to copy."""

import pulumi
import pulumi_aws as aws

user = aws.iam.User("notebook", path="/ai/", force_destroy=True)
key = aws.iam.AccessKey("notebook-key", user=user.name)


def credentials_file(parts: dict[str, str]) -> str:
    """The two lines that the AWS command line reads."""
    return f"[notebook]\naws_access_key_id = {parts['id']}\naws_secret_access_key = {parts['secret']}\n"


credentials = pulumi.Output.all(id=key.id, secret=key.secret).apply(credentials_file)

pulumi.export("notebook", {"user": user.name, "credentials": pulumi.Output.unsecret(credentials)})
