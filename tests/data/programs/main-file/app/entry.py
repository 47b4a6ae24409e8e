"""The program in a file below the project's folder."""

import os

import pulumi

pulumi.export("here", os.path.basename(os.getcwd()))
pulumi.export("name", __name__)
