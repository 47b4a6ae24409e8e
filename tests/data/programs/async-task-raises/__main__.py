"""A task that nobody awaits raises."""

import asyncio

import pulumi
import pulumi_toy as toy


async def broken():
    raise ValueError("nobody looks")


asyncio.ensure_future(broken())
toy.Thing("one")
pulumi.export("a", 1)
