"""`asyncio.run` cannot be called inside a program: the loop is running already."""

import asyncio

import pulumi_toy as toy


async def main():
    toy.Thing("one")


toy.Thing("before")
asyncio.run(main())
