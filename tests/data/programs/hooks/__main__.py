"""Hooks: a preview runs those that ask for it."""

import pulumi
import pulumi_toy as toy


def told(args):
    pulumi.log.warn(f"hook {args.name} {sorted(args.new_inputs or {})} {bool(args.new_outputs)} {bool(args.id)}")


async def slowly(args):
    pulumi.log.warn(f"slow hook {args.name} {args.type}")


def never(args):
    raise ValueError("must not run in a preview")


def failed(args):
    raise ValueError("must not run: nothing fails")


preview = pulumi.ResourceHook("preview", told, pulumi.ResourceHookOptions(on_dry_run=True))
slow = pulumi.ResourceHook("slow", slowly, pulumi.ResourceHookOptions(on_dry_run=True))
later = pulumi.ResourceHook("later", never)
binding = pulumi.ResourceHookBinding(
    before_create=[preview, later, slow],
    after_create=[preview, later],
    before_delete=[pulumi.ResourceHook("gone", never)],
    on_error=[pulumi.ErrorHook("failed", failed)],
)
toy.Thing("hooked", label="x", opts=pulumi.ResourceOptions(hooks=binding))


class Group(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Group", name, None, opts)


class Finished(pulumi.ComponentResource):
    def __init__(self, name, opts=None):
        super().__init__("demo:index:Finished", name, None, opts)
        self.register_outputs({"answer": 42})


around = pulumi.ResourceHookBinding(before_create=[preview], after_create=[preview])
Group("group", pulumi.ResourceOptions(hooks=around))
Finished("finished", pulumi.ResourceOptions(hooks=around))
