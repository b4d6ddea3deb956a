"""Ballots that come in parts: counted one by one, here or on a Dask cluster, and added.

Districts collect on their own, a province counts together. Counts are whole numbers, so any split of the ballots,
any order and any machine give the same release (method.md §8).
"""

from collections.abc import Callable
from functools import partial, reduce
from glob import glob
from operator import add
from pathlib import Path

from . import manifest
from .counts import Part, Tally, count_part, settled
from .errors import BadInput
from .read import Snapshot, file_batches, open_snapshot, snapshot_folder

SUFFIXES = (".csv", ".parquet")
CONNECT_SECONDS = 10
Counting = Callable[[Snapshot], Tally]


def open_parts(folder: Path, pattern: str) -> Snapshot:
    """A frozen folder whose ballots lie in the files that a pattern names, seen from its snapshot folder.

    Raises BadInput, also for a part that would be counted twice.
    """
    home = snapshot_folder(folder)
    paths = sorted(home / name for name in glob(pattern, root_dir=home, recursive=True) if (home / name).is_file())
    if not paths:
        raise BadInput("no_parts", file=home, value=pattern)
    snapshot = open_snapshot(home, tuple(paths))
    _refuse_twice(paths)
    for place in sorted({path.parent for path in paths} - {home}):
        _check_place(place, snapshot.method.sha256)
    return snapshot


def _refuse_twice(paths: list[Path]) -> None:
    """Refuse what is no table of ballots, and the same ballots under two names."""
    seen: dict[str, Path] = {}
    for path in paths:
        if path.suffix not in SUFFIXES:
            raise BadInput("bad_part", file=path)
        for mark in (str(path.with_suffix("")), manifest.sha256_of(path)):
            if mark in seen:
                raise BadInput("same_part", file=path, value=seen[mark].name)
            seen[mark] = path


def _check_place(place: Path, method_sha256: str) -> None:
    """A district's own frozen folder must be whole and ask by the same method."""
    if (place / manifest.NAME).is_file():
        manifest.verify(place)
    own = place / "method.toml"
    if own.is_file() and manifest.sha256_of(own) != method_sha256:
        raise BadInput("part_method", file=own)


def count_file(snapshot: Snapshot, path: Path) -> Part:
    """Count the ballots of one file. Raises BadInput."""
    return count_part(file_batches(snapshot, path), snapshot.method, snapshot.round)


def count_here(snapshot: Snapshot) -> Tally:
    """Count every file of a snapshot on this machine, one after the other. Raises BadInput."""
    return _whole(snapshot, reduce(add, map(partial(count_file, snapshot), snapshot.ballots)))


def count_on(scheduler: str) -> Counting:
    """Count on the Dask cluster at this address; its workers must see the files under the same paths."""
    return partial(_count_there, scheduler)


def _count_there(scheduler: str, snapshot: Snapshot) -> Tally:
    try:
        from dask import bag
        from distributed import Client
    except ImportError as error:
        raise BadInput("no_dask", value=error.name) from error
    try:
        client = Client(scheduler, set_as_default=False, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise BadInput("no_scheduler", value=scheduler) from error
    with client:
        parts = bag.from_sequence(snapshot.ballots, partition_size=1).map(partial(count_file, snapshot))
        part: Part = client.compute(parts.fold(add)).result()
    return _whole(snapshot, part)


def _whole(snapshot: Snapshot, part: Part) -> Tally:
    if not (part.kept.ballots.any() or part.marked.ballots.any() or part.uncounted.any()):
        raise BadInput("empty_round", file=snapshot.ballots[0])
    return settled(part, snapshot.method)
