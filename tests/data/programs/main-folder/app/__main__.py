"""The program in a folder below the project's."""

import os

import pulumi

import beside
from package.inside import WORD

pulumi.export("here", os.path.basename(os.getcwd()))
pulumi.export("word", [beside.WORD, WORD])
with open("data.txt") as file:
    pulumi.export("data", file.read())
pulumi.export("name", __name__)
pulumi.export("file", os.path.basename(__file__))
pulumi.export("root", os.path.basename(os.path.dirname(os.path.abspath(__file__))))
