"""How often promises were kept, from figures written by hand to every page that shows them."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from survey_app.domain.errors import BadInput
from survey_app.publishing.book import read_book
from survey_app.publishing.checks import check_pages, errors
from survey_app.publishing.keptrates import COLUMNS, publish_kept_rates
from survey_app.publishing.outputs.extras import affected
from survey_app.publishing.outputs.opendata import LISTS, as_csv, as_json
from survey_app.publishing.pages import parse_page
from survey_app.publishing.render import render_pages
from survey_app.publishing.rounds import write_round_page
from tests.pages.page_trees import COMMITMENT, COMMITMENT_PATH, METHOD, PROCEDURE_PATH, ROUND, UNIT_PATH, Tree

KEPT = "commitments/kept.md"
SECOND = "units/dengji/commitments/paidui.md"
# chuzheng: 33 of 35 who could judge, 94.3 %; paidui: too few; gone: no such commitment; ~all: analysis' sum.
ROWS = [
    "dengji,guohu,chuzheng,35,33,2,4,94.3,81.4,98.4,ok",
    "dengji,,paidui,,,,,,,,insufficient_n",
    "dengji,,gone,12,12,0,0,100.0,75.8,100.0,ok",
    "dengji,~all,~all,35,33,2,4,94.3,81.4,98.4,ok",
]


@pytest.fixture
def pages(tree: Tree, put: Callable[[Tree], Path]) -> Path:
    tree[SECOND] = {**{k: v for k, v in COMMITMENT.items() if k != "procedure"}, "title": "排队不超过20分钟"}
    return put(tree)


def write_rates(pages: Path, month: str = "2026-11", rows: list[str] = ROWS, head: str = ",".join(COLUMNS)) -> None:
    folder = pages / "results" / f"everyday-{month}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kept_rates.csv").write_text("\n".join([head, *rows]) + "\n", "utf-8")


def test_before_the_first_month_every_page_says_that_there_are_no_data(pages):
    render_pages(pages)

    for path in (UNIT_PATH, COMMITMENT_PATH, PROCEDURE_PATH):
        assert "暂无数据" in (pages / path).read_text("utf-8")


def test_the_figures_stand_with_number_and_month_where_the_promise_stands(pages):
    write_rates(pages)
    assert publish_kept_rates(pages, "2026-11")
    render_pages(pages)
    unit, commitment, procedure = ((pages / p).read_text("utf-8") for p in (UNIT_PATH, COMMITMENT_PATH, PROCEDURE_PATH))

    for page in (unit, commitment):
        assert '<b>94.3%</b> <small class="p-quiet">35人里33人说做到，2026年11月</small>' in page
    assert "兑现率：94.3%（35人，2026年11月）" in procedure
    assert '<span class="p-tag">人太少，不公布</span>' in unit


def test_the_page_of_all_rates_shows_the_range_and_withholds_what_is_too_small(pages):
    write_rates(pages)
    publish_kept_rates(pages, "2026-11")
    text = (pages / KEPT).read_text("utf-8")
    page = parse_page(KEPT, text.encode())

    assert [row["commitment"] for row in page.data["rates"]] == ["chuzheng", "paidui"]
    assert "judged" not in page.data["rates"][1]
    assert "81.4%至98.4%" in text
    assert "2026年11月2日至2026年12月6日" in text
    assert errors(check_pages(pages)) == []


def test_the_open_data_hold_the_same_figures_in_words_of_the_schema(pages):
    write_rates(pages)
    publish_kept_rates(pages, "2026-11")
    [kept] = [each for each in LISTS if each.name == "kept"]
    rows = list(kept.rows(read_book(pages)))
    [head, first, second] = csv.reader(as_csv(kept, rows).decode("utf-8-sig").splitlines())

    assert dict(zip(head, first, strict=True))["兑现率"] == "94.3"
    assert dict(zip(head, first, strict=True))["单位名称"] == "登记中心"
    assert dict(zip(head, second, strict=True))["兑现率"] == ""
    assert json.loads(as_json(rows))[0]["judged"] == 35


def test_rendering_again_changes_nothing(pages):
    write_rates(pages)
    publish_kept_rates(pages, "2026-11")
    render_pages(pages)
    before = (pages / KEPT).read_bytes()

    assert publish_kept_rates(pages, "2026-11")
    assert render_pages(pages) == []
    assert (pages / KEPT).read_bytes() == before


def test_a_month_settled_late_never_takes_the_place_of_a_later_one(pages):
    write_rates(pages, "2026-12", [ROWS[0].replace("94.3", "91.4")])
    write_rates(pages, "2026-11")

    assert publish_kept_rates(pages, "2026-12")
    assert not publish_kept_rates(pages, "2026-11")
    assert "91.4%" in (pages / KEPT).read_text("utf-8")


def test_a_month_without_figures_leaves_the_page_as_it_is(pages):
    assert not publish_kept_rates(pages, "2026-11")
    assert not (pages / KEPT).exists()


@pytest.mark.parametrize(
    "how",
    [
        {"head": "unit,commitment,kept"},
        {"rows": ["dengji,guohu,chuzheng,35,33,2,4,many,81.4,98.4,ok"]},
        {"rows": ["dengji,guohu,chuzheng,35,33,2,4,94.3,81.4,98.4,fine"]},
    ],
)
def test_figures_of_another_shape_are_refused_and_the_page_is_not_written(pages, how):
    write_rates(pages, **how)
    with pytest.raises(BadInput, match=r"kept_rates\.csv"):
        publish_kept_rates(pages, "2026-11")

    assert not (pages / KEPT).exists()


def test_new_figures_touch_every_page_that_may_show_them(pages):
    write_rates(pages)
    publish_kept_rates(pages, "2026-11")

    assert {UNIT_PATH, COMMITMENT_PATH, PROCEDURE_PATH} <= affected(read_book(pages), KEPT)


def test_months_of_everyday_ratings_are_never_listed_among_rounds(pages):
    data = "---\nkind: round\ntitle: 2026年11月好差评\ncode: everyday-2026-11\nstatus: published\n"
    data += f"opens_on: '2026-11-02'\ncloses_on: '2026-12-06'\nmethod_sha256: {'a' * 64}\n---\n"
    write_rates(pages)
    (pages / "results/everyday-2026-11/index.md").write_text(data, "utf-8")
    book = read_book(pages)

    assert [page.slug for page in book.months()] == ["everyday-2026-11"]
    assert "everyday-2026-11" not in [page.slug for page in book.rounds()]


def test_units_and_procedures_always_offer_the_everyday_rating_and_the_round_only_while_it_is_open(pages):
    render_pages(pages)
    unit, procedure = ((pages / path).read_text("utf-8") for path in (UNIT_PATH, PROCEDURE_PATH))

    assert 'href="../../rate/service/dengji"' in unit
    assert 'href="../../../../rate/service/dengji/guohu"' in procedure
    assert "r?unit=" not in unit + procedure

    write_round_page(pages, ROUND, METHOD)
    render_pages(pages)
    for path in (UNIT_PATH, PROCEDURE_PATH):
        text = (pages / path).read_text("utf-8")
        assert "r?unit=dengji" in text
        assert "rate/service/dengji" in text
