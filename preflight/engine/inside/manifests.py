"""Functions of the Kubernetes provider that turn text into manifests, of which the SDK then makes resources.

Documents are read as the provider reads them, with the PyYAML that `pulumi` itself brings. Charts and kustomizations
need programs and downloads that are not here: they come to nothing, which is said.
"""

from __future__ import annotations

from typing import Final

from . import wire

DECODE: Final = "kubernetes:yaml:decode"
UNSEEN: Final = {
    "kubernetes:helm:template": "kubernetes:helm.sh/v3:Chart",
    "kubernetes:kustomize:directory": "kubernetes:kustomize:Directory",
}
"""Functions whose answer cannot be had here, and the type of the component that asks."""


def decode(text: str) -> list[wire.Plain] | None:
    """The objects of a YAML stream, empty documents left out; None where they cannot be read here."""
    try:
        import yaml
    except ImportError:
        return None

    class Loader(yaml.SafeLoader):
        """Reads what JSON can say: a date stays the text that it is."""

    Loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    try:
        documents = list(yaml.load_all(text, Loader))
    except yaml.YAMLError:
        return None
    return [document for document in documents if isinstance(document, dict)]
