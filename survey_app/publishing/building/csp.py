"""The Content-Security-Policy of a built site: what its own pages hold may run, nothing else may."""

import base64
import hashlib
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

INLINE = re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {hashes}; style-src 'self'; "
    "img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)
POLICY_FILE = "csp.txt"


def scripts_in(page: Path) -> list[str]:
    """The hash of every distinct inline script of one built page, in order."""
    return sorted({_hash(script) for script in INLINE.findall(page.read_text("utf-8"))})


def policy(hashes: Iterable[str]) -> str:
    """One header line that lets scripts with these hashes run."""
    return POLICY.format(hashes=" ".join(sorted(set(hashes))))


@lru_cache(maxsize=256)
def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
