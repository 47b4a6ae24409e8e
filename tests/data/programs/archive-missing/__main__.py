"""A folder that is not there."""

import pulumi
import pulumi_toy as toy

toy.Thing("archive", data=pulumi.AssetArchive({"a": pulumi.FileArchive("nowhere")}))
