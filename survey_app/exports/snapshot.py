"""Freezing a closed round into the folder that analysis reads (public format 1, design of the frozen folder)."""

import csv
import io
import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import tomli_w
from nacl.public import PrivateKey

from survey_app.domain import ballot_box
from survey_app.domain.errors import N_, Refusal
from survey_app.files import sync_folder, write_atomically
from survey_app.store import ballots, batches, words
from survey_app.store.rounds import RatedUnit, Round

SNAPSHOT, WORDS = "snapshot", "words.csv"
Accept = Callable[[Path], object]  # raises what is wrong with a draft of the folder
READ_ONLY, PRIVATE = 0o400, 0o700  # row-level answers: most are unique, so only the portal's own account reads them


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
    files["manifest.json"] = _manifest(files)
    draft = _write_draft(target, files)
    if ballots.count_ballots(round_.code):  # analysis has nothing to say of an empty round
        accept(draft)
    draft.rename(target)
    sync_folder(target.parent)
    sync_folder(target.parent.parent)  # the round's own folder may be new; the ciphertexts are deleted next
    return target


def write_words(round_: Round, key: PrivateKey, folder: Path) -> bool:
    """Unseal optional words into `folder`/words.csv in shuffled lots of at least min_n; False if there are too few.

    Words of units with fewer than min_n stand in one common lot that names no unit; if that too is small, all of
    them stay sealed.
    """
    if (folder / WORDS).exists():
        return True
    lots = _lots(round_, key)
    if lots is None:
        return False
    if not lots:
        return True
    rows = [("unit", "words"), *((lot, text) for lot, texts in sorted(lots.items()) for text in texts)]
    write_atomically(folder / WORDS, _csv(rows), READ_ONLY)
    return True


def _ballots_csv(round_: Round, key: PrivateKey) -> bytes:
    dimensions = [named.code for named in round_.questionnaire.dimensions]
    header = ["unit", "group", "channel", "period", *dimensions, "flags"]
    rows = sorted(_csv([row]) for row in _opened_rows(round_, key))
    return _csv([header]) + b"".join(rows)


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
    return table | {name: dict(people) for name, people in unit.sizes.items() if people}


def _lots(round_: Round, key: PrivateKey) -> dict[str, list[str]] | None:
    by_unit: dict[str, list[str]] = {}
    for unit_slug, sealed in words.sealed_words(round_.code):
        by_unit.setdefault(unit_slug, []).append(ballot_box.open_words(key, sealed))
    min_n = round_.questionnaire.min_n
    lots = {slug: texts for slug, texts in by_unit.items() if len(texts) >= min_n}
    rest = [text for slug, texts in by_unit.items() if slug not in lots for text in texts]
    if 0 < len(rest) < min_n:
        return None
    if rest:
        lots["~rest"] = rest
    for texts in lots.values():
        secrets.SystemRandom().shuffle(texts)
    return lots


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _manifest(files: dict[str, bytes]) -> bytes:
    entries = [
        {"name": name, "bytes": len(content), "sha256": sha256(content).hexdigest()}
        for name, content in sorted(files.items())
    ]
    return (json.dumps({"format": 1, "files": entries}, indent=2) + "\n").encode()


def _write_draft(target: Path, files: dict[str, bytes]) -> Path:
    """All of the files beside the target, flushed and read-only; a rename makes them the snapshot."""
    draft = target.with_name(target.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    target.parent.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    draft.mkdir(mode=PRIVATE)
    for name, content in files.items():
        write_atomically(draft / name, content, READ_ONLY)
    return draft
