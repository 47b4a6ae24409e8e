"""Names that are unusual."""

import pulumi_toy as toy

for name in ["with space", "a/b:c", "dots.and-dashes_", "ünïcödé-名前", "x" * 300, "quote'\"", "a$b", "1"]:
    toy.Thing(name, label=name[:10])
