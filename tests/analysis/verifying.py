"""A district's release with every kind of unit, and faults planted in it as a clever hand would: all digests redone."""

import csv
import io
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

from analysis.manifest import NAME, describe, dump

from .conftest import method_data, round_data, weighted, write_folder

METHOD = method_data(
    scale=None,
    dimension=weighted(attitude="2/5", openness="7/20", promise="1/4", overall="0"),
    group=weighted(citizen="1/2", deputy="3/10", enterprise="1/5"),
    **{"class": [{"code": c, "zh": f"类{c}"} for c in ("window", "pair", "single")]},
)
METHOD["class"][1]["weights"] = {"citizen": "2/3", "deputy": "1/3"}
POOR, VALID = ["level_2", "level_1"], ["level_5", "level_4", "level_3", "level_2", "level_1"]
SHARE = {"basis": "示例，不是法规", "dimension": "overall", "left": {"count": POOR}, "over": {"count": VALID}}
METHOD["rule"] = [
    {"id": "third-poor", **SHARE, "op": ">=", "value": "1/3"},
    {"id": "half-poor", **SHARE, "op": ">", "value": "1/2", "years": 2},
    {"id": "deputies", **SHARE, "dimension": "attitude", "group": "deputy", "op": ">", "value": "1/5", "min_n": 20},
    {"id": "bottom", "kind": "last", "basis": "示例，不是法规", "min_units": 5},
    {"id": "bottom-of-eight", "kind": "last", "basis": "示例，不是法规"},
]
# Good, middling and bad units, so that tiers differ; the last three have odd groups.
HABITS = {"u-best": "5555554", "u-good": "5554443", "u-plain": "55443321", "u-worse": "4433221", "u-worst": "3221111"}
SPECIAL = {"v-census": "5443", "v-small": "543", "v-gap": "54432", "x-one": "5432", "x-two": "54321", "y-alone": "5432"}
KINDS = {"x": "pair", "y": "single"}


def district(folder: Path) -> Path:
    """A frozen folder of eleven units in three classes; one silent, one with a whole panel, one lacking a group."""
    chance = random.Random(20261126)
    units, rows = [], []
    for slug, habit in {**HABITS, **SPECIAL}.items():
        unit = {"slug": slug, "zh": f"单位{slug}", "class": KINDS.get(slug[0], "window")}
        sizes = {"citizen": 90, "deputy": 30, "enterprise": 25}
        if slug == "v-census":
            unit["panel"] = dict(sizes)
        if slug == "v-small":
            sizes = {"citizen": 6, "deputy": 12, "enterprise": 5}
        if slug == "v-gap":
            sizes["deputy"] = 4
        if slug == "u-good":
            unit["panel"] = {"deputy": 45}
        units.append(unit)
        rows += [ballot(chance, slug, group, habit) for group, size in sizes.items() for _ in range(size)]
    return write_folder(folder, rows, METHOD, round_data(units))


def ballot(chance: random.Random, slug: str, group: str, habit: str) -> str:
    answers = [chance.choice(habit + "0") if chance.random() < 0.9 else "" for _ in range(3)]
    return ",".join([slug, group, "web", "2026-05-04", *answers, chance.choice(habit)])


def copied(release: Path, target: Path) -> Path:
    """The files a stranger downloads: the data, not the documents."""
    target.mkdir()
    for path in release.iterdir():
        if path.suffix in {".csv", ".json", ".toml"}:
            shutil.copy(path, target)
    return target


def edit(release: Path, table: str, change: Callable[[list[dict[str, str]]], object]) -> None:
    """Change a table, release.json with it, and write all digests anew."""
    path = release / table
    rows = list(csv.DictReader(path.read_text("utf-8").splitlines()))
    columns = list(rows[0])
    change(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(out.getvalue(), "utf-8")
    model = json.loads((release / "release.json").read_text("utf-8"))
    old = model[path.stem]
    model[path.stem] = [{k: like(v, old[0][k]) for k, v in row.items()} for row in rows]
    (release / "release.json").write_bytes(dump(model))
    sign(release)


def like(text: str, example: object) -> object:
    """A cell as release.json writes it."""
    try:
        return (None if text == "" else int(text) if text.isdigit() else float(text)) if "/" not in text else text
    except ValueError:
        return text


def sign(release: Path) -> None:
    """A manifest that fits the files."""
    names = [p.name for p in release.iterdir() if p.is_file() and p.name != NAME]
    (release / NAME).write_bytes(describe({name: (release / name).read_bytes() for name in names}))


def row_of(rows: list[dict[str, str]], **keys: str) -> dict[str, str]:
    [row] = [row for row in rows if all(row[k] == v for k, v in keys.items())]
    return row


def one_more_five(rows: list[dict[str, str]]) -> None:
    """One 2 becomes a 5: every sum still adds up."""
    row = row_of(rows, unit="u-worse", group="citizen", dimension="openness")
    row["level_2"], row["level_5"] = str(int(row["level_2"]) - 1), str(int(row["level_5"]) + 1)


def rounded_up(rows: list[dict[str, str]]) -> None:
    row = row_of(rows, unit="u-plain")
    row["score"] = f"{float(row['score']) + 0.01:.2f}"


def without_the_worst(rows: list[dict[str, str]]) -> None:
    rows.remove(row_of(rows, unit="u-worst"))


def kinder_tier(rows: list[dict[str, str]]) -> None:
    row_of(rows, unit="u-worst")["tier"] = "average"


def narrower(rows: list[dict[str, str]]) -> None:
    row = row_of(rows, unit="u-plain")
    row["low"] = f"{float(row['low']) + 0.5:.2f}"


FAULTS = {
    "one count changed": ("counts.csv", one_more_five, "u-worse citizen"),
    "one score rounded up": ("scores.csv", rounded_up, "u-plain"),
    "a unit's row dropped": ("scores.csv", without_the_worst, "u-worst"),
    "a unit's group dropped": (
        "groups.csv",
        lambda rows: rows.remove(row_of(rows, unit="u-worst", group="deputy")),
        "u-worst deputy",
    ),
    "a tier bettered": ("scores.csv", kinder_tier, "u-worst"),
    "an interval narrowed": ("scores.csv", narrower, "u-plain"),
}
