"""A script of the automation interface: it has its program inside and starts an engine itself."""

import pulumi
from pulumi import automation


def program():
    pulumi.export("a", 1)


stack = automation.create_or_select_stack(stack_name="dev", project_name="demo", program=program)
stack.preview()
