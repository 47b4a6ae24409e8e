"""A dynamic provider: checked at preview, created later."""

import pulumi
from pulumi import dynamic


class Provider(dynamic.ResourceProvider):
    def create(self, props):
        raise ValueError("not in a preview")

    def diff(self, id, olds, news):
        raise ValueError("not in a preview")


class Made(dynamic.Resource):
    made: pulumi.Output[str]

    def __init__(self, name, props, opts=None):
        super().__init__(Provider(), name, props, opts)


hidden = pulumi.Output.secret("quiet-heron")
one = Made("one", {"size": 3, "hidden": hidden, "made": None})
Made("two", {"from": one.made, "list": [1, {"a": hidden}]}, pulumi.ResourceOptions(depends_on=[one]))
pulumi.export("made", one.made)
