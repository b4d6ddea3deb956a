"""Ballots in parts: a province gets the same release, whoever counted what, where, in which order."""

import random
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq
import pytest

from analysis import publish
from analysis.counts import count_part
from analysis.manifest import describe_snapshot
from analysis.parts import count_file, count_here, count_on, open_parts
from analysis.read import batches, open_snapshot
from analysis.release import build_data

from .conftest import Folder, method_data, round_data, run, weighted

FLAGS = [{"code": "burst", "zh": "突增", "excluded": True}, {"code": "same", "zh": "雷同", "excluded": False}]
METHOD = method_data(
    dimension=weighted(attitude="1/2", openness="1/4", promise="1/4", overall="0"),
    group=weighted(citizen="3/5", deputy="2/5"),
    flag=FLAGS,
)
UNITS = ("bureau", "hall", "office")


def province_rows(number: int = 600) -> list[str]:
    """Random ballots of three units, two groups, two channels, with flags, 不了解 and unanswered questions."""
    chance = random.Random(20261125)
    rows = []
    for _ in range(number):
        answers = [chance.choice(["", "0", "1", "2", "3", "4", "5", "5"]) for _ in range(3)]
        keys = [chance.choice(UNITS), chance.choice(["citizen", "deputy"]), chance.choice(["web", "web", "open"])]
        flags = chance.choice(["", "", "", "", "burst", "same", "burst|same"])
        rows.append(",".join([*keys, "2026-05-04", *answers, chance.choice("12345"), flags]))
    return rows


@pytest.fixture
def whole(folder: Folder) -> Path:
    """The province in one file."""
    return folder(province_rows(), METHOD, round_data(UNITS), name="whole", flags=True)


def split(whole: Path, target: Path, parts: int, seed: int) -> Path:
    """The same ballots in parts of random size and order, CSV and Parquet by turns."""
    chance = random.Random(seed)
    header, *rows = (whole / "snapshot" / "ballots.csv").read_text("utf-8").splitlines()
    chance.shuffle(rows)
    cuts = [0, *sorted(chance.sample(range(1, len(rows)), parts - 1)), len(rows)]
    snapshot = target / "snapshot"
    snapshot.mkdir(parents=True)
    for name in ("method.toml", "round.toml"):
        shutil.copy(whole / "snapshot" / name, snapshot)
    for i in range(parts):
        path = snapshot / f"part-{i:02}.csv"
        path.write_text("\n".join([header, *rows[cuts[i] : cuts[i + 1]]]) + "\n", "utf-8")
        if i % 2:
            to_parquet(path)
    return target


def to_parquet(path: Path) -> None:
    """Put a Parquet file of texts and small integers in the place of a CSV."""
    texts = dict.fromkeys(("unit", "group", "channel", "period", "flags"), pa.string())
    levels = dict.fromkeys(("attitude", "openness", "promise", "overall"), pa.int8())
    options = pacsv.ConvertOptions(column_types=texts | levels, strings_can_be_null=False)
    pq.write_table(pacsv.read_csv(path, convert_options=options), path.with_suffix(".parquet"))
    path.unlink()


def release_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("seed", range(3))
def test_sixteen_random_parts_give_the_release_of_the_one_file(whole, tmp_path, seed):
    parts = split(whole, tmp_path / "parts", 16, seed)

    assert run("compute", whole).exit_code == 0
    assert run("compute", parts, "--partitions", "part-*").exit_code == 0

    expected = release_of(whole / "release")
    assert release_of(parts / "release") == expected
    assert len(expected) > 6


def test_a_release_of_parts_can_be_checked(whole, tmp_path):
    parts = split(whole, tmp_path / "parts", 4, 9)
    run("compute", parts, "--partitions", "part-*")

    assert run("check", parts, "--partitions", "part-*").exit_code == 0
    (parts / "snapshot" / "part-00.csv").unlink()
    assert run("check", parts, "--partitions", "part-*").exit_code == 1


def test_every_table_of_the_parts_adds_up_to_the_table_of_the_whole(whole, tmp_path):
    parts = open_parts(split(whole, tmp_path / "parts", 5, 1), "part-*")
    one = open_snapshot(whole)

    counted = [count_file(parts, path) for path in reversed(parts.ballots)]
    total = counted[0] + counted[1] + (counted[2] + counted[3]) + counted[4]
    expected = count_part(batches(one), one.method, one.round)

    for name in ("answers", "pairs", "ballots", "channels"):
        assert (getattr(total.kept, name) == getattr(expected.kept, name)).all()
        assert (getattr(total.marked, name) == getattr(expected.marked, name)).all()
    assert (total.flags == expected.flags).all()
    assert (total.uncounted == expected.uncounted).all()
    assert expected.kept.ballots.sum() + expected.marked.ballots.sum() + expected.uncounted.sum() == 600


def test_flagged_ballots_too_few_in_each_part_are_left_out_where_the_whole_has_enough(folder: Folder, tmp_path):
    rows = [f"hall,citizen,web,2026-05-04,5,5,{flag}" for flag in [""] * 20 + ["burst"] * 12]
    made = folder(rows, method_data(flag=FLAGS[:1]), round_data(), flags=True)
    parts = open_parts(split(made, tmp_path / "parts", 4, 3), "part-*")

    marked = [count_file(parts, path).marked.ballots.sum() for path in parts.ballots]

    assert max(marked) < 10
    assert sum(marked) == 12
    assert count_here(parts).excluded_ballots.tolist() == [12]


def test_districts_with_frozen_folders_of_their_own_are_counted_together(whole, tmp_path):
    parts = split(whole, tmp_path / "parts", 3, 5)
    province, districts = tmp_path / "province", []
    (province / "snapshot").mkdir(parents=True)
    for name in ("method.toml", "round.toml"):
        shutil.copy(whole / "snapshot" / name, province / "snapshot")
    for i, path in enumerate(sorted((parts / "snapshot").glob("part-*"))):
        district = province / f"district-{i}" / "snapshot"
        district.mkdir(parents=True)
        shutil.copy(path, district / f"ballots{path.suffix}")
        shutil.copy(whole / "snapshot" / "method.toml", district)
        files = {p.name: p.read_bytes() for p in district.iterdir()}
        (district / "manifest.json").write_bytes(describe_snapshot(files))
        districts.append(district)

    counted = run("compute", province, "--partitions", "../district-*/snapshot/ballots.*")
    (districts[1] / "ballots.parquet").write_bytes((districts[1] / "ballots.parquet").read_bytes() + b"x")
    changed = run("compute", province, "--partitions", "../district-*/snapshot/ballots.*")

    assert counted.exit_code == 0
    assert build_data(open_snapshot(whole))[0].items() <= release_of(province / "release").items()
    assert changed.exit_code == 2
    assert "ballots.parquet" in changed.output


def test_a_district_that_asked_by_another_method_is_refused(whole, tmp_path):
    district = tmp_path / "district"
    district.mkdir()
    shutil.copy(whole / "snapshot" / "ballots.csv", district)
    (district / "method.toml").write_text((whole / "snapshot" / "method.toml").read_text("utf-8") + "\n", "utf-8")

    refused = run("compute", whole, "--partitions", str(district / "*.csv"))

    assert refused.exit_code == 2
    assert "评议办法" in refused.output
    assert not (whole / "release").exists()


@pytest.mark.parametrize("copy", ["part-99.csv", "part-00.parquet"])
def test_the_same_ballots_under_two_names_are_refused(whole, tmp_path, copy):
    parts = split(whole, tmp_path / "parts", 4, 2) / "snapshot"
    shutil.copy(parts / "part-00.csv", parts / copy)

    refused = run("compute", parts.parent, "--partitions", "part-*")

    assert refused.exit_code == 2
    assert "同一批票" in refused.output
    assert not (parts.parent / "release").exists()


@pytest.mark.parametrize(
    ("pattern", "word"), [("none-*.csv", "none-*.csv"), ("*.toml", ".parquet"), ("part-0[02]*", "")]
)
def test_a_pattern_that_names_no_ballots_is_refused_and_one_that_does_is_not(whole, tmp_path, pattern, word):
    parts = split(whole, tmp_path / "parts", 4, 2)

    done = run("compute", parts, "--partitions", pattern)

    assert done.exit_code == (2 if word else 0)
    assert word in done.output


def test_a_wrong_level_in_a_part_is_named_by_file_and_line(whole, tmp_path):
    parts = split(whole, tmp_path / "parts", 4, 2)
    path = parts / "snapshot" / "part-02.csv"
    path.write_text(path.read_text("utf-8") + "hall,citizen,web,2026-05-04,9,5,5,5,\n", "utf-8")

    refused = run("compute", parts, "--partitions", "part-*")

    assert refused.exit_code == 2
    assert f"part-02.csv 第{len(path.read_text('utf-8').splitlines())}行" in refused.output


def test_parts_that_hold_no_ballot_at_all_are_refused(whole, tmp_path):
    empty = tmp_path / "part-00.csv"
    empty.write_text((whole / "snapshot" / "ballots.csv").read_text("utf-8").splitlines()[0] + "\n", "utf-8")

    refused = run("compute", whole, "--partitions", str(empty))

    assert refused.exit_code == 2
    assert "part-00.csv" in refused.output


@pytest.mark.slow
def test_two_dask_workers_give_the_release_of_the_one_file(whole, tmp_path):
    from distributed import LocalCluster

    parts = split(whole, tmp_path / "parts", 16, 7)
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        counting = count_on(cluster.scheduler_address)
        publish.compute(parts, tmp_path / "there", partitions="part-*", counting=counting)
        broken = parts / "snapshot" / "part-00.csv"
        broken.write_text(broken.read_text("utf-8") + "nobody,citizen,web,2026-05-04,5,5,5,5,\n", "utf-8")
        refused = run("compute", parts, "--partitions", "part-*", "--scheduler", cluster.scheduler_address)
    publish.compute(whole)

    assert release_of(tmp_path / "there") == release_of(whole / "release")
    assert refused.exit_code == 2
    assert "nobody" in refused.output


def test_a_scheduler_that_does_not_answer_is_said_in_one_message(whole, monkeypatch):
    monkeypatch.setattr("analysis.parts.CONNECT_SECONDS", 0.2)

    refused = run("compute", whole, "--scheduler", "tcp://127.0.0.1:9")

    assert refused.exit_code == 2
    assert "127.0.0.1:9" in refused.output
