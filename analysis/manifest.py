"""Lists of files with their sizes and SHA-256, and the digest that names a release."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .errors import BadInput

NAME = "manifest.json"
# The digest covers data, not documents: a workbook's or picture's bytes follow the library's version, and
# index.md carries the digest itself.
DIGEST_SUFFIXES = (".csv", ".json", ".toml")


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, read in pieces so that memory stays flat."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_data(name: str) -> bool:
    """Whether a release's digest covers the file: data, and not that of an older version in a folder below."""
    return name.endswith(DIGEST_SUFFIXES) and name != NAME and "/" not in name


def release_digest(digests: Mapping[str, str]) -> str:
    """SHA-256 that names a release; `digests` maps file name to SHA-256.

    Equal to `LC_ALL=C sha256sum *.csv *.json *.toml | sha256sum` without manifest.json, names in byte order.
    """
    names = sorted(n for n in digests if is_data(n))
    return hashlib.sha256("".join(f"{digests[n]}  {n}\n" for n in names).encode()).hexdigest()


def describe_snapshot(files: Mapping[str, bytes]) -> bytes:
    """The manifest.json of a snapshot: no digest of its own, it is no release."""
    return dump({"format": 1, "files": _listed(files)})


def _listed(files: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [{"name": n, "bytes": len(files[n]), "sha256": hashlib.sha256(files[n]).hexdigest()} for n in sorted(files)]


def describe(files: Mapping[str, bytes]) -> bytes:
    """The manifest.json of a release made of these files."""
    listed = _listed(files)
    digest = release_digest({entry["name"]: entry["sha256"] for entry in listed})
    return dump({"format": 1, "release_digest": digest, "files": listed})


def dump(data: Mapping[str, Any]) -> bytes:
    """JSON as this package writes it: UTF-8, two spaces, one final line feed."""
    return (json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def load_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file. Raises BadInput."""
    if not path.is_file():
        raise BadInput("missing_file", file=path)
    try:
        data = json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput("not_utf8", file=path) from error
    except json.JSONDecodeError as error:
        raise BadInput("broken_json", file=path, line=error.lineno, value=error.msg) from error
    if not isinstance(data, dict):
        raise BadInput("broken_json", file=path, value=type(data).__name__)
    return data


def verify(folder: Path) -> dict[str, Any]:
    """Check every file of a folder against its manifest and return the manifest. Raises BadInput."""
    manifest = load_json(folder / NAME)
    listed = entries(folder / NAME, manifest)
    present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {NAME}
    for name in sorted(present ^ set(listed)):
        raise BadInput("manifest_lists", file=folder / name)
    for name, (size, digest) in listed.items():
        if (folder / name).stat().st_size != size or sha256_of(folder / name) != digest:
            raise BadInput("manifest_differs", file=folder / name)
    if "release_digest" in manifest:
        _check_digest(folder / NAME, manifest, {name: digest for name, (_, digest) in listed.items()})
    return manifest


def entries(path: Path, manifest: Mapping[str, Any]) -> dict[str, tuple[int, str]]:
    """File name -> (bytes, SHA-256) of a manifest that was read from `path`. Raises BadInput."""
    if manifest.get("format") != 1:
        raise BadInput("bad_format", file=path, field="format", value=repr(manifest.get("format")))
    try:
        return {str(e["name"]): (int(e["bytes"]), str(e["sha256"])) for e in manifest["files"]}
    except (KeyError, TypeError, ValueError) as error:
        raise BadInput("broken_json", file=path, field="files", value=repr(error)) from error


def _check_digest(path: Path, manifest: Mapping[str, Any], digests: Mapping[str, str]) -> None:
    if manifest["release_digest"] != release_digest(digests):
        raise BadInput("manifest_differs", file=path, field="release_digest")


def load_digest(content: bytes) -> str:
    """The release digest out of a manifest's bytes."""
    return str(json.loads(content)["release_digest"])
