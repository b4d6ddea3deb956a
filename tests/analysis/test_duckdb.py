"""A recount in SQL by another engine, from the ballots themselves to the scores: it shares no line with ours."""

import csv
import random
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from analysis.publish import compute

from .conftest import method_data, round_data, weighted, write_folder

DIMENSIONS = {"attitude": "1/2", "openness": "3/10", "promise": "1/5", "overall": "0"}
GROUPS = {"citizen": "1/2", "deputy": "3/10", "enterprise": "1/5"}
POINTS = {"5": 100, "4": 80, "3": 60, "2": 30, "1": 0}
METHOD = method_data(
    scale=POINTS,
    dimension=weighted(**DIMENSIONS),
    group=weighted(**GROUPS),
    flag=[{"code": "burst", "zh": "突增", "excluded": True}, {"code": "same", "zh": "雷同", "excluded": False}],
)
UNITS = [f"unit-{i}" for i in range(8)]

BALLOTS = """
create table counted as select *, row_number() over () as ballot, coalesce(flags, '') like '%burst%' as doubt
  from read_csv(?, all_varchar=true) where channel = 'web';
create table kept as select c.* from counted c join
  (select unit, "group", count(*) filter (doubt) as few from counted group by all) m using (unit, "group")
  where not c.doubt or m.few < 10;
create table answers as unpivot (select * replace (coalesce(attitude, '') as attitude,
  coalesce(openness, '') as openness, coalesce(promise, '') as promise, coalesce(overall, '') as overall) from kept)
  on attitude, openness, promise, overall into name dimension value answer;
"""
CELLS = """
select unit, "group", dimension, count(*) as n, count(*) filter (answer between '1' and '5') as answered,
  count(*) filter (answer = '0') as dont_know, count(*) filter (answer = '') as blank,
  count(*) filter (answer = '1'), count(*) filter (answer = '2'), count(*) filter (answer = '3'),
  count(*) filter (answer = '4'), count(*) filter (answer = '5')
from answers group by all having answered >= 10
"""
SCORES = """
with cell as (select unit, "group", dimension, avg(points) as mean
    from answers join scale using (answer) group by all having count(*) >= 10),
  grouped as (select unit, "group", sum(mean * v.weight) / sum(v.weight) as mean, sum(v.weight) as share
    from cell join dimension_weight v using (dimension) group by all having sum(v.weight) > 0)
select unit, sum(g.mean * w.weight) / sum(w.weight), sum(g.share * w.weight)
from grouped g join group_weight w using ("group") group by all having sum(g.share * w.weight) >= 0.7 - 1e-12
"""


def rows() -> list[str]:
    """Ballots of eight units of very different size, some doubtful, some in a channel that never counts."""
    chance = random.Random(20261127)
    found = []
    for i, unit in enumerate(UNITS):
        for _ in range(40 + 120 * i):
            answers = [chance.choice(["", "0", "1", "2", "3", "4", "4", "5", "5"]) for _ in range(3)]
            group = chance.choices(list(GROUPS), [6, 3, 1])[0]
            channel = chance.choice(["web", "web", "web", "open"])
            flags = chance.choice(["", "", "", "", "", "burst", "same", "same|burst"])
            found.append(",".join([unit, group, channel, "2026-05-04", *answers, chance.choice("12345"), flags]))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = write_folder(tmp_path_factory.mktemp("sql"), rows(), METHOD, round_data(UNITS), flags=True)
    compute(made)
    return made


@pytest.fixture(scope="module")
def engine(folder: Path):
    """DuckDB with the kept ballots, one row an answer, and the method's weights."""
    with duckdb.connect() as sql:
        for statement in BALLOTS.split(";\n")[:-1]:
            sql.execute(statement, [str(folder / "snapshot" / "ballots.csv")] if "?" in statement else None)
        for name, columns, table in (
            ("scale", "answer, points", POINTS),
            ("dimension_weight", "dimension, weight", DIMENSIONS),
            ("group_weight", '"group", weight', GROUPS),
        ):
            values = ", ".join(f"('{key}', {value}.0)" for key, value in table.items())
            sql.execute(f"create table {name} as from (values {values}) t({columns})")
        yield sql


def published(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / "release" / table).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_released_count_is_that_of_duckdb(folder, engine):
    columns = ("n", "answered", "dont_know", "blank", *(f"level_{i}" for i in range(1, 6)))
    ours = {
        (row["unit"], row["group"], row["dimension"]): tuple(int(row[c]) for c in columns)
        for row in published(folder, "counts.csv")
        if row["group"] != "~rest"
    }

    theirs = {tuple(row[:3]): tuple(row[3:]) for row in engine.execute(CELLS).fetchall()}

    assert ours == theirs
    assert 60 < len(ours) < len(UNITS) * len(GROUPS) * len(DIMENSIONS)


def test_every_score_and_weight_is_that_of_duckdb(folder, engine):
    scored = [row for row in published(folder, "scores.csv") if row["status"] in {"ok", "renormalised"}]
    in_doubt = {row["unit"] for row in published(folder, "scores.csv") if row["status"] == "under_review"}

    theirs = {
        unit: (score, weight) for unit, score, weight in engine.execute(SCORES).fetchall() if unit not in in_doubt
    }

    assert {row["unit"] for row in scored} == set(theirs)
    assert len(scored) >= 4
    for row in scored:
        assert theirs[row["unit"]][0] == pytest.approx(float(Fraction(row["score_exact"])), abs=1e-9)
        assert theirs[row["unit"]][1] == pytest.approx(float(Fraction(row["counted_weight"])), abs=1e-9)


def test_a_ballot_more_is_seen_by_the_recount(folder, engine):
    before = set(engine.execute(CELLS).fetchall())
    engine.execute("begin")
    engine.execute("insert into answers select * replace ('1' as answer) from answers where unit = 'unit-7' limit 1")
    after = set(engine.execute(CELLS).fetchall())
    engine.execute("rollback")

    assert before != after
