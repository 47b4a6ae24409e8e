"""A policy pack that judges nothing and writes down every request: one JSON object a line in `requests.jsonl` here."""

from __future__ import annotations

import base64
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import grpc
from google.protobuf import empty_pb2
from google.protobuf.message import Message
from pulumi.runtime.proto import analyzer_pb2 as pb
from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2


class Recorder(analyzer_pb2_grpc.AnalyzerServicer):
    """Answers every call with nothing found."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("w")

    def _write(self, method: str, request: Message) -> None:
        raw = base64.b64encode(request.SerializeToString(deterministic=True)).decode()
        self._file.write(json.dumps({"method": method, "raw": raw}) + "\n")
        self._file.flush()

    def ConfigureStack(self, request: Any, context: Any) -> pb.AnalyzerStackConfigureResponse:
        self._write("ConfigureStack", request)
        return pb.AnalyzerStackConfigureResponse()

    def GetAnalyzerInfo(self, request: Any, context: Any) -> pb.AnalyzerInfo:
        kinds = {"one": pb.POLICY_TYPE_RESOURCE, "whole": pb.POLICY_TYPE_STACK}
        policies = [
            pb.PolicyInfo(name=name, description=name, enforcementLevel=pb.ADVISORY, policy_type=kind)
            for name, kind in kinds.items()
        ]
        return pb.AnalyzerInfo(name="recording", version="0.0.1", supportsConfig=True, policies=policies)

    def GetPluginInfo(self, request: Any, context: Any) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version="0.0.1")

    def Configure(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def Analyze(self, request: Any, context: Any) -> pb.AnalyzeResponse:
        self._write("Analyze", request)
        return pb.AnalyzeResponse()

    def Remediate(self, request: Any, context: Any) -> pb.RemediateResponse:
        return pb.RemediateResponse()

    def AnalyzeStack(self, request: Any, context: Any) -> pb.AnalyzeResponse:
        self._write("AnalyzeStack", request)
        return pb.AnalyzeResponse()

    def Cancel(self, request: Any, context: Any) -> empty_pb2.Empty:
        return empty_pb2.Empty()


def main() -> None:
    """Serve until the engine ends the process; the port is printed first."""
    limit = [("grpc.max_receive_message_length", 400 << 20)]
    server = grpc.server(ThreadPoolExecutor(max_workers=1), options=limit)
    recorder = Recorder(Path(__file__).with_name("requests.jsonl"))
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(recorder, server)
    sys.stdout.write(f"{server.add_insecure_port('127.0.0.1:0')}\n")
    sys.stdout.flush()
    server.start()
    server.wait_for_termination()


main()
