"""Before a table with totals is published, the office sees which hidden numbers the others give away."""

import json
from pathlib import Path

import pytest

from analysis.earlier import read_release
from analysis.errors import BadInput
from analysis.privacy import privacy_report, remainder_ranges

from .conftest import Folder, ballots, method_data, run, table, weighted

pytestmark = pytest.mark.usefixtures("figures_only")

# The known answer of method.md §6: with only the small cells hidden, the totals give both away.
DISCLOSED = "位置,很满意,满意,基本满意,不满意\n东,120,30,14,(3)\n南,80,22,(4),12\n西,60,18,11,9\n"
SAFE = "位置,很满意,满意,基本满意,不满意\n东,120,30,(14),(3)\n南,80,22,(4),(12)\n西,60,18,11,9\n"


def write(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "表.csv"
    path.write_text(text, encoding)
    return path


def test_cells_that_totals_disclose_are_listed_and_the_command_leaves_with_one(tmp_path):
    done = run("audit", write(tmp_path, DISCLOSED))
    assert done.exit_code == 1
    assert done.output.splitlines() == ["东，不满意：只可能是3到3", "南，基本满意：只可能是4到4"]


def test_a_table_with_two_more_cells_hidden_gives_nothing_away(tmp_path):
    done = run("audit", write(tmp_path, SAFE))
    assert (done.exit_code, done.output.strip()) == (0, "没有推算得出的格")
    # Every range of the known answer is 15 wide.
    assert run("audit", write(tmp_path, SAFE), "--min-n", 16).exit_code == 1


def test_a_byte_order_mark_from_excel_is_forgiven(tmp_path):
    assert run("audit", write(tmp_path, SAFE, "utf-8-sig")).exit_code == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("位置,好\n东,3.5\n", "第2行"),
        ("位置,好\n东,-3\n", "第2行"),
        ("位置,好,差\n东,1,(2)\n西,1\n", "第3行"),
        ("位置,好\n", "第1行"),
        ("", "第1行"),
    ],
)
def test_what_is_no_table_is_refused_with_its_line(text, says, tmp_path):
    done = run("audit", write(tmp_path, text))
    assert done.exit_code == 2
    assert says in done.stderr, done.stderr


def test_a_release_that_was_written_passes_its_audit(folder: Folder):
    counts = {("hall", "citizen", "5", "5"): 30, ("hall", "enterprise", "4", "4"): 7, ("hall", "deputy", "3", "3"): 6}
    groups = weighted(citizen="1/2", enterprise="1/4", deputy="1/4")
    made = folder(ballots(counts), method_data(group=groups, min_weight="1/2"))
    assert run("compute", made).exit_code == 0
    assert [row["group"] for row in table(made, "counts.csv")].count("~rest") == 2
    # 13 answers of two groups of at most nine each: 4 to 9 in either.
    assert {(low, high) for *_, low, high in remainder_ranges(read_release(made))} == {(4, 9)}
    assert run("audit", made).exit_code == 0


def test_a_remainder_of_eighteen_in_two_groups_says_nine_and_nine(folder: Folder, monkeypatch):
    """Such a row is never written; the audit would find it in a release that somebody made otherwise."""
    counts = {("hall", "citizen", "5", "5"): 30, ("hall", "enterprise", "4", "4"): 9, ("hall", "deputy", "3", "3"): 9}
    groups = weighted(citizen="1/2", enterprise="1/4", deputy="1/4")
    made = folder(ballots(counts), method_data(group=groups, min_weight="1/2"))
    assert run("compute", made).exit_code == 0
    assert "~rest" not in [row["group"] for row in table(made, "counts.csv")]
    monkeypatch.setattr("analysis.disclosure._tells_one", lambda *_: False)
    done = run("compute", made)
    assert (done.exit_code, "remainders" in done.stderr) == (2, True)


def checks(made: Path) -> dict[str, dict[str, object]]:
    report = json.loads((made / "release" / "privacy.json").read_bytes())
    return {check["check"]: check for check in report["checks"]}


def test_the_report_says_by_how_few_ballots_two_versions_differ(folder: Folder):
    first = folder(ballots({("hall", "citizen", "5", "5"): 30, ("hall", "citizen", "1", "1"): 25}), name="first")
    again = folder(ballots({("hall", "citizen", "5", "5"): 30, ("hall", "citizen", "1", "1"): 11}), name="again")
    assert run("compute", first).exit_code == 0
    assert run("compute", again, "--released", first).exit_code == 0
    assert checks(first)["versions"]["found"] is None
    assert checks(again)["versions"]["found"] == 14


def test_a_shown_way_of_counting_that_moves_five_ballots_stops_the_release(folder: Folder):
    made = folder(ballots({("hall", "citizen", "5", "5"): 30}))
    assert run("compute", made).exit_code == 0
    counted = read_release(made)
    line = {"status": "ok", "ballots_changed": 5}
    tables = {"counts.csv": [{"answered": 30}], "sensitivity.csv": [line]}
    with pytest.raises(BadInput, match="lines"):
        privacy_report(counted, tables, ())
    assert privacy_report(counted, tables | {"sensitivity.csv": [line | {"ballots_changed": 10}]}, ())["checks"]
