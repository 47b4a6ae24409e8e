"""An asynchronous program."""

import asyncio

import pulumi
import pulumi_toy as toy


async def make(name):
    await asyncio.sleep(0.01)
    return toy.Thing(name, label=name)


async def coroutine():
    await asyncio.sleep(0)
    return "awaited"


async def main():
    things = await asyncio.gather(make("one"), make("two"))
    pulumi.export("labels", [thing.label for thing in things])
    pulumi.export("coroutine", coroutine())
    pulumi.export("task", asyncio.ensure_future(coroutine()))
    thread = await asyncio.to_thread(lambda: "thread")
    return {"returned": things[0].label, "thread": thread}


pulumi.run(main)
