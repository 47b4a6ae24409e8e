"""What a program can ask the runtime."""

import os

import pulumi
from pulumi.runtime import config as runtime_config

settings = pulumi.Config()
pulumi.export("dry", pulumi.runtime.is_dry_run())
pulumi.export("names", [pulumi.get_project(), pulumi.get_stack(), pulumi.get_organization()])
pulumi.export("folder", os.path.basename(pulumi.get_root_directory()) != "")
pulumi.export("raw", runtime_config.get_config("demo:size"))
pulumi.export("missing", runtime_config.get_config("demo:none"))
pulumi.export("is_secret", runtime_config.is_config_secret("demo:size"))
pulumi.export("typed", [settings.get_int("size"), settings.get_bool("flag"), settings.get_float("ratio")])
pulumi.export("object", settings.require_object("object"))
pulumi.export("text", settings.get("object"))
pulumi.export("marked", settings.get_secret("plain"))
pulumi.export("other", pulumi.Config("aws").get("region"))
pulumi.export("branch", "production" if pulumi.get_stack() == "prod" else "development")
if pulumi.runtime.is_dry_run():
    pulumi.export("guarded", True)
