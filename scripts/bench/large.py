"""Large programs and large states: against the SDK's own mocks, against ten times less, against reading the file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from .figures import Effort, Figure
from .processes import Spent, alternate, run
from .state import write_state

_MOCKS_BUDGET: Final = 1.2
_GROWTH_BUDGET: Final = 11.0
_MEMORY_BUDGET_MB: Final = 1_500.0
_STATE_BUDGET_S: Final = 10.0
_TIMES: Final = 10

# Half of the resources are buckets; the other half are policies, each made from the ARN of a bucket. The account's
# public access block stands for all of them.
_PROGRAM: Final = """
import json

import pulumi_aws as aws

aws.s3.AccountPublicAccessBlock(
    "all", block_public_acls=True, block_public_policy=True, ignore_public_acls=True, restrict_public_buckets=True
)
for number in range({pairs}):
    bucket = aws.s3.Bucket(f"data-{{number}}", bucket=f"model-data-{{number}}", tags={{"team": "ai"}})
    read = bucket.arn.apply(
        lambda arn: json.dumps(
            {{
                "Version": "2012-10-17",
                "Statement": [{{"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": f"{{arn}}/*"}}],
            }}
        )
    )
    aws.iam.Policy(f"readers-{{number}}", path="/ai/", policy=read)
"""

# As the vendor's guide to unit tests has it: outputs are the inputs, and here the ARN that the program asks for.
_MOCKED: Final = """
import runpy
import sys

import pulumi

class Mocks(pulumi.runtime.Mocks):
    def new_resource(self, args):
        return f"{args.name}-id", {**args.inputs, "arn": f"arn:aws:s3:::{args.name}"}

    def call(self, args):
        return {}

pulumi.runtime.set_mocks(Mocks())

@pulumi.runtime.test
def program():
    runpy.run_path(sys.argv[1])

program()
"""


def program_figures(effort: Effort) -> Iterator[Figure]:
    """A program of many resources on the embedded engine with the pack, start to exit.

    Both sides import the SDK; ours also starts the pack, which the mocks do not have, and judges every resource.
    """
    with TemporaryDirectory() as folder:
        small, large = Path(folder, "small"), Path(folder, "large")
        _write_program(small, effort.resources)
        _write_program(large, effort.resources * _TIMES)
        us, mocks = alternate(
            (
                lambda: _check(small).seconds,
                lambda: run(["-c", _MOCKED, str(small / "__main__.py")]).seconds,
            ),
            effort.large_runs,
        )
        spent = _check(large)
    count, more = f"{effort.resources:,}", f"{effort.resources * _TIMES:,}"
    yield Figure(
        name=f"`preflight check` of {count} resources, start to exit / that program on the SDK's mocks, without a pack",
        ratio=us / mocks,
        value=us / mocks,
        budget=_MOCKS_BUDGET,
        limit=f"{_MOCKS_BUDGET:.1f}x",
        measured=f"{us:.2f} s / {mocks:.2f} s",
    )
    yield Figure(
        name=f"`preflight check` of {more} resources / of {count}",
        ratio=spent.seconds / us,
        value=spent.seconds / us,
        budget=_GROWTH_BUDGET,
        limit=f"{_GROWTH_BUDGET:.0f}x",
        measured=f"{spent.seconds:.1f} s / {us:.2f} s",
    )
    if spent.all_megabytes:
        yield Figure(
            name=f"Peak memory of all processes of that check of {more} / of the largest of them",
            ratio=spent.all_megabytes / spent.megabytes,
            value=spent.all_megabytes,
            budget=_MEMORY_BUDGET_MB,
            limit=f"{_MEMORY_BUDGET_MB:,.0f} MB",
            measured=f"{spent.all_megabytes:,.0f} MB / {spent.megabytes:,.0f} MB",
        )


def _write_program(folder: Path, resources: int) -> None:
    folder.mkdir()
    folder.joinpath("Pulumi.yaml").write_text("name: large\nruntime: python\n", encoding="utf-8")
    folder.joinpath("__main__.py").write_text(_PROGRAM.format(pairs=resources // 2), encoding="utf-8")


def _check(program: Path) -> Spent:
    return run(["-m", "preflight", "check", str(program), "--stack", "dev"])


def state_figure(effort: Effort) -> Figure:
    """A large state, start to exit, against reading the file as JSON."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "state.json")
        size = write_state(file, effort.state_megabytes)
        us, reading = alternate(
            (
                lambda: run(["-m", "preflight", "state", str(file)]).seconds,
                lambda: run(["-c", "import json, sys; json.load(open(sys.argv[1], 'rb'))", str(file)]).seconds,
            ),
            effort.large_runs,
        )
    return Figure(
        name=f"`preflight state` of {size / 1e6:.0f} MB, start to exit / reading it as JSON",
        ratio=us / reading,
        value=us,
        budget=_STATE_BUDGET_S,
        limit=f"{_STATE_BUDGET_S:.0f} s",
        measured=f"{us:.2f} s / {reading:.2f} s",
    )
