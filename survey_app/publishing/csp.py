"""The Content-Security-Policy of a built site: what its own pages hold may run, nothing else may."""

import base64
import hashlib
import re
from pathlib import Path

INLINE = re.compile(r"<script(?![^>]*\ssrc=)(?![^>]*application/json)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'; object-src 'none'"
)


def policy(site_dir: Path) -> str:
    """One header line with the hash of every distinct inline script in the folder's pages."""
    scripts = {script for page in site_dir.rglob("*.html") for script in INLINE.findall(page.read_text("utf-8"))}
    hashes = sorted(f"'sha256-{_digest(script)}'" for script in scripts)
    return POLICY.format(hashes=" ".join(hashes))


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
