"""Tasks that nobody awaits, and inputs that are coroutines."""

import asyncio

import pulumi
import pulumi_toy as toy


async def word():
    await asyncio.sleep(0)
    return "word"


async def at_once():
    toy.Thing("at-once")


async def soon():
    await asyncio.sleep(0)
    toy.Thing("soon")


asyncio.ensure_future(at_once())
asyncio.ensure_future(soon())
toy.Thing("one", label=word(), owner=pulumi.Output.from_input(word()), data=[word(), {"a": word()}])
pulumi.export("word", word())
