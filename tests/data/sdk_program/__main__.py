"""Uses what the engine has to answer for: each construct once, so that every version of the SDK meets each."""

from __future__ import annotations

import glob
import os
import pathlib
import shutil
import tempfile

import pulumi
import pulumi.dynamic
import toy


class Nothing(pulumi.dynamic.ResourceProvider):
    def create(self, props: dict) -> pulumi.dynamic.CreateResult:
        raise NotImplementedError


class Dynamic(pulumi.dynamic.Resource):
    made: pulumi.Output[str]

    def __init__(self, name: str) -> None:
        super().__init__(Nothing(), name, {"given": "x", "made": None})


class Site(pulumi.ComponentResource):
    def __init__(self, name: str, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("own:index:Site", name, None, opts)
        inside = pulumi.ResourceOptions(parent=self)
        self.bucket = toy.Bucket("site", acl="public-read", opts=inside)
        self.register_outputs({"arn": self.bucket.arn})


def larger(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    if args.type_ != toy.Thing.pulumi_type:
        return None
    return pulumi.ResourceTransformResult({**args.props, "size": 7}, args.opts)


def older(args: pulumi.ResourceTransformationArgs) -> pulumi.ResourceTransformationResult | None:
    if args.type_ != toy.Thing.pulumi_type:
        return None
    return pulumi.ResourceTransformationResult({**args.props, "tags": {"from": "transformation"}}, args.opts)


config = pulumi.Config()
pulumi.runtime.register_resource_transform(larger)
pulumi.runtime.register_stack_transformation(older)

looked = toy.look("there")
thing = toy.Thing("thing", token=pulumi.Output.secret("a secret of nine words"), tags={"zone": looked.zones[0]})
protected = toy.Thing("protected", opts=pulumi.ResourceOptions(protect=True, depends_on=[thing]))
site = Site("site", pulumi.ResourceOptions(aliases=[pulumi.Alias(name="page")]))
Dynamic("dynamic")
other = pulumi.StackReference("organization/other/dev")

thing.endpoints.apply(lambda endpoints: endpoints[0].host)
thing.arn.apply(lambda arn: int(arn))

keys = pathlib.Path(config.require("keys"))
empty = [
    os.listdir(keys),
    list(os.scandir(keys)),
    [file for _, _, files in os.walk(keys / "a") for file in files],
    list(keys.iterdir()),
    glob.glob(f"{keys}/*.pub"),
    glob.glob(f"{keys}/**/*.pub", recursive=True),
    list(keys.glob("*.pub")),
    list(keys.rglob("*.pub")),
    keys.is_dir(),
    keys.exists(),
    os.path.isdir(keys),
]
read = [(keys / "a.pub").read_text(), open(keys / "a.pub").read(), (keys / "a.pub").read_bytes().decode()]
with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "link").symlink_to("nowhere")
    shutil.copy2(pathlib.Path(folder, "link"), pathlib.Path(folder, "copy"), follow_symlinks=False)
    assert sorted(os.listdir(folder)) == ["copy", "link"]
# One text of its own, which does not show the path.
if any(empty) or len({*read}) != 1 or not read[0] or read[0] in str(keys):
    raise ValueError(empty, read)

pulumi.export("greeting", config.get("greeting"))
pulumi.export("size", thing.size)
pulumi.export("host", thing.endpoints[0].host)
pulumi.export("token", thing.token)
pulumi.export("arn", pulumi.Output.concat("of ", site.bucket.arn))
pulumi.export("other", other.get_output("name"))
pulumi.export("document", pulumi.Output.json_dumps({"arn": thing.arn, "name": looked.name}))
