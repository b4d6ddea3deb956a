"""Laws that hold for every round."""

import json
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.counts import count
from analysis.read import batches, open_snapshot
from analysis.release import build_data

from .conftest import PRESET, method_data, results_of, round_data, weighted, write_folder

UNITS, GROUPS, DIMENSIONS = ("a", "b"), ("citizen", "deputy", "firm"), ("attitude", "openness", "overall")
METHOD = method_data(
    min_n=3,
    min_weight="1/2",
    scale=PRESET,
    dimension=weighted(attitude="2/3", openness="1/3", overall="0"),
    group=weighted(citizen="1/2", deputy="1/3", firm="1/6"),
)
FACTS = round_data(UNITS)
ANSWER = st.sampled_from(["5", "4", "3", "2", "1", "0", ""])
ANSWERS = st.tuples(ANSWER, ANSWER, ANSWER).filter(any)
BALLOT = st.tuples(st.sampled_from(UNITS), st.sampled_from(GROUPS), st.sampled_from(["web", "open"]), ANSWERS).map(
    lambda b: ",".join([*b[:3], "2026-05-04", *b[3]])
)
ROWS = st.lists(BALLOT, min_size=1, max_size=60)
SOME = settings(max_examples=40, deadline=None)


def data_of(rows: list[str]) -> dict[str, bytes]:
    """The data files of a release."""
    with TemporaryDirectory() as folder:
        return build_data(open_snapshot(write_folder(Path(folder), rows, METHOD, FACTS)))[0]


def scores_of(rows: list[str]) -> dict[str, Fraction | None]:
    """The exact score of each unit."""
    with TemporaryDirectory() as folder:
        found = results_of(write_folder(Path(folder), rows, METHOD, FACTS))
    return {slug: result.score.mean if result.score else None for slug, result in found.items()}


@SOME
@given(ROWS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_byte(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert data_of(rows) == data_of(shuffled)


@SOME
@given(ROWS)
def test_windows_line_ends_a_byte_order_mark_and_parquet_change_no_byte(rows):
    expected = data_of(rows)
    with TemporaryDirectory() as name:
        folder = write_folder(Path(name), rows, METHOD, FACTS)
        path = folder / "snapshot" / "ballots.csv"
        text = path.read_text(encoding="utf-8")
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        assert build_data(open_snapshot(folder))[0] == expected
        path.unlink()
        pq.write_table(parquet_of(text), folder / "snapshot" / "ballots.parquet")
        assert build_data(open_snapshot(folder))[0] == expected


def parquet_of(text: str) -> pa.Table:
    """The same ballots as a table: texts, and answers as nullable small integers."""
    header, *rows = [line.split(",") for line in text.splitlines()]
    columns = dict(zip(header, zip(*rows, strict=True), strict=True))
    answers = {d: pa.array([int(x) if x else None for x in columns[d]], pa.int8()) for d in DIMENSIONS}
    return pa.table({**{k: list(v) for k, v in columns.items()}, **answers})


@SOME
@given(ROWS, st.sampled_from(UNITS), st.sampled_from(GROUPS))
def test_one_more_dont_know_changes_no_score(rows, unit, group):
    assert scores_of([*rows, f"{unit},{group},web,2026-05-04,0,0,0"]) == scores_of(rows)


@SOME
@given(ROWS)
def test_one_more_best_answer_in_a_counted_cell_never_lowers_a_score(rows):
    before = scores_of(rows)
    with TemporaryDirectory() as name:
        found = results_of(write_folder(Path(name), rows, METHOD, FACTS))
    for slug, result in found.items():
        for g, d in result.released.cells:
            answers = ["5" if place == d else "" for place in range(3)]
            after = scores_of([*rows, ",".join([slug, GROUPS[g], "web", "2026-05-04", *answers])])
            assert before[slug] is None or after[slug] >= before[slug]


@SOME
@given(ROWS)
def test_no_released_cell_rests_on_fewer_answers_than_the_minimum(rows):
    model = json.loads(data_of(rows)["release.json"])
    for row in model["counts"]:
        assert row["answered"] >= 3
        assert row["n"] == row["answered"] + row["dont_know"] + row["blank"]
        assert row["answered"] == sum(row[f"level_{level}"] for level in range(1, 6))
    assert all(row["answered"] >= 3 for row in model["dimensions"])
    assert all(row["n"] >= 3 for row in model["groups"])


@SOME
@given(ROWS)
def test_every_counted_ballot_is_either_behind_a_cell_or_withheld(rows):
    model = json.loads(data_of(rows)["release.json"])
    counted = sum(",web," in row for row in rows)
    assert sum(row["n"] + row["withheld"] for row in model["scores"]) == counted
    apart = sum(unit["not_counted"]["channels"]["open"] for unit in model["units"])
    assert counted + apart == len(rows)
    for score in model["scores"]:
        assert score["n"] == sum(g["n"] for g in model["groups"] if g["unit"] == score["unit"])


@SOME
@given(ROWS)
def test_every_score_follows_from_the_published_counts(rows):
    model = json.loads(data_of(rows)["release.json"])
    points = {level: Fraction(value) for level, value in PRESET.items()}
    dimension = {d["code"]: Fraction(d["weight"]) for d in model["method"]["dimensions"]}
    for group in model["groups"]:
        cells = [c for c in model["counts"] if (c["unit"], c["group"]) == (group["unit"], group["group"])]
        weighted_cells = [(dimension[c["dimension"]], c) for c in cells if dimension[c["dimension"]]]
        if weighted_cells:
            whole = sum(weight for weight, _ in weighted_cells)
            mean = sum(w * sum(c[f"level_{k}"] * points[k] for k in points) / c["answered"] for w, c in weighted_cells)
            assert Fraction(group["score_exact"]) == mean / whole


@SOME
@given(ROWS, st.integers(1, 59))
def test_two_parts_of_a_round_add_up_to_the_whole(rows, cut):
    parts = [part for part in (rows[:cut], rows[cut:]) if part]
    tallies = [tally_of(part) for part in parts]
    whole = tally_of(rows)
    for name in ("answers", "pairs", "ballots", "channels", "uncounted"):
        assert np.array_equal(sum(getattr(tally, name) for tally in tallies), getattr(whole, name))


def tally_of(rows: list[str]):
    """The counts of some rows."""
    with TemporaryDirectory() as name:
        snapshot = open_snapshot(write_folder(Path(name), rows, METHOD, FACTS))
        return count(batches(snapshot), snapshot.method, snapshot.round)


def test_the_pair_table_bound_holds_the_variance():
    rng = np.random.default_rng(7)
    rows = [f"a,citizen,web,2026-05-04,{x},{y}," for x, y in rng.integers(1, 6, size=(40, 2))]
    with TemporaryDirectory() as name:
        result = results_of(write_folder(Path(name), rows, METHOD, FACTS))["a"]
    group = result.groups[0]
    single = 0.0
    points = {int(k): v for k, v in PRESET.items()}
    for place, weight in ((0, 2 / 3), (1, 1 / 3)):
        values = np.array([points[int(row.split(",")[4 + place])] for row in rows], dtype=float)
        single += weight * values.std(ddof=1) / np.sqrt(len(values))
    assert float(group.variance) <= single**2 + 1e-9
