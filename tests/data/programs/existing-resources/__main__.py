"""Resources that exist already: read by id, by option, imported."""

import pulumi
import pulumi_aws as aws
import pulumi_toy as toy

there = toy.Thing.get("there", "an-id")
toy.Thing("adopted", label="x", opts=pulumi.ResourceOptions(import_="their-id"))
toy.Thing("reader", owner=there.id, label=there.label)
bucket = aws.s3.Bucket.get("bucket", "their-bucket")
late = toy.Thing("late", opts=pulumi.ResourceOptions(id=toy.Thing("first").serial_number))
pulumi.export("id", there.id)
pulumi.export("bucket", bucket.id)
pulumi.export("resource", there)
