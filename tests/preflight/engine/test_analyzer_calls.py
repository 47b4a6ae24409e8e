"""The engine's calls, against packs made for the purpose and against the pack inside."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.struct_pb2 import Struct
from pulumi.runtime.proto import analyzer_pb2 as pb

from policypack.guardrails.findings import Level
from preflight.engine.analyzer import Analyzer, Deployment
from preflight.engine.pack import Limits, Pack, folder_of_ours
from preflight.engine.policy_configuration import Given
from preflight.errors import CheckError

BUCKET = "urn:pulumi:dev::shop::aws:s3/bucket:Bucket::data"
STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev"
DEPLOYMENT = Deployment(
    project="shop", stack="dev", organization="acme", config={"shop:k": "v"}, secret_keys=["shop:k"]
)
STOCK = """
    from pulumi_policy import *

    def odd(args, report):
        if args.props.get("raise"):
            raise ValueError("hunter2")
        if args.props["acl"] == "public-read":
            report("the bucket is public")

    def mend(args):
        if args.props.get("acl") == "public-read":
            args.props["acl"] = "private"
            return args.props

    def whole(args, report):
        report("nothing is tagged", "urn:pulumi:dev::shop::a:b:C::foreign")
        report("this one is not", args.resources[0].urn)

    PolicyPack("stock", [
        ResourceValidationPolicy("acl", "ACLs", odd, EnforcementLevel.MANDATORY, severity=Severity.HIGH),
        ResourceValidationPolicy("mended", "mends ACLs", remediate=mend, enforcement_level=EnforcementLevel.DISABLED),
        StackValidationPolicy("tags", "tags", whole, EnforcementLevel.ADVISORY),
    ])
"""
# A service without the stock one's behaviour: what it does is what the text says.
BARE = r"""
    import grpc, os, time
    from concurrent import futures
    from google.protobuf import empty_pb2
    from pulumi.runtime.proto import analyzer_pb2 as pb, analyzer_pb2_grpc, plugin_pb2

    calls = open("calls", "a", buffering=1)

    def note(call):
        calls.write(call + "\n")

    class Bare(analyzer_pb2_grpc.AnalyzerServicer):
        def GetPluginInfo(self, r, c):
            note("GetPluginInfo")
            return plugin_pb2.PluginInfo(version="1")
        def GetAnalyzerInfo(self, r, c):
            note("GetAnalyzerInfo")
            return pb.AnalyzerInfo(name="bare", policies=[pb.PolicyInfo(name="p", enforcementLevel=pb.MANDATORY)])
        def ConfigureStack(self, r, c):
            note(f"ConfigureStack({r.project},{r.stack},{r.organization},{r.dry_run},{dict(r.config)},{list(r.config_secret_keys)})")
            return pb.AnalyzerStackConfigureResponse()
        def Configure(self, r, c):
            note(f"Configure({sorted(r.policyConfig)})")
            return empty_pb2.Empty()
        def Analyze(self, r, c):
            note("Analyze")
            ON_ANALYZE
            return pb.AnalyzeResponse(diagnostics=[pb.AnalyzeDiagnostic(
                policyName="p", message="m", urn="elsewhere", enforcementLevel=pb.REMEDIATE)])
        def AnalyzeStack(self, r, c):
            note("AnalyzeStack")
            return pb.AnalyzeResponse()
        def Cancel(self, r, c):
            note("Cancel")
            return empty_pb2.Empty()

    server = grpc.server(futures.ThreadPoolExecutor(2))
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Bare(), server)
    print(server.add_insecure_port("127.0.0.1:0"), flush=True)
    server.start()
    server.wait_for_termination()
"""


@contextmanager
def connected(folder: Path, limits: Limits | None = None) -> Iterator[Analyzer]:
    with closing(Pack(folder, limits)) as pack, closing(Analyzer(pack)) as analyzer:
        yield analyzer


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stock")
    (folder / "PulumiPolicy.yaml").write_text("runtime: python\n")
    (folder / "__main__.py").write_text(textwrap.dedent(STOCK))
    return folder


def request(**properties: object) -> bytes:
    struct = Struct()
    struct.update(properties)
    made = pb.AnalyzeRequest(type="aws:s3/bucket:Bucket", urn=BUCKET, name="data", properties=struct)
    made.options.SetInParent()
    return made.SerializeToString()


def resource(urn: str = BUCKET, type_: str = "aws:s3/bucket:Bucket") -> bytes:
    made = pb.AnalyzerResource(type=type_, urn=urn, name=urn.rsplit("::", maxsplit=1)[-1])
    made.properties.SetInParent()
    made.options.SetInParent()
    return made.SerializeToString()


def analyzed(analyzer: Analyzer, *requests: bytes) -> list[dict[str, Any]]:
    for raw in requests:
        analyzer.analyze(raw, BUCKET, "aws:s3/bucket:Bucket")
    return analyzer.take()


def test_a_stock_pack_gives_what_its_diagnostics_say(stock: Path) -> None:
    with connected(stock) as analyzer:
        assert not analyzer.has_details
        analyzer.configure(DEPLOYMENT, {})
        assert analyzer.levels == {"acl": "mandatory", "mended": "disabled", "tags": "advisory"}
        assert not analyzer.remediates
        (found,) = analyzed(analyzer, request(acl="public-read"), request(acl="private"))
        assert {key: found[key] for key in ("rule", "severity", "enforcement", "outcome", "urn", "type", "name")} == {
            "rule": "acl",
            "severity": "high",
            "enforcement": "mandatory",
            "outcome": "violation",
            "urn": BUCKET,
            "type": "aws:s3/bucket:Bucket",
            "name": "data",
        }
        assert "the bucket is public" in found["message"]
        assert (found["concern"], found["fix"], found["docs"], found["witness"]) == ("", "", "", None)

        (unknown,) = analyzed(analyzer, request(acl="04da6b54-80e4-46f7-96ec-b56ff0331ba9"))
        assert (unknown["outcome"], unknown["enforcement"]) == ("undecided", "advisory")

        (crash,) = analyzed(analyzer, request(**{"raise": True}))
        assert (crash["outcome"], crash["rule"], crash["urn"]) == ("error", "stock", BUCKET)
        assert "hunter2" not in crash["message"]

        analyzer.analyze_stack([resource(), resource(STACK, "pulumi:pulumi:Stack")], STACK)
        foreign, known = analyzer.take()
        assert (foreign["urn"], foreign["type"], foreign["severity"]) == (STACK, "pulumi:pulumi:Stack", "low")
        assert (known["urn"], known["message"]) == (BUCKET, "tags\nthis one is not")


def test_a_stock_pack_mends(stock: Path) -> None:
    with connected(stock) as analyzer:
        analyzer.configure(DEPLOYMENT, {"mended": Given(Level.REMEDIATE)})
        assert analyzer.remediates
        mended = analyzer.remediate(request(acl="public-read"))
        assert mended is not None
        assert dict(Struct.FromString(mended)) == {"acl": "private"}
        assert analyzer.remediate(request(acl="private")) is None
        (found,) = analyzer.take()
        assert (found["rule"], found["enforcement"], found["urn"]) == ("mended", "remediate", BUCKET)


def bare(folder_of: Callable[[str], Path], on_analyze: str = "pass") -> Path:
    return folder_of(BARE.replace("ON_ANALYZE", on_analyze))


def test_calls_come_in_the_engines_order(pack_of: Callable[[str], Path]) -> None:
    folder = bare(pack_of)
    with connected(folder) as analyzer:
        analyzer.configure(DEPLOYMENT, {"other": Given(Level.ADVISORY)})
        analyzer.analyze(request(), BUCKET, "aws:s3/bucket:Bucket")
        analyzer.analyze_stack([], STACK)
        (found,) = analyzer.take()
    assert (found["urn"], found["enforcement"], found["severity"]) == (BUCKET, "mandatory", "medium")
    assert (folder / "calls").read_text().splitlines() == [
        "GetPluginInfo",
        "GetAnalyzerInfo",
        "ConfigureStack(shop,dev,acme,True,{'shop:k': 'v'},['shop:k'])",
        "Configure(['other', 'p'])",
        "Analyze",
        "AnalyzeStack",
        "Cancel",
    ]


def test_many_requests_in_flight(pack_of: Callable[[str], Path]) -> None:
    with connected(bare(pack_of)) as analyzer:
        analyzer.configure(DEPLOYMENT, {})
        assert len(analyzed(analyzer, *[request()] * 700)) == 700


@pytest.mark.parametrize(
    ("on_analyze", "message"),
    [
        pytest.param("os._exit(3)", "ended during Analyze of urn:", id="dies"),
        pytest.param("time.sleep(20)", "gave no answer to Analyze of urn:.* in time", id="hangs"),
    ],
)
def test_a_pack_that_is_lost_on_the_way(pack_of: Callable[[str], Path], on_analyze: str, message: str) -> None:
    with connected(bare(pack_of, on_analyze), Limits(call=1.0)) as analyzer:
        analyzer.configure(DEPLOYMENT, {})
        with pytest.raises(CheckError, match=message):
            analyzed(analyzer, request())


def test_a_port_on_which_nothing_serves(pack_of: Callable[[str], Path]) -> None:
    folder = pack_of("print(1, flush=True)\nimport time\ntime.sleep(30)")
    with closing(Pack(folder)) as pack, pytest.raises(CheckError, match="ended during its start"):
        Analyzer(pack)


def test_the_pack_inside_gives_its_findings_in_full() -> None:
    with connected(folder_of_ours()) as analyzer:
        assert analyzer.has_details
        assert analyzer.name == "guardrails"
        with pytest.raises(CheckError, match="refuses the policy configuration: there is no policy 'bucket-pulic-acl'"):
            analyzer.configure(DEPLOYMENT, {"bucket-pulic-acl": Given(Level.ADVISORY)})
        analyzer.configure(DEPLOYMENT, {})
        assert analyzed(analyzer, request(acl="public-read")) == []
        found = analyzed(analyzer, request(tags={"note": "ghp_" + "aB3dE5gH7jK9" * 3}))
        assert [(one["concern"], one["path"], bool(one["fix"]), bool(one["docs"])) for one in found] == [
            ("secret-marking", "tags.note", True, True)
        ]
        assert analyzer.take() == []
        for type_, held in [
            ("aws:iot/policy:Policy", '{"Statement": []}'),
            ("aws-native:iot:Policy", {"Statement": []}),
            ("aws:iam/policy:Policy", '{"Statement": []}'),
            ("aws:sqs/queue:Queue", "no document"),
        ]:
            one = pb.AnalyzeRequest(type=type_, urn=f"urn:pulumi:dev::shop::{type_}::x")
            one.properties.update({"policy": held})
            analyzer.analyze(one.SerializeToString(), one.urn, one.type)
        assert analyzer.unread_types == ["aws-native:iot:Policy", "aws:iot/policy:Policy"]
