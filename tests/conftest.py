import os

import pytest

pytest.register_assert_rewrite("rule_tables")
# Whoever runs the tests may have another environment active, and programs would run in that one.
os.environ.pop("VIRTUAL_ENV", None)
