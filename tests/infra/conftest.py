"""The infra program, run twice for the whole session: as a first preview, and as an update with another issuer."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
INFRA = HERE.parents[1] / "infra"

CONFIG = {
    "aws:region": "eu-central-1",
    "aws:allowedAccountIds": json.dumps(["528067193446"]),
    "oci:tenancyOcid": "ocid1.tenancy.oc1..tests",
    "ai-workloads:oci_user_email": "service@example.com",
    "ai-workloads:oci_api_public_key": "-----BEGIN PUBLIC KEY-----",
    "ai-workloads:oci_ai_services": json.dumps(["generative-ai-family"]),
    "ai-workloads:lambda_caller_role": "caller",
    "ai-workloads:oci_function_callers": json.dumps(["callers", "testers"]),
    "ai-workloads:oci_namespace": "namespace",
    "ai-workloads:oci_function_image": "fra.ocir.io/namespace/image:1",
    "ai-workloads:oci_image_compartment": "shared:images",
    "ai-workloads:oci_service_id": "ocid1.service.oc1.eu-frankfurt-1.tests",
    "ai-workloads:oci_service_cidr": "all-fra-services-in-oracle-services-network",
    "ai-workloads:ai_model_users": json.dumps(["first", "second"]),
    "ai-workloads:api_key": "a-key-of-the-tests",
    "ai-workloads:api_key_reader_role": "reader",
    "ai-workloads:oidc_issuer": "https://token.actions.githubusercontent.com",
    "ai-workloads:oidc_audience": "sts.amazonaws.com",
    "ai-workloads:oidc_subject": "repo:org/repo:ref:refs/heads/main",
    "ai-workloads:oidc_claims": json.dumps({"repository_id": "42"}),
}
GITLAB = {
    "ai-workloads:oidc_issuer": "https://gitlab.example.com/",
    "ai-workloads:oidc_audience": "https://gitlab.example.com",
    "ai-workloads:oidc_subject": "project_path:group/project:ref_type:branch:ref:main",
    "ai-workloads:oidc_claims": "{}",
    "aws:region": "us-gov-west-1",
}


@dataclass(frozen=True)
class Program:
    """What one run of the program registered and exported."""

    resources: list[dict[str, Any]]
    exports: dict[str, dict[str, Any]]

    def of(self, token: str) -> dict[str, dict[str, Any]]:
        """The inputs of all resources of a type, by resource name."""
        return {item["name"]: item["inputs"] for item in self.resources if item["type"] == token}

    def document(self, token: str, name: str, key: str = "policy") -> list[dict[str, Any]]:
        """The statements of a policy document; fails where the document is not known."""
        return json.loads(self.of(token)[name][key])["Statement"]


def run_program(config: dict[str, str], preview: bool) -> Program:
    done = subprocess.run(
        [sys.executable, str(HERE / "run_program.py")],
        input=json.dumps({"config": config, "preview": preview}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return Program(**json.loads(done.stdout))


@pytest.fixture(scope="session")
def preview() -> Program:
    """The first preview: whatever a provider computes is unknown."""
    return run_program(CONFIG, preview=True)


@pytest.fixture(scope="session")
def update() -> Program:
    """An update with a self-managed GitLab as issuer, in another partition."""
    return run_program({**CONFIG, **GITLAB}, preview=False)


@pytest.fixture
def infra(monkeypatch: pytest.MonkeyPatch) -> Path:
    """The project folder, importable as the engine makes it."""
    monkeypatch.syspath_prepend(str(INFRA))
    return INFRA
