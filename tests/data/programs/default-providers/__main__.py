"""Default providers: from configuration, by version, by download address."""

import pulumi
import pulumi_toy as toy

toy.Thing("plain")
toy.Thing("versioned", opts=pulumi.ResourceOptions(version="1.2.3"))
toy.Thing("prerelease", opts=pulumi.ResourceOptions(version="1.2.3-rc.1+build.5"))
toy.Thing("elsewhere", opts=pulumi.ResourceOptions(plugin_download_url="https://plugins.example/toy"))
toy.Thing("both", opts=pulumi.ResourceOptions(version="1.0.0", plugin_download_url="https://plugins.example/toy/"))
