"""Resource options, each as a pack is told of it."""

import pulumi
import pulumi_toy as toy

one, two = toy.Thing("one"), toy.Thing("two")
options = {
    "protect": {"protect": True},
    "unprotected": {"protect": False},
    "ignored": {"ignore_changes": ["label", "data.a[0]"]},
    "replaced": {"replace_on_changes": ["label"]},
    "dbr": {"delete_before_replace": True},
    "no-dbr": {"delete_before_replace": False},
    "retained": {"retain_on_delete": True},
    "with": {"deleted_with": one},
    "secret-outputs": {"additional_secret_outputs": ["serialNumber", "label", "none"]},
    "timeouts": {"custom_timeouts": pulumi.CustomTimeouts(create="1h5m", update="90s", delete="1.5h")},
    "depends": {"depends_on": [one, two]},
    "depends-on-one": {"depends_on": one},
    "depends-on-output": {"depends_on": pulumi.Output.from_input([one, two])},
    "depends-on-mixed": {"depends_on": [one, pulumi.Output.from_input(two)]},
    "parented": {"parent": one},
    "trigger": {"replacement_trigger": one.serial_number},
    "replace-with": {"replace_with": [one]},
    "hidden": {"hide_diffs": ["label"]},
}
for name, given in options.items():
    toy.Thing(name, label="x", opts=pulumi.ResourceOptions(**given))
merged = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(protect=True, depends_on=[one]), pulumi.ResourceOptions(depends_on=[two]))
toy.Thing("merged", opts=merged)
toy.Thing("grandchild", opts=pulumi.ResourceOptions(parent=toy.Thing("child", opts=pulumi.ResourceOptions(parent=one, protect=True))))
