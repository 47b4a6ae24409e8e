"""A coroutine given as an input raises."""

import pulumi_toy as toy


async def broken():
    raise ValueError("not this one")


toy.Thing("one", label=broken())
