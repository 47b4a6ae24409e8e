"""All default providers are disabled; explicit ones do."""

import pulumi
import pulumi_toy as toy

toy.Thing("first", opts=pulumi.ResourceOptions(provider=toy.Provider("own")))
