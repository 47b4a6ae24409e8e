"""A logged error is shown by a preview and does not fail it."""

import pulumi
import pulumi_toy as toy

toy.Thing("one")
pulumi.log.error("something is wrong")
toy.Thing("two")
