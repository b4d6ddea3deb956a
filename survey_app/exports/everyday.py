"""Freezing a month of everyday ratings into the folder that analysis reads (public format 1, instrument everyday)."""

import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import tomli_w

from survey_app.config import Keys
from survey_app.domain import everyday
from survey_app.exports import frozen
from survey_app.exports.frozen import SNAPSHOT, WORDS, as_csv, sorted_csv
from survey_app.files import write_atomically
from survey_app.store import everyday as store
from survey_app.store import visits
from survey_app.store.everyday import OpenedKept, OpenedRating

REASONS, KEPT_OPEN, JOURNAL = "reasons.csv", "kept-open.csv", "words.keys"
KEPT_COLUMNS = ["unit", "procedure", "commitment", "kept", "period"]
UNCLASSIFIED = "unclassified"
Accept = Callable[[Path], object]  # raises what is wrong with a draft of the folder


@dataclass(frozen=True)
class NamedUnit:
    """A unit as it is called on the day of the count."""

    zh: str
    class_code: str
    parent: str = ""


@dataclass(frozen=True)
class Month:
    """What of a month comes out of the database, opened."""

    month: str
    ratings: list[OpenedRating]
    kept: list[OpenedKept]
    issued: Mapping[str, int]


def write_month(
    month: str, folder: Path, *, method: bytes, units: Mapping[str, NamedUnit], keys: Keys, accept: Accept
) -> Path:
    """Write `folder`/snapshot atomically and return it; an earlier one is left as it is.

    Beside it, for the office alone: ticks by unit, and what was said of commitments without a code.
    """
    target = folder / SNAPSHOT
    if target.exists():
        return target
    opened = Month(
        month, list(store.ratings_of(month, keys)), list(store.kept_of(month, keys)), visits.issued_by_unit(month)
    )
    files = {
        "ballots.csv": sorted_csv(
            ["unit", "group", "channel", "period", "service", "flags"], _ballots(opened, flags_of(method))
        ),
        "kept.csv": sorted_csv(KEPT_COLUMNS, _kept(opened, verified=True)),
        "method.toml": method,
        "round.toml": _round_toml(opened, method, units),
    }
    files["manifest.json"] = frozen.manifest(files)
    draft = frozen.write_draft(target, files)
    accept(draft)
    reasons = sorted_csv(["unit", "counted", "tick", "ratings"], _reasons(opened, min_n_of(method)))
    write_atomically(folder / REASONS, reasons, frozen.READ_ONLY)
    write_atomically(folder / KEPT_OPEN, sorted_csv(KEPT_COLUMNS, _kept(opened, verified=False)), frozen.READ_ONLY)
    frozen.put(draft, target)
    return target


def write_words(folder: Path, *, min_n: int, keys: Keys) -> list[bytes]:
    """Unseal words into `folder`/words.csv in lots; returns the keys of those that are out, to be deleted.

    Too few for a lot stay sealed until a later month. The keys, which are random, stand in a journal until then, so
    that a kill between writing and deleting lets no word out twice.
    """
    journal = folder / JOURNAL
    if (folder / WORDS).exists():
        return [bytes.fromhex(line) for line in journal.read_text().split()] if journal.exists() else []
    waiting = store.words_by_unit(keys)
    lots = frozen.lots({unit: [text for _key, text in found] for unit, found in waiting.items()}, min_n)
    if not lots:
        return []
    out = sorted(key for found in waiting.values() for key, _text in found)
    rows = [("unit", "words"), *((lot, text) for lot, texts in sorted(lots.items()) for text in texts)]
    write_atomically(journal, "".join(f"{key.hex()}\n" for key in out).encode(), frozen.READ_ONLY)
    write_atomically(folder / WORDS, as_csv(rows), frozen.READ_ONLY)
    return out


def min_n_of(method: bytes) -> int:
    """The least number of answers that may be shown."""
    return int(tomllib.loads(method.decode()).get("min_n", 10))


def flags_of(method: bytes) -> frozenset[str]:
    """The flags this method knows; a method from before a flag counts as if it had not been set."""
    return frozenset(str(flag["code"]) for flag in tomllib.loads(method.decode()).get("flag", []))


def _ballots(opened: Month, known: frozenset[str]) -> Iterator[list[object]]:
    for one in opened.ratings:
        flags = "|".join(flag for flag in one.flags if flag in known)
        yield [one.unit, everyday.GROUP, one.channel, one.period.isoformat(), one.level, flags]


def _kept(opened: Month, *, verified: bool) -> Iterator[list[object]]:
    for one in opened.kept:
        if one.verified == verified:
            yield [one.unit, one.procedure, one.commitment, one.kept, one.period.isoformat()]


def _reasons(opened: Month, min_n: int) -> Iterator[list[object]]:
    """Ticks by unit and stratum, where enough people rated; a stratum without a code stays apart."""
    rated = Counter((one.unit, one.channel != everyday.OPEN) for one in opened.ratings)
    ticked = Counter((one.unit, one.channel != everyday.OPEN, tick) for one in opened.ratings for tick in one.ticks)
    for (unit, counted, tick), ratings in ticked.items():
        if rated[unit, counted] >= min_n:
            yield [unit, int(counted), tick, ratings]


def _round_toml(opened: Month, method: bytes, units: Mapping[str, NamedUnit]) -> bytes:
    slugs = sorted({one.unit for one in opened.ratings} | opened.issued.keys())
    facts = {
        "format": 1,
        "code": everyday.round_code(opened.month),
        "name": f"{everyday.month_words(opened.month)}好差评",
        "instrument": "everyday",
        "opens_on": everyday.first_week(opened.month),
        "closes_on": everyday.ends_on(opened.month),
        "method_sha256": sha256(method).hexdigest(),
        "unit": [_unit_table(slug, units, opened.issued.get(slug, 0)) for slug in slugs],
    }
    return tomli_w.dumps(facts).encode()


def _unit_table(slug: str, units: Mapping[str, NamedUnit], codes: int) -> dict[str, object]:
    """A unit that has left the pages since keeps its slug for a name."""
    named = units.get(slug, NamedUnit(slug, ""))
    table: dict[str, object] = {"slug": slug, "zh": named.zh, "class": named.class_code or UNCLASSIFIED}
    if named.parent:
        table["parent"] = named.parent
    return table | ({"codes_issued": {everyday.GROUP: codes}} if codes else {})
