"""Charts: real text, a title and a description, nothing told by colour alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from analysis import charts
from analysis.read import open_snapshot
from analysis.release import build_data

from .conftest import EVIL, Folder, ballots, round_data, run
from .district import make_district
from .full_model import full

NAME = "{http://www.w3.org/2000/svg}"
KINDS = ("scores", "levels", "dimensions", "funnel", "trend")


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A district's release.json with every table filled."""
    folder = make_district(tmp_path_factory.mktemp("charts") / "round")
    return full(build_data(open_snapshot(folder))[1])


@pytest.fixture(scope="module")
def drawn(model: Mapping[str, Any]) -> dict[str, bytes]:
    """All its charts."""
    return charts.render(model)


def texts(svg: bytes) -> list[str]:
    """The words in a picture that can be read, searched and read aloud."""
    return [node.text or "" for node in ElementTree.fromstring(svg).iter(f"{NAME}text")]  # noqa: S314 (our own)


def description(svg: bytes) -> str:
    """What is read aloud in place of the picture."""
    title, told = list(ElementTree.fromstring(svg))[:2]  # noqa: S314 (our own)
    assert (title.tag, told.tag) == (f"{NAME}title", f"{NAME}desc")
    return told.text


def test_every_class_has_its_charts_and_the_round_one_of_its_respondents(drawn):
    window = {f"charts/{kind}-window.svg" for kind in KINDS}
    assert window | {"charts/composition.svg"} <= set(drawn)
    assert {"charts/scores-enforcement.svg", "charts/scores-village.svg"} <= set(drawn)
    assert not [name for name in drawn if "unused" in name]


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_says_in_words_what_it_shows(drawn, model, kind):
    svg = drawn[f"charts/{kind}-window.svg"]
    told = description(svg)
    assert any("窗口服务" in text for text in texts(svg))
    row = next(row for row in model["scores"] if row["unit"] == "w7")
    assert "不动产登记中心" in told
    if kind in ("scores", "funnel"):
        assert f"不动产登记中心{row['score']:.2f}分" in told.replace(f"{row['n']}张", "")


def test_a_tier_is_a_shape_and_a_word_too(drawn):
    shapes = {
        node.get("d")
        for node in ElementTree.fromstring(drawn["charts/scores-window.svg"]).iter(f"{NAME}path")  # noqa: S314 (our own)
        if node.get("fill") in ("#0b5a63", "#874308", "#174a8c")
    }
    assert len(shapes) == 4  # above, below, review and the rest
    assert "低于平均" in description(drawn["charts/scores-window.svg"])


def test_a_level_is_its_digit_and_its_share_is_written_inside(drawn):
    found = texts(drawn["charts/levels-window.svg"])
    assert {"5 非常满意", "1 非常不满意"} <= set(found)
    assert len([text for text in found if text.isdigit()]) > 9


def test_a_cell_of_the_heat_map_holds_its_number(drawn, model):
    [pct] = [
        row["satisfied_pooled_pct"]
        for row in model["dimensions"]
        if (row["unit"], row["dimension"]) == ("w7", "attitude")
    ]
    assert f"{pct:.1f}" in texts(drawn["charts/dimensions-window.svg"])


def test_the_funnel_names_only_units_outside_its_limits(drawn, model):
    names = {unit["slug"]: unit["zh"] for unit in model["units"]}
    outside = {names[row["unit"]] for row in model["funnel"] if row["outside"]}
    assert outside
    assert set(texts(drawn["charts/funnel-window.svg"])) & set(names.values()) == outside


def test_an_axis_that_is_cut_says_where_it_begins(drawn):
    assert any(text.startswith("得分（横轴从60分起") for text in texts(drawn["charts/scores-enforcement.svg"]))
    assert any(text.startswith("得分（纵轴从") for text in texts(drawn["charts/funnel-window.svg"]))


def test_the_trend_draws_comparable_rounds_only_and_names_what_moved(drawn):
    found = texts(drawn["charts/trend-window.svg"])
    assert {"公安户政服务大厅", "不动产登记中心"} <= set(found)
    assert "社会保险服务中心" not in description(drawn["charts/trend-window.svg"]).split("2026-h1")[0]


def test_two_processes_draw_the_same_bytes_as_one(drawn, model):
    assert charts.render(model, jobs=2) == drawn


def test_names_are_text_in_a_picture(varied: Path):
    svg = (varied / "release" / "charts" / "scores-window.svg").read_bytes()
    assert "不动产登记中心" in texts(svg)
    assert EVIL in texts(svg)


def test_two_units_of_one_name_have_a_row_each_in_the_chart(folder: Folder):
    units = [{"slug": slug, "zh": "便民中心", "class": "window"} for slug in ("east", "west")]
    made = folder(ballots({(s, "citizen", "5", "4"): 12 for s in ("east", "west")}), facts=round_data(units))
    assert run("compute", made).exit_code == 0
    svg = (made / "release" / "charts" / "scores-window.svg").read_text(encoding="utf-8")
    assert "便民中心（east）" in svg
    assert "便民中心（west）" in svg
