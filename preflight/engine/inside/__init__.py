"""The half of the embedded engine that runs inside the program's own Python environment.

It needs the standard library and that environment's `pulumi` (with the protobuf and gRPC that come with it), nothing
else. `__main__` loads this folder as a package under a private name, so that neither the folder nor its modules can
meet a module of the program; modules here therefore import each other relatively and only relatively.
"""
