"""IP addresses and CIDR blocks as integer intervals, IPv4 and IPv6."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

BITS: Final = {4: 32, 6: 128}
# AWS takes a network of at most a /8 (IPv4) or a /32 (IPv6) for a fixed one, and more for the public.
LARGEST_FIXED: Final = {4: 1 << 24, 6: 1 << 96}
# Addresses for documentation, which read better in a witness than the first address of a range.
_READABLE: Final = {4: (0xC6336407, 0xCB007107), 6: (0x20010DB8 << 96 | 7,)}
_GROUPS: Final = 8
_HEX: Final = frozenset("0123456789abcdefABCDEF")


class Block(NamedTuple):
    """All addresses from `low` to `high`, both included, of one IP version."""

    version: int
    low: int
    high: int


def _ipv4(text: str) -> int | None:
    parts = text.split(".")
    if len(parts) != BITS[4] // 8:
        return None
    value = 0
    for part in parts:
        # A leading zero would be octal to some readers.
        if part != "0" and not (part.isascii() and part.isdigit() and len(part) <= len("255") and part[0] != "0"):
            return None
        if int(part) >= 1 << 8:
            return None
        value = value << 8 | int(part)
    return value


def _ipv6(text: str) -> int | None:
    if "." in text:
        head, _, tail = text.rpartition(":")
        mapped = _ipv4(tail)
        if mapped is None:
            return None
        text = f"{head}:{mapped >> 16:x}:{mapped & 0xFFFF:x}"
    left, gap, right = text.partition("::")
    before = left.split(":") if left else []
    after = right.split(":") if right else []
    missing = _GROUPS - len(before) - len(after)
    if "::" in right or (missing < 1 if gap else missing != 0):
        return None
    value = 0
    for group in (*before, *["0"] * (missing if gap else 0), *after):
        if not 0 < len(group) <= len("ffff") or not _HEX.issuperset(group):
            return None
        value = value << 16 | int(group, 16)
    return value


@lru_cache(maxsize=32_768)
def block(text: str) -> Block | None:
    """A CIDR block (host bits are ignored), or an address, which stands for itself alone; `None` for anything else."""
    address, slash, length = text.partition("/")
    version = 6 if ":" in address else 4
    value = _ipv6(address) if ":" in address else _ipv4(address)
    if value is None:
        return None
    bits = BITS[version]
    if slash and not (length.isascii() and length.isdigit() and len(length) <= len("128") and int(length) <= bits):
        return None
    free = bits - int(length) if slash else 0
    low = value >> free << free
    return Block(version, low, low + (1 << free) - 1)


PRIVATE: Final = tuple(
    found for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7") if (found := block(text))
)


def written(version: int, value: int) -> str:
    """An address as text."""
    if version == 4:
        return ".".join(str(value >> shift & 0xFF) for shift in (24, 16, 8, 0))
    groups = [value >> 16 * place & 0xFFFF for place in range(_GROUPS - 1, -1, -1)]
    used = max((place + 1 for place, group in enumerate(groups) if group), default=0)
    head = ":".join(f"{group:x}" for group in groups[:used])
    return head if used == _GROUPS else f"{head}:0" if used == _GROUPS - 1 else f"{head}::"


def atoms(blocks: list[Block]) -> list[Block]:
    """The address space cut at the borders of `blocks` and of the private ranges, so that no block cuts an atom."""
    cut: list[Block] = []
    for version, bits in BITS.items():
        edges = {0, 1 << bits}
        for found in (*blocks, *PRIVATE):
            if found.version == version:
                edges |= {found.low, found.high + 1}
        ordered = sorted(edges)
        cut += [Block(version, low, high - 1) for low, high in pairwise(ordered)]
    return cut


def example(address: Block) -> str:
    """One address of an atom as text."""
    readable = (each for each in _READABLE[address.version] if address.low <= each <= address.high)
    return written(address.version, next(readable, min(address.low + 1, address.high)))


def is_private(address: Block) -> bool:
    """Whether an atom lies in a private range, which no stranger can send from."""
    return any(private.version == address.version and private.low <= address.low <= private.high for private in PRIVATE)
