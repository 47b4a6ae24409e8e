"""An asset at an address that cannot be reached."""

import pulumi
import pulumi_toy as toy

toy.Thing("remote", data=pulumi.RemoteAsset("http://127.0.0.1:9/a.txt"))
