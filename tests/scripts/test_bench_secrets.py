"""`make bench`, the figure about secrets: what is timed is what is meant."""

import math

from scripts.bench import secrets
from scripts.bench.figures import Effort


def test_the_figure_is_of_a_stack_that_passes_and_names_its_size() -> None:
    figure = secrets.secrets_figure(Effort(resources=40, large_runs=1))
    assert math.isfinite(figure.ratio)
    assert figure.name.startswith("`preflight state` of 400 resources with 200 secrets")
