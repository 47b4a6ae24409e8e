"""Assets and archives of every kind."""

import pulumi
import pulumi_toy as toy

toy.Thing("string", data=pulumi.StringAsset("text"))
toy.Thing("file", data=pulumi.FileAsset("files/a.txt"))
toy.Thing("folder", data=pulumi.FileArchive("files"))
toy.Thing("archive", data=pulumi.AssetArchive({
    "a.txt": pulumi.FileAsset("./files/a.txt"),
    "b.txt": pulumi.StringAsset("b"),
    "nested": pulumi.AssetArchive({"c.txt": pulumi.StringAsset("c")}),
    "folder": pulumi.FileArchive("files"),
}))
toy.Thing("list", data=[pulumi.StringAsset("one"), {"deep": pulumi.StringAsset("two")}])
toy.Thing("secret", data=pulumi.Output.secret(pulumi.StringAsset("quiet-heron")))
pulumi.export("asset", pulumi.StringAsset("exported"))
