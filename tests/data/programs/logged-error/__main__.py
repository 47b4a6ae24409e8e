"""A logged error fails a preview, after everything has run."""

import pulumi
import pulumi_toy as toy

toy.Thing("one")
pulumi.log.error("something is wrong")
toy.Thing("two")
