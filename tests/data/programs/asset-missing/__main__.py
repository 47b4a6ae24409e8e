"""A file that is not there."""

import pulumi
import pulumi_toy as toy

toy.Thing("before")
toy.Thing("file", data=pulumi.FileAsset("nowhere.txt"))
