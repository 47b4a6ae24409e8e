"""A transform that raises ends the preview."""

import pulumi
import pulumi_toy as toy


def broken(args):
    if args.name == "bad":
        raise ValueError("not this one")
    return None


pulumi.runtime.register_resource_transform(broken)
toy.Thing("good")
toy.Thing("bad")
