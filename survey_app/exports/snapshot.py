"""Freezing a closed round into the folder that analysis reads (public format 1, design of the frozen folder)."""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import tomli_w
from nacl.public import PrivateKey

from survey_app.domain import ballot_box
from survey_app.domain.errors import N_, Refusal
from survey_app.domain.plans import PANEL, POPULATION
from survey_app.exports import frozen
from survey_app.exports.corrections import Amendment, facts_with
from survey_app.exports.frozen import SNAPSHOT, WORDS
from survey_app.files import write_atomically
from survey_app.store import ballots, batches, words
from survey_app.store.rounds import RatedUnit, Round

Accept = Callable[[Path], object]  # raises what is wrong with a draft of the folder


class SnapshotLost(Refusal):
    code, status = "snapshot-lost", 409
    message = N_("这一轮已经冻结过，但冻结数据不见了：%(folder)s。请从备份恢复这个文件夹，再运行一次。")


def write_snapshot(round_: Round, key: PrivateKey, folder: Path, accept: Accept = lambda _draft: None) -> Path:
    """Unseal the round into `folder`/snapshot, atomically, and return that path. An earlier one is left as it is.

    Raises SnapshotLost where neither ciphertexts nor folder are left.

    The rows are sorted bytewise, so that no order of arrival is left.
    """
    target = folder / SNAPSHOT
    if target.exists():
        return target
    if ballots.count_ballots(round_.code) and ballots.is_unsealed(round_.code):
        raise SnapshotLost(folder=target)
    files = {
        "ballots.csv": _ballots_csv(round_, key),
        "method.toml": round_.method_toml,
        "round.toml": _round_toml(round_),
    }
    files["manifest.json"] = frozen.manifest(files)
    draft = frozen.write_draft(target, files)
    if files["ballots.csv"].count(b"\n") > 1:  # analysis has nothing to say of an empty round
        accept(draft)
    frozen.put(draft, target)
    return target


def write_correction(
    round_: Round, before: Path, folder: Path, amendment: Mapping[str, str], rulings: Sequence[Amendment]
) -> None:
    """Write `folder`/snapshot from the version in `before`, with one amendment more and the round's facts of today.

    rulings: all there are; what they put right holds in this version, too.
    """
    old = before / SNAPSHOT
    stood = tomllib.loads((old / "round.toml").read_text(encoding="utf-8")).get("amendment", [])
    said = [{"on": str(a["on"]), "text": a["text"]} for a in stood]
    known = [a for a in round_.amendments if a not in said]
    corrected = replace(round_, amendments=(*said, *known, amendment))
    files = {
        "ballots.csv": _of_units(old / "ballots.csv", {unit.slug for unit in round_.units}),
        "method.toml": (old / "method.toml").read_bytes(),
        "round.toml": facts_with(_round_toml(corrected), rulings),
    }
    files["manifest.json"] = frozen.manifest(files)
    frozen.put(frozen.write_draft(folder / SNAPSHOT, files), folder / SNAPSHOT)


def _of_units(ballots_csv: Path, slugs: set[str]) -> bytes:
    """The header, and the rows of these units as they stand."""
    header, *rows = ballots_csv.read_bytes().splitlines(keepends=True)
    return b"".join([header, *(row for row in rows if row.split(b",", 1)[0].decode() in slugs)])


def write_words(round_: Round, key: PrivateKey, folder: Path) -> bool:
    """Unseal optional words into `folder`/words.csv in lots (see `frozen.lots`); False if there are too few."""
    if (folder / WORDS).exists():
        return True
    lots = _lots(round_, key)
    if lots is None:
        return False
    if not lots:
        return True
    rows = [("unit", "words"), *((lot, text) for lot, texts in sorted(lots.items()) for text in texts)]
    write_atomically(folder / WORDS, frozen.as_csv(rows), frozen.READ_ONLY)
    return True


def _ballots_csv(round_: Round, key: PrivateKey) -> bytes:
    dimensions = [named.code for named in round_.questionnaire.dimensions]
    header = ["unit", "group", "channel", "period", *dimensions, "flags"]
    return frozen.sorted_csv(header, _opened_rows(round_, key))


def _opened_rows(round_: Round, key: PrivateKey) -> Iterator[list[str]]:
    for ballot in ballots.sealed_ballots(round_.code):
        opened = ballot_box.open_ballot(key, ballot.sealed)
        place = [ballot.unit_slug, ballot.group, ballot.channel, ballot.period.isoformat()]
        yield [*place, *opened.answers.split(","), "|".join(opened.flags)]


def _round_toml(round_: Round) -> bytes:
    issued = batches.issued_by_unit(round_.code)
    facts = {
        "format": 1,
        "code": round_.code,
        "name": round_.name,
        "instrument": round_.instrument,
        "opens_on": round_.opens_on,
        "closes_on": round_.closes_on,
        "method_sha256": round_.method_sha256,
        "amendment": [dict(amendment) for amendment in round_.amendments],
        "unit": [_unit_table(unit, issued.get(unit.slug, {})) for unit in round_.units],
    }
    return tomli_w.dumps({name: value for name, value in facts.items() if value != []}).encode()


def _unit_table(unit: RatedUnit, issued: dict[str, int]) -> dict[str, object]:
    table: dict[str, object] = {"slug": unit.slug, "zh": unit.zh, "class": unit.class_code}
    if unit.parent_slug:
        table["parent"] = unit.parent_slug
    if issued:
        table["codes_issued"] = issued
    return table | {name: dict(unit.sizes[name]) for name in (PANEL, POPULATION) if unit.sizes.get(name)}


def _lots(round_: Round, key: PrivateKey) -> dict[str, list[str]] | None:
    by_unit: dict[str, list[str]] = {}
    rated = {unit.slug for unit in round_.units}
    for unit_slug, sealed in words.sealed_words(round_.code):
        if unit_slug not in rated:
            continue  # what was said of a unit declared void stays sealed
        by_unit.setdefault(unit_slug, []).append(ballot_box.open_words(key, sealed))
    return frozen.lots(by_unit, round_.questionnaire.min_n)
