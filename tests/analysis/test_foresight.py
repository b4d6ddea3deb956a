"""What a plan can show: widths by hand, and the simulation of norms.md §6, made by other hands, as the known answer."""

import json
from fractions import Fraction

import pytest
import tomli_w
from click.testing import CliRunner

from analysis.cli import main
from analysis.facts import Unit
from analysis.foresight import foreseen
from analysis.method import parse_method
from analysis.tomlfile import parse

METHOD = """format = 1
min_n = 10
[[dimension]]
code = "overall"
zh = "总体"
weight = "1"
[[group]]
code = "citizen"
zh = "群众"
weight = "7/10"
[[group]]
code = "enterprise"
zh = "企业"
weight = "3/10"
[[class]]
code = "window"
zh = "窗口"
[[class]]
code = "village"
zh = "村"
[class.weights]
citizen = "1"
"""


@pytest.fixture
def method(tmp_path):
    return parse_method(parse(tmp_path / "method.toml", METHOD.encode()))


def units(count, codes, panel=None, class_code="village"):
    return [Unit(f"u{i}", f"单位{i}", class_code, "", codes, {}, panel or {}) for i in range(count)]


@pytest.mark.parametrize(
    ("n", "half_width", "not_apart"), [(30, 7.5, 1.0), (100, 4.1, 0.999), (300, 2.4, 0.996), (1000, 1.3, 0.983)]
)
def test_forty_units_are_as_wide_and_as_alike_as_the_published_simulation_says(method, n, half_width, not_apart):
    row = foreseen(method, "village", units(40, {"citizen": n}))[0]

    assert (row.units, row.scored, row.n) == (40, 40, n)
    assert row.half_width == pytest.approx(half_width, abs=0.8)  # smoothing widens small samples: 8.2 at 30
    assert 1 - row.apart == pytest.approx(not_apart, abs=0.006)


def test_the_width_of_one_group_is_wilson_on_the_smoothed_reference_by_hand(method):
    # mean 0.875, variance 0.043075; n 100: mean~ 0.871287, spread 0.046503, V 0.00046043, n_eff 243.57, Wilson at 0.875
    row = foreseen(method, "village", units(2, {"citizen": 100}))[0]

    assert row.half_width == pytest.approx(4.1620, abs=0.0005)


def test_a_share_of_the_codes_that_falls_below_the_minimum_leaves_no_score_and_no_width(method):
    whole, half, fifth = foreseen(method, "village", units(3, {"citizen": 20}))

    assert (whole.scored, half.scored, fifth.scored) == (3, 3, 0)
    assert (half.n, fifth.n, fifth.half_width, fifth.apart) == (10, 0, None, None)
    assert fifth.returned == Fraction(1, 5)


def test_a_group_without_codes_is_left_out_until_too_little_weight_is_left(method):
    citizens = foreseen(method, "window", units(2, {"citizen": 50}, class_code="window"))[0]
    enterprises = foreseen(method, "window", units(2, {"enterprise": 50}, class_code="window"))[0]

    assert (citizens.scored, enterprises.scored) == (2, 0)  # 7/10 of the weight is enough, 3/10 is not


def test_a_panel_asked_whole_has_no_interval_and_its_units_are_told_apart_exactly(method):
    row = foreseen(method, "village", units(3, {"citizen": 20}, {"citizen": 20}))[0]

    assert (row.half_width, row.apart) == (None, 1.0)


def test_one_unit_alone_has_a_width_and_no_ranks(method):
    row = foreseen(method, "village", units(1, {"citizen": 20}))[0]

    assert row.half_width > 5
    assert row.apart is None


def test_the_command_prints_the_same_as_json_and_refuses_a_broken_plan(tmp_path):
    facts = {"format": 1, "code": "p", "name": "计划", "instrument": "campaign"}
    facts |= {"opens_on": "2026-10-09", "closes_on": "2026-11-30"}
    rated = [{"slug": f"v{i}", "zh": f"村{i}", "class": "village", "codes_issued": {"citizen": 100}} for i in range(2)]
    noise = [{"slug": "w", "zh": "窗口", "class": "window"}]
    (tmp_path / "method.toml").write_text(METHOD, "utf-8")
    (tmp_path / "round.toml").write_text(tomli_w.dumps({**facts, "unit": rated + noise}), "utf-8")

    done = CliRunner().invoke(main, ["foresee", str(tmp_path)])
    found = json.loads(done.output)
    assert list(found) == ["window", "village"]
    assert [row["scored"] for row in found["window"]] == [0, 0, 0]
    assert found["village"][0] | {"apart": 0} == {
        "returned": "1",
        "units": 2,
        "scored": 2,
        "n": 100,
        "half_width": 4.1618,
        "apart": 0,
    }

    (tmp_path / "method.toml").write_text(METHOD.replace('"7/10"', '"8/10"'), "utf-8")
    refused = CliRunner().invoke(main, ["foresee", str(tmp_path)])
    assert refused.exit_code == 2
    assert "11/10" in refused.output
