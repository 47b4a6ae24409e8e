"""A hook that runs after a creation that is only planned, and raises."""

import pulumi
import pulumi_toy as toy


def broken(args):
    raise ValueError("not this one")


hook = pulumi.ResourceHook("hook", broken, pulumi.ResourceHookOptions(on_dry_run=True))
toy.Thing("hooked", opts=pulumi.ResourceOptions(hooks=pulumi.ResourceHookBinding(after_create=[hook])))
toy.Thing("next")
