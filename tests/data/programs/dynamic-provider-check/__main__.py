"""A dynamic provider's `check` runs at preview and changes the inputs."""

import pulumi
from pulumi import dynamic


class Provider(dynamic.ResourceProvider):
    def check(self, olds, news):
        return dynamic.CheckResult({**news, "checked": True}, [])

    def create(self, props):
        raise ValueError("not in a preview")


class Made(dynamic.Resource):
    def __init__(self, name, props):
        super().__init__(Provider(), name, props)


Made("one", {"size": 3})
