"""The program in a file, and a module beside it."""

import pulumi

import beside

pulumi.export("word", beside.WORD)
