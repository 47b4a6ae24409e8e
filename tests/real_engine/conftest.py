"""One engine of its own for each worker: home, plugins, pack and programs stand in the worker's temporary folder."""

from __future__ import annotations

import pytest
from real_preview import Engine


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The `pulumi` of PATH, with the pack and stand-in providers."""
    return Engine(tmp_path_factory.mktemp("engine"))
