"""The pages beside the round's own: what each says of a release in which every table has rows."""

from typing import Any

import markdown
import pytest

from analysis import notice, pages, sentences, workbook
from analysis.read import open_snapshot
from analysis.release import build_data

from .district import make_district
from .full_model import full
from .test_pages import Reader

FILES = frozenset({"charts/composition.svg", *(f"charts/{k}-window.svg" for k in ("scores", "funnel", "trend"))})


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A district's release.json with every table filled."""
    folder = make_district(tmp_path_factory.mktemp("annexes") / "round")
    return full(build_data(open_snapshot(folder))[1])


@pytest.fixture(scope="module")
def made(model: dict[str, Any]) -> dict[str, bytes]:
    """All its pages."""
    return pages.render(pages.Release(model, digest="d" * 64, published_on="2026-07-15"), FILES)


@pytest.fixture(scope="module")
def said(made: dict[str, bytes]) -> dict[str, str]:
    """Their words."""
    return {name: Reader(content.decode().split("---\n", 2)[2]).text for name, content in made.items()}


def test_every_annex_is_sound_html_that_markdown_leaves_alone(made):
    assert {"changes.md", "rules.md", "integrity.md", "sensitivity.md", "commitments.md"} <= set(made)
    for name, content in made.items():
        body = content.decode().split("---\n", 2)[2]
        page = Reader(body)
        assert (page.open, page.wrong) == ([], []), name
        assert markdown.markdown(body, extensions=["tables", "attr_list", "md_in_html"]).strip() == body.strip(), name


def test_a_class_stands_in_tiers_in_words_and_signs_without_a_place_of_its_own(said):
    text = said["index.md"]
    order = [text.index(words) for words in ("▲高于平均（2个）", "●与平均无显著差异（4个）", "▼低于平均（2个）")]
    assert order == sorted(order)
    assert "◇档次待核（1个）" in text
    assert "其中2个高于平均，4个与平均无显著差异，2个低于平均，1个档次待核" in text
    assert "与上一轮相比，1个明显上升，1个明显下降，其余未见显著变化" in text


def test_a_change_has_a_number_only_where_the_rounds_can_be_compared(said):
    assert "比上一轮−5.10分，明显下降" in said["index.md"]
    assert "比上一轮口径变化，不可比" in said["index.md"]
    assert "比上一轮上一轮没有评这个单位" not in said["changes.md"]
    assert "−7.10至−3.10" in said["changes.md"]
    assert "下属单位合起来" in said["changes.md"]


def test_a_unit_reads_what_its_score_means_beside_the_others(said):
    text = said["scores/w7.md"]
    assert "本类其他8个有得分的单位平均" in text
    assert "所以在“低于平均”一档" in text
    assert "99%以上" in text
    assert "档次会变，核实以前不定档" in said["scores/w5.md"]
    assert "数据分不出高低" in said["scores/w3.md"]


def test_a_rule_shows_the_exact_share_and_is_no_verdict(said):
    text = said["rules.md"]
    assert "36.4%（120／330）" in text
    assert "达到1/3" in text
    assert "! 达到，应当复核" in text
    assert "样本不足，不判定" in text
    assert "没有可认定的末位" in text
    assert "达到规则只是提请复核，不是结论" in text


def test_what_was_checked_and_what_can_be_found_is_said_in_words(said):
    text = said["integrity.md"]
    assert "某一周票数突然增多：查了9个单位，1个提请复核" in text
    assert "快截止时集中：查了9个单位，未见异常" in text
    assert "2026年5月25日起的一周" in text
    assert "200张票的单位，一周里塞进20张，一百次里查出99次" in text
    assert "查不出" in text
    assert "比计划多" in text


def test_only_tiers_that_depend_on_the_method_are_listed(said):
    text = said["sensitivity.md"]
    assert "只看前两级的比例" in text
    assert "无显著差异→高于平均" in text
    assert "剔除有标记的票（hurry）" in text
    assert text.count("社会保险服务中心") == 1


def test_kept_promises_and_everyday_ratings_stand_apart_and_contradictions_are_named(said):
    text = said["commitments.md"]
    assert "96.0%" in text
    assert "不足最少次数，不公布" in text
    assert "承诺兑现得好，满意率却低" in text
    assert "从不混在一起" in text


def test_every_chart_has_the_same_numbers_in_a_table(said, model):
    text = said["figures.md"]
    row = next(row for row in model["funnel"] if row["unit"] == "w7")
    for number in (row["score"], row["low95"], row["high998"]):
        assert f"{number:.1f}" in text or f"{number:.2f}" in text
    assert text.count("按票数算的偶然范围") == 1


def test_a_release_without_such_figures_has_no_empty_pages(model):
    bare = model | {name: [] for name in ("rules", "changes", "series", "trend", "sensitivity", "integrity", "power")}
    bare |= {name: [] for name in ("composition", "kept_rates", "everyday", "disagreement")}
    made = pages.render(pages.Release(bare, digest="d" * 64, published_on="2026-07-15"), frozenset())
    assert {name for name in made if "/" not in name} == {"index.md", "method.md", "withheld.md"}
    assert 'href="rules/"' not in made["index.md"].decode()


def test_the_notice_says_the_same_as_the_page(model):
    paper = notice.render_notice(model, "d" * 64, notice.Issue())
    assert notice.compare("x", paper, model, "d" * 64).differ == []


def test_the_notice_of_other_tiers_is_found(model):
    paper = notice.render_notice(model, "d" * 64, notice.Issue())
    scores = [row | ({"tier": "average"} if row["unit"] == "w8" else {}) for row in model["scores"]]
    found = notice.compare("x", paper, model | {"scores": scores}, "d" * 64).differ
    assert any("医疗保障服务中心" in zh for zh, _ in found)


def test_a_workbook_of_all_tables_is_the_same_twice(model):
    assert workbook.render(model, "d" * 64) == workbook.render(model, "d" * 64)


def test_what_was_left_out_is_not_among_what_a_unit_held_back_is_said_to_have(model):
    held = {"status": "under_review", "n": 51, "withheld": 0, "not_counted": {"flags": {"upheld": 47}}}
    assert sentences.reason(model, held).startswith("剔除以后计入51张，其中有存疑的票")
    assert sentences.reason(model, held | {"not_counted": {"flags": {"upheld": 0}}}).startswith("收到51张，")


def test_a_rush_at_the_end_is_said_to_be_of_the_last_two_weeks(model):
    rush = {"test": "T4", "detail": "2026-06-15", "verdict": "flagged", "observed": 30, "of": 60, "expected_pct": 10}
    other = model["units"][0]["slug"]
    found = model | {"integrity": [*model["integrity"], rush | {"unit": other, "tests": 9}]}
    page = pages.render(pages.Release(found, digest="d" * 64, published_on="2026-07-15"), FILES)[
        "integrity.md"
    ].decode()
    assert "2026年6月15日起的最后两周" in page
    assert "2026年5月25日起的一周" in page
