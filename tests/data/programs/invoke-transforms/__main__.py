"""Transforms of invokes."""

import pulumi
import pulumi_toy as toy


async def change(args):
    return pulumi.InvokeTransformResult({**args.args, "text": "changed"}, args.opts)


pulumi.runtime.register_invoke_transform(change)
toy.Thing("one", label=toy.get_answer_output("given").text)
