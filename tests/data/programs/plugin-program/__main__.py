"""A plugin's entry: no program of a project."""

import sys

import pulumi
import pulumi.provider


class Provider(pulumi.provider.Provider):
    def construct(self, name, resource_type, inputs, options=None):
        raise NotImplementedError


if __name__ == "__main__":
    pulumi.provider.main(Provider("1.0.0"), sys.argv[1:])
