"""Measure the speed of the pack and of preflight, as ratios against a reference that runs in the same minute.

Run it as one of:

    python scripts/bench.py               # a table for the terminal
    python scripts/bench.py --markdown    # the same table for README.md
    python scripts/bench.py --check       # exits 1 where a figure is more than a quarter over its budget

The two sides of a ratio take turns, so that a machine that slows down slows both. Processor time is taken for what
runs in this process (the best round), the clock for processes (the median run, after one that is thrown away).
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import grpc
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc
from pulumi_policy import EnforcementLevel, ReportViolation, ResourceValidationArgs, ResourceValidationPolicy

# Not a public name: it is the service that a stock pack runs, and the only way to time it without its transport.
from pulumi_policy.policy import _PolicyAnalyzerServicer as StockServicer

from policypack.guardrails.catalogue import RULES
from policypack.guardrails.pack import Servicer
from policypack.guardrails.rule import ProgramRule

ROOT: Final = Path(__file__).parents[1]
TOLERANCE: Final = 1.25
UNREAD_TYPE: Final = "random:index/randomPet:RandomPet"
_ANALYZE_BUDGET: Final = 3.0
_UNREAD_BUDGET_US: Final = 1.0
_START_BUDGET: Final = 1.2
_CHECK_BUDGET_S: Final = 1.0
_MEMORY_BUDGET_MB: Final = 300.0
_NO_ENGINE: Final = "127.0.0.1:1"
_ACCOUNT: Final = "402917363552"

_STOCK_PACK: Final = """
from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

def nothing(args, report_violation):
    pass

PolicyPack(
    name="stock",
    enforcement_level=EnforcementLevel.MANDATORY,
    policies=[ResourceValidationPolicy(name="nothing", description="Nothing.", validate=nothing)],
)
"""

# Runs a command and prints seconds, peak memory in kB and exit status. A process of its own, and a small one: until a
# child has loaded its program it counts the memory of its parent as its own.
_LAUNCHER: Final = """
import os, sys, time
null = os.open(os.devnull, os.O_RDWR)
began = time.perf_counter()
child = os.posix_spawn(
    sys.argv[1], sys.argv[1:], os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, number) for number in range(3)]
)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - began, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""


class BenchError(RuntimeError):
    """Something could not be measured; the text says what."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is run: `rounds` of calls for about `seconds` of processor time each, `requests` sent, and processes."""

    seconds: float = 0.02
    rounds: int = 7
    requests: int = 300
    starts: int = 15
    runs: int = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured figure.

    `ratio` is ours to the reference's and does not depend on the machine. `value` is what `budget` bounds, in the
    same unit; `limit` is the budget for people, `measured` the absolute numbers.
    """

    name: str
    ratio: float
    value: float
    budget: float
    limit: str
    measured: str

    @property
    def verdict(self) -> str:
        if self.value <= self.budget:
            return "met"
        return f"{self.value / self.budget - 1:.0%} over"

    @property
    def failed(self) -> bool:
        """Whether the budget is missed by more than what a busy machine explains."""
        return self.value > self.budget * TOLERANCE


# --- Requests -------------------------------------------------------------------------------------------------------


Analyze = Callable[[pb.AnalyzeRequest, Any], object]
Requests = Callable[[int], Sequence[pb.AnalyzeRequest]]


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of request. `properties` makes those of the n-th one: no two hold the same document, so no cache of the
    pack answers for the parsing of one that it has not seen."""

    name: str
    type: str
    properties: Callable[[int], dict[str, Any]]

    def request(self, number: int) -> pb.AnalyzeRequest:
        """The n-th request, as the engine sends it: parsed from bytes."""
        properties = Struct()
        properties.update(self.properties(number))
        name = f"model-{number}"
        sent = pb.AnalyzeRequest(
            type=self.type, urn=f"urn:pulumi:dev::ai::{self.type}::{name}", name=name, properties=properties
        )
        return pb.AnalyzeRequest.FromString(sent.SerializeToString())

    def fresh(self) -> Requests:
        """Gives as many requests as it is asked for, none of them twice."""
        numbers = count(1)
        return lambda wanted: [self.request(number) for number in islice(numbers, wanted)]


def _bucket(number: int) -> dict[str, object]:
    return {"bucket": f"model-data-{number}", "forceDestroy": False, "tags": {"team": "ai", "stage": "dev"}}


def _statement(bucket: str, reader: int) -> dict[str, object]:
    return {
        "Sid": f"Reader{reader}",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{_ACCOUNT}:role/readers/batch-inference-{reader}"},
        "Action": ["s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket"],
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/models/{reader}/*"],
        "Condition": {"StringEquals": {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}},
    }


def _bucket_policy(number: int) -> dict[str, object]:
    bucket = f"model-data-{number}"
    tls_only = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [f"arn:aws:s3:::{bucket}", f"arn:aws:s3:::{bucket}/*"],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    statements = [tls_only, *(_statement(bucket, reader) for reader in range(40))]
    return {"bucket": bucket, "policy": _document(statements)}


def _managed_policy(number: int) -> dict[str, object]:
    statements = [
        {key: value for key, value in _statement(f"model-data-{number}", reader).items() if key != "Principal"}
        for reader in range(20)
    ]
    return {"name": f"readers-{number}", "path": "/ai/", "policy": _document(statements)}


def _role(number: int) -> dict[str, object]:
    issuer = "token.actions.githubusercontent.com"
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": f"arn:aws:iam::{_ACCOUNT}:oidc-provider/{issuer}"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{issuer}:aud": "sts.amazonaws.com",
                f"{issuer}:sub": f"repo:example/models-{number}:environment:production",
            }
        },
    }
    read = {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject"],
        "Resource": f"arn:aws:s3:::model-data-{number}/*",
    }
    return {
        "name": f"artifacts-{number}",
        "description": "Lets the release workflow write its artifacts",
        "maxSessionDuration": 3600,
        "assumeRolePolicy": _document([trust]),
        "inlinePolicies": [{"name": "artifacts", "policy": _document([read])}],
        "tags": {"team": "ai", "cost-center": "4711"},
    }


def _document(statements: Sequence[object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


def _lifecycle(number: int) -> dict[str, object]:
    rules = [
        {
            "id": f"expire-{number}-{index}",
            "enabled": True,
            "prefix": f"models/{index}/checkpoints/",
            "tags": {"retention": "short", "team": "ai"},
            "transitions": [{"days": 30, "storageClass": "STANDARD_IA"}, {"days": 90, "storageClass": "GLACIER"}],
            "noncurrentVersionExpiration": {"days": 30},
            "expiration": {"days": 365},
        }
        for index in range(41)
    ]
    return {"bucket": f"model-data-{number}", "lifecycleRules": rules}


def _oci_policy(number: int) -> dict[str, object]:
    group, compartment = f"group 'Default'/'ai-users-{number}'", f"compartment ai:models-{number}"
    either = "any {request.permission = 'OBJECT_CREATE', request.permission = 'OBJECT_INSPECT'}"
    both = f"target.bucket.name = 'out-{number}', {either}"
    return {
        "compartmentId": "ocid1.compartment.oc1..aaaaaaaaexample",
        "name": f"ai-users-{number}",
        "description": "Lets the service account use the AI services",
        "statements": [
            f"Allow {group} to use ai-service-language-family in {compartment}",
            f"Allow {group} to read objects in {compartment} where target.bucket.name = 'models-{number}'",
            f"Allow {group} to use fn-invocation in {compartment} where target.function.id = 'ocid1.fnfunc..a{number}'",
            f"Allow {group} to manage objects in {compartment} where all {{{both}}}",
        ],
    }


SUBJECTS: Final = (
    Subject("a small bucket", "aws:s3/bucket:Bucket", _bucket),
    Subject("a bucket with lifecycle rules", "aws:s3/bucket:Bucket", _lifecycle),
    Subject("a bucket policy", "aws:s3/bucketPolicy:BucketPolicy", _bucket_policy),
    Subject("an IAM policy", "aws:iam/policy:Policy", _managed_policy),
    Subject("a role", "aws:iam/role:Role", _role),
    Subject("an OCI policy", "oci:Identity/policy:Policy", _oci_policy),
)


# --- Analyze, in this process ---------------------------------------------------------------------------------------


def all_rules() -> Servicer:
    """The pack's servicer with every rule on, those that are off by default too."""
    servicer = Servicer(RULES)
    context: Any = None
    servicer.Configure(every_rule_on(), context)
    return servicer


def every_rule_on() -> pb.ConfigureAnalyzerRequest:
    """The configuration that makes every rule of the pack mandatory."""
    request = pb.ConfigureAnalyzerRequest()
    for rule in RULES:
        if not isinstance(rule, ProgramRule):
            request.policyConfig[rule.id].enforcementLevel = pb.MANDATORY
    return request


def one_policy() -> Any:  # noqa: ANN401 - the stock servicer has no types
    """The stock servicer with one policy that does nothing."""

    def nothing(args: ResourceValidationArgs, report_violation: ReportViolation) -> None:
        del args, report_violation

    policy = ResourceValidationPolicy(name="nothing", description="Nothing.", validate=nothing)
    stock: Any = StockServicer
    return stock("stock", "0.0.1", [policy], EnforcementLevel.MANDATORY)


class NoRules(analyzer_pb2_grpc.AnalyzerServicer):
    """What any servicer costs: an answer that says nothing."""

    def Analyze(self, request: pb.AnalyzeRequest, context: Any) -> pb.AnalyzeResponse:  # noqa: ANN401, N802
        """Answer that nothing was found."""
        return pb.AnalyzeResponse()


def seconds_a_call(sides: Sequence[Analyze], requests: Requests, effort: Effort) -> list[float]:
    """Processor seconds of one call, for each of `sides` its best round. `requests` makes so many, new each time."""
    size = _round_size(sides, requests, effort.seconds)
    best = [math.inf] * len(sides)
    for _ in range(effort.rounds):
        batch = requests(size)
        for index, analyze in enumerate(sides):
            best[index] = min(best[index], _timed(analyze, batch) / size)
    return best


def _round_size(sides: Sequence[Analyze], requests: Requests, seconds: float) -> int:
    """How many calls take the slowest side about `seconds`, at most 2000. Warms all sides up."""
    trial = requests(20)
    spent = [[_timed(analyze, trial) for _ in range(2)][-1] for analyze in sides]
    return max(1, min(2000, round(len(trial) * seconds / max(*spent, 1e-6))))


def _timed(analyze: Analyze, batch: Iterable[pb.AnalyzeRequest]) -> float:
    gc.collect()
    began = time.process_time()
    for request in batch:
        analyze(request, None)
    return time.process_time() - began


@contextmanager
def connected(pack: Path) -> Iterator[analyzer_pb2_grpc.AnalyzerStub]:
    """A pack in a process of its own, as an engine meets it."""
    command = [sys.executable, "-u", str(pack), _NO_ENGINE, str(pack)]
    with subprocess.Popen(command, cwd=pack, env=_environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe, as asked for above
        port = process.stdout.readline().strip().decode()
        try:
            if not port.isdigit():
                raise BenchError(f"the pack {pack} printed no port")
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield analyzer_pb2_grpc.AnalyzerStub(channel)
        finally:
            process.kill()


def seconds_a_request(
    sides: Sequence[Callable[[pb.AnalyzeRequest], object]], requests: Requests, wanted: int
) -> list[float]:
    """The median time on the clock of `wanted` requests, each sent to every side in turn."""
    spent: list[list[float]] = [[] for _ in sides]
    for request in requests(wanted):
        for times, side in zip(spent, sides, strict=True):
            began = time.perf_counter()
            side(request)
            times.append(time.perf_counter() - began)
    return [statistics.median(times) for times in spent]


def analyze_figures(effort: Effort) -> Iterator[Figure]:
    """All rules on one request against a stock pack with one policy on the same request.

    What is bounded is what an engine waits for: an answer from the pack's process. The processor time of the two
    services without their transport stands beside it; there the reference never reads a document, and ours decides it.
    """
    ours, stock = all_rules(), one_policy()
    no_call: Any = None
    with stock_pack() as folder, connected(ROOT / "policypack") as pack, connected(folder) as reference:
        pack.Configure(every_rule_on())
        for subject in SUBJECTS:
            first = subject.request(0)
            if ours.Analyze(first, no_call).diagnostics:
                raise BenchError(f"{subject.name} is meant to be clean, so that what is timed is the judging alone")
            inside = seconds_a_call((ours.Analyze, stock.Analyze), subject.fresh(), effort)
            us, them = seconds_a_request((pack.Analyze, reference.Analyze), subject.fresh(), effort.requests)
            ms = " / ".join(f"{seconds * 1e3:.2f}" for seconds in (us, them))
            in_process = " / ".join(f"{seconds * 1e3:.3f}" for seconds in inside)
            yield Figure(
                name=f"Analyze of {subject.name}, {_bytes(first.ByteSize())}, all rules / stock pack with one policy",
                ratio=us / them,
                value=us / them,
                budget=_ANALYZE_BUDGET,
                limit=f"{_ANALYZE_BUDGET:.1f}x",
                measured=f"{ms} ms; in process {in_process} ms",
            )


def unread_figure(effort: Effort) -> Figure:
    """All rules on a type that none of them reads, against a servicer without rules."""
    request = Subject("", UNREAD_TYPE, lambda _: {"length": 2, "prefix": "model", "separator": "-"}).request(0)
    us, nobody = seconds_a_call((all_rules().Analyze, NoRules().Analyze), lambda wanted: [request] * wanted, effort)
    more = (us - nobody) * 1e6
    return Figure(
        name="Analyze of a type no rule reads, all rules / no rules",
        ratio=us / nobody,
        value=more,
        budget=_UNREAD_BUDGET_US,
        limit=f"+{_UNREAD_BUDGET_US:.0f} µs",
        measured=f"{more:+.2f} µs: {us * 1e6:.2f} µs / {nobody * 1e6:.2f} µs",
    )


# --- Processes ------------------------------------------------------------------------------------------------------


def alternate(sides: Sequence[Callable[[], float]], runs: int) -> list[float]:
    """The median of `runs` of each side, in turns, after one of each that warms the caches up."""
    for side in sides:
        side()
    times = [[side() for side in sides] for _ in range(runs)]
    return [statistics.median(column) for column in zip(*times, strict=True)]


def start_to_port(pack: Path) -> float:
    """Seconds from starting a pack as the engine does until its port can be read."""
    command = [sys.executable, "-u", str(pack), _NO_ENGINE, str(pack)]
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=pack, env=_environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None  # noqa: S101 - it is a pipe, as asked for above
        line = process.stdout.readline()
        seconds = time.perf_counter() - began
        process.kill()
    if not line.strip().isdigit():
        raise BenchError(f"the pack {pack} printed no port")
    return seconds


@contextmanager
def stock_pack() -> Iterator[Path]:
    """A folder with a pack of one policy that does nothing."""
    with TemporaryDirectory() as folder:
        stock = Path(folder)
        stock.joinpath("PulumiPolicy.yaml").write_text("runtime: python\n", encoding="utf-8")
        stock.joinpath("__main__.py").write_text(_STOCK_PACK, encoding="utf-8")
        yield stock


def start_figure(effort: Effort) -> Figure:
    """Start to port against a stock pack with one policy."""
    with stock_pack() as stock:
        us, them = alternate((lambda: start_to_port(ROOT / "policypack"), lambda: start_to_port(stock)), effort.starts)
    return Figure(
        name="Start to port, the pack / stock pack with one policy",
        ratio=us / them,
        value=us / them,
        budget=_START_BUDGET,
        limit=f"{_START_BUDGET:.1f}x",
        measured=f"{us:.3f} s / {them:.3f} s",
    )


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process took: wall seconds, and the peak memory in MB of the largest process among it and its children."""

    seconds: float
    megabytes: float


def run(command: Sequence[str]) -> Spent:
    """Run a Python command to its end. Raises BenchError where it does not end with status 0."""
    launched = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _LAUNCHER, sys.executable, *command],
        cwd=ROOT,
        env=_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, kilobytes, status = launched.stdout.split()
    if status != "0":
        raise BenchError(f"`python {' '.join(command)}` ended with status {status}; run it to see why")
    # macOS counts in bytes, Linux in kilobytes.
    return Spent(float(seconds), float(kilobytes) / (2**20 if sys.platform == "darwin" else 2**10))


def sdk_names(program: Path) -> list[str]:
    """Every dotted name of a provider SDK that the Python files of `program` use, such as `pulumi_aws.s3.Bucket`.

    A name and not only its package, because the SDKs load their modules when a name in them is first asked for.
    """
    names: set[str] = set()
    for file in sorted(program.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        packages: dict[str, str] = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                packages |= {alias.asname or alias.name: alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                packages |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
        for node in ast.walk(tree):
            root, _, rest = ast.unparse(node).partition(".") if isinstance(node, ast.Attribute) else ("", "", "")
            if rest and root in packages and all(part.isidentifier() for part in rest.split(".")):
                names.add(f"{packages[root]}.{rest}")
        names |= set(packages.values())
    return sorted(name for name in names if name.startswith("pulumi_"))


def import_command(names: Sequence[str]) -> list[str]:
    """The command that loads the modules of `names` and ends at once, as taking an interpreter down is no import."""
    packages = sorted({name.partition(".")[0] for name in names})
    return ["-c", "\n".join(["import os, pulumi", *(f"import {one}" for one in packages), *names, "os._exit(0)"])]


def check_figures(effort: Effort) -> Iterator[Figure]:
    """`preflight check infra`, start to exit, against importing the SDK modules that infra uses; then its memory."""
    names = sdk_names(ROOT / "infra")
    modules = sorted({".".join(name.split(".")[:2]) for name in names if "." in name})
    importing: list[Spent] = []
    checking: list[Spent] = []

    def measure(command: Sequence[str], into: list[Spent]) -> float:
        into.append(run(command))
        return into[-1].seconds

    us, sdk = alternate(
        (
            lambda: measure(["-m", "preflight", "check", "infra", "--stack", "dev"], checking),
            lambda: measure(import_command(names), importing),
        ),
        effort.runs,
    )
    yield Figure(
        name=f"`preflight check infra`, start to exit / importing its {len(modules)} SDK modules",
        ratio=us / sdk,
        value=us - sdk,
        budget=_CHECK_BUDGET_S,
        limit=f"+{_CHECK_BUDGET_S:.0f} s",
        measured=f"{us - sdk:+.2f} s: {us:.2f} s / {sdk:.2f} s",
    )
    ours, theirs = (max(spent.megabytes for spent in runs) for runs in (checking, importing))
    yield Figure(
        name="Peak memory of the largest process of that check / of that import",
        ratio=ours / theirs,
        value=ours,
        budget=_MEMORY_BUDGET_MB,
        limit=f"{_MEMORY_BUDGET_MB:.0f} MB",
        measured=f"{ours:.0f} MB / {theirs:.0f} MB",
    )


def _environment() -> dict[str, str]:
    # The passphrase of the demonstration stack; the folder is for a checkout that is not installed.
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {"PULUMI_CONFIG_PASSPHRASE": "dev", **os.environ, "PYTHONPATH": path}
    # Warm means with the byte code that the run before has written.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


# --- The table ------------------------------------------------------------------------------------------------------


def _bytes(size: int) -> str:
    return f"{size} B" if size < 1000 else f"{size / 1000:.1f} kB"


def measure_all(effort: Effort) -> Iterator[Figure]:
    """Every figure, in the order of the table."""
    yield from analyze_figures(effort)
    yield unread_figure(effort)
    yield start_figure(effort)
    yield from check_figures(effort)


def table(figures: Iterable[Figure], *, markdown: bool) -> str:
    """The figures as text: the ratio first, the absolute numbers last, in parentheses."""
    head = ("Ours / reference", "Ratio", "Budget", "", "Measured")
    rows = [
        (figure.name, f"{figure.ratio:.2f}x", figure.limit, figure.verdict, f"({figure.measured})")
        for figure in figures
    ]
    if markdown:
        return "\n".join(f"| {' | '.join(row)} |" for row in (head, ("---", "---:", "---:", "---", "---"), *rows))
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = (
        f"{name:{widths[0]}}  {ratio:>{widths[1]}}  {limit:>{widths[2]}}  {verdict:{widths[3]}}  {measured}".rstrip()
        for name, ratio, limit, verdict, measured in (head, *rows)
    )
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run as a command; returns the exit status: 2 where something could not be measured."""
    parser = argparse.ArgumentParser(prog="scripts/bench.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--markdown", action="store_true", help="print a Markdown table")
    parser.add_argument("--check", action="store_true", help="exit 1 where a budget is missed by more than 25 %%")
    options = parser.parse_args(arguments)
    try:
        figures = list(measure_all(Effort()))
    except BenchError as error:
        print(error, file=sys.stderr)
        return 2
    print(table(figures, markdown=options.markdown))
    return 1 if options.check and any(figure.failed for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
