"""Bodies follow the data, and nothing else moves."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from survey_app.config import Settings
from survey_app.domain.errors import BadInput
from survey_app.publishing import check_pages, check_rendered, render_pages, seed_pages, write_round_page
from survey_app.publishing.checks import errors
from survey_app.publishing.words import href, limit, moment, prose, saved, thousands, visits, workdays
from tests.pages.page_trees import (
    BLOCK_PATH,
    CATALOGUE_PATH,
    COMMITMENT_PATH,
    ITEM_PATH,
    METHOD,
    NOTICE_PATH,
    PROCEDURE_PATH,
    REPORT_PATH,
    ROUND,
    TODAY,
    UNIT_PATH,
    Tree,
)

Put = Callable[[Tree], Path]


def rendered(put: Put, tree: Tree) -> Path:
    pages = put(tree)
    render_pages(pages)
    return pages


def test_rendering_a_second_time_changes_nothing(put: Put, tree: Tree) -> None:
    pages = put(tree)
    assert len(render_pages(pages)) == 15
    assert check_rendered(pages) == []
    assert render_pages(pages) == []


def test_front_matter_stays_byte_for_byte(put: Put, tree: Tree) -> None:
    pages = put(tree)
    file = pages / PROCEDURE_PATH
    odd = file.read_bytes().replace(b"\nlegal_limit_days: 30\n", b"\n# from the law\nlegal_limit_days:   30\n")
    file.write_bytes(odd)
    render_pages(pages)
    assert file.read_bytes().startswith(odd)


def test_a_windows_file_keeps_its_line_ends_in_the_front_matter(put: Put, tree: Tree) -> None:
    pages = put(tree)
    odd = (pages / UNIT_PATH).read_bytes().replace(b"\n", b"\r\n")
    (pages / UNIT_PATH).write_bytes(odd)
    render_pages(pages)
    assert (pages / UNIT_PATH).read_bytes().startswith(odd)
    assert render_pages(pages) == []


def test_a_changed_promise_changes_every_page_that_tells_of_it_and_no_other(put: Put, tree: Tree) -> None:
    pages = rendered(put, tree)
    file = pages / PROCEDURE_PATH
    file.write_text(file.read_text().replace("promised_limit_days: 5", "promised_limit_days: 3"))
    changed = {path.relative_to(pages).as_posix() for path in render_pages(pages)}
    assert changed == {PROCEDURE_PATH, UNIT_PATH, "procedures/index.md"}


def test_a_body_has_no_blank_and_no_indented_line(put: Put, tree: Tree) -> None:
    for file in rendered(put, tree).rglob("*.md"):
        body = file.read_text().split("\n---\n", 1)[1].strip("\n")
        assert all(line == line.strip() != "" for line in body.splitlines()) or not body


def test_a_procedure_says_what_it_spares_in_words(put: Put, tree: Tree) -> None:
    body = (rendered(put, tree) / PROCEDURE_PATH).read_text()
    assert "<b>5个工作日</b><small>法定30个工作日，少用25个工作日</small>" in body
    assert '<b>材料不齐：</b>一次性告知。<span class="p-quiet">　回到第1步：收件</span>' in body
    assert 'href="../../commitments/chuzheng/"' in body or "commitments/chuzheng/" in body


def test_a_unit_can_be_rated_only_while_a_round_is_open(put: Put, tree: Tree) -> None:
    pages = rendered(put, tree)
    assert "r?unit=dengji" not in (pages / UNIT_PATH).read_text()
    write_round_page(pages, ROUND, METHOD)
    render_pages(pages)
    assert 'href="../../r?unit=dengji"' in (pages / UNIT_PATH).read_text()
    assert '<form method="post" action="r">' in (pages / "index.md").read_text()


def test_authors_text_cannot_become_html_or_a_script_link(put: Put, tree: Tree) -> None:
    tree[UNIT_PATH]["summary"] = "<script>alert(1)</script>"
    tree[NOTICE_PATH]["text"] = (
        "<img src=x onerror=alert(1)>\n\n[点](javascript:alert(1)) [好](https://example.com/) [单位](/units/)"
    )
    pages = rendered(put, tree)
    unit, notice = (pages / UNIT_PATH).read_text(), (pages / NOTICE_PATH).read_text().split("\n---\n", 1)[1]
    assert "&lt;script&gt;" in unit.split("\n---\n", 1)[1]
    assert "<script" not in unit.split("\n---\n", 1)[1]
    assert "<img" not in notice
    assert "javascript" not in notice
    assert '<a href="https://example.com/">' in notice
    assert '<a href="../../units/">单位</a>' in notice


def test_a_table_in_a_notice_scrolls_by_itself() -> None:
    made = prose("| 年 | 数 |\n| --- | --- |\n| 2026 | 3 |")
    assert made.startswith('<div class="p-scroll" tabindex="0"')
    assert '<th scope="col">' in made


def test_a_superseded_notice_points_to_the_new_one(put: Put, tree: Tree) -> None:
    new = {**tree[NOTICE_PATH], "index_no": "2", "published_on": "2026-11-09", "supersedes": "2026-11-03-zhouliu"}
    tree["notices/2026-11-09-xin.md"] = {**new, "issued_on": "2026-11-09"}
    pages = rendered(put, tree)
    assert 'href="../../notices/2026-11-09-xin/"' in (pages / NOTICE_PATH).read_text()
    assert 'href="../../notices/2026-11-03-zhouliu/"' in (pages / "notices/2026-11-09-xin.md").read_text()


def test_figures_are_said_as_people_say_them() -> None:
    assert (workdays(0), workdays(5), visits(0), visits(2)) == ("当场办结", "5个工作日", "不用跑", "2趟")
    assert saved({"legal_limit_days": 5, "promised_limit_days": 5}) == "法定5个工作日"
    assert saved({"legal_limit_days": 0, "promised_limit_days": 0}) == ""
    limits = [(5, "工作日"), (0, "趟"), (95, "%"), (1.5, "小时"), (30.0, "分钟")]
    assert [limit({"value": v, "unit": u}) for v, u in limits] == ["5个工作日", "不用跑", "95%", "1.5小时", "30分钟"]


def test_the_page_of_a_round_tells_weights_scale_and_that_nobody_sees_a_score(put: Put, tree: Tree) -> None:
    pages = put(tree)
    file = write_round_page(pages, ROUND, METHOD)
    text = file.read_text()
    assert check_pages(pages, TODAY) == []
    assert "谁都看不到得分" in text
    assert all(word in text for word in ("服务态度", "1/3", "群众", "100%", "基本满意", "60", "70%", "method.toml"))
    assert (file.parent / "method.toml").read_bytes() == METHOD


def test_the_page_of_a_round_names_a_class_in_which_groups_weigh_otherwise(put: Put, tree: Tree) -> None:
    village = '[[class]]\ncode = "village"\nzh = "村社区"\n[class.weights]\ncitizen = "1"\n'
    method = METHOD.rstrip() + f"\n{village}".encode()
    facts = {**ROUND, "method_sha256": hashlib.sha256(method).hexdigest()}

    page = write_round_page(put(tree), {**facts, "units": 5}, method).read_text()
    assert "村社区类的权重不同：群众100%。" in page
    # the method's classes are not those of the units rated: five units may lie in two of its seven
    assert re.search(r"评5个单位。评议办法把单位分成\d类：.*村社区。同一类", page)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"method_sha256": "0" * 64}, "指纹不同"),
        ({"status": "soon"}, "“soon”不在可选的里面"),
        ({"code": "A b"}, "写法不对"),
    ],
)
def test_wrong_facts_of_a_round_write_nothing(tmp_path: Path, change: dict[str, str], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        write_round_page(tmp_path, {**ROUND, **change}, METHOD)
    assert list(tmp_path.iterdir()) == []


def test_a_new_portal_gets_the_sample_pages_once(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, pages=tmp_path / "pages")
    assert seed_pages(settings)
    (settings.pages / "index.md").write_text("mine")
    assert not seed_pages(settings)
    assert (settings.pages / "index.md").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["pages"]


def test_a_commitment_names_its_procedure(put: Put, tree: Tree) -> None:
    body = (rendered(put, tree) / COMMITMENT_PATH).read_text()
    assert 'href="../../../../units/dengji/procedures/guohu/">二手房过户</a>' in body


def body_of(pages: Path, path: str) -> str:
    return (pages / path).read_text("utf-8").split("\n---\n", 1)[1]


def test_the_duty_board_says_who_is_there_and_who_stands_in(put: Put, tree: Tree) -> None:
    tree[UNIT_PATH]["duty_at"] = "2026-11-24 09:52"
    tree[UNIT_PATH]["windows"] = [
        {"number": "1号", "business": "过户", "person": "周静", "post": "登记员", "staff_no": "017", "state": "on"},
        {"number": "2号", "business": "抵押", "person": "马文涛", "state": "away", "back_at": "10:40"},
        {"number": "3号", "business": "查询", "person": "何敏", "state": "out", "stand_in": "周静"},
    ]
    body = body_of(rendered(put, tree), UNIT_PATH)
    assert "今天谁在岗" in body
    assert "11月24日9:52更新" in body
    assert "周静（登记员，工号017）" in body
    assert '<span class="p-state">在岗</span>' in body
    assert '<span class="p-state p-state--away">暂离，10:40回</span>' in body
    assert '<span class="p-state p-state--off">外出，周静代</span>' in body


def test_a_board_without_states_claims_nothing_about_today(put: Put, tree: Tree) -> None:
    tree[UNIT_PATH]["windows"] = [{"number": "1号", "business": "过户", "person": "周静"}]
    body = body_of(rendered(put, tree), UNIT_PATH)
    assert "窗口安排" in body
    assert "今天" not in body
    assert "在岗" not in body


def test_a_commitment_nobody_rated_has_no_kept_rate_and_is_not_called_kept(put: Put, tree: Tree) -> None:
    pages = rendered(put, tree)
    for path in (UNIT_PATH, COMMITMENT_PATH):
        assert '<span class="p-tag">暂无数据</span>' in body_of(pages, path)
    assert "100%" not in body_of(pages, UNIT_PATH)


def test_former_names_and_merged_units_are_told_on_both_pages(put: Put, tree: Tree) -> None:
    tree[UNIT_PATH]["former_names"] = [{"name": "房产交易所", "until_on": "2019-12-31"}]
    gone = {"kind": "unit", "title": "房管所", "updated_on": "2026-07-01", "class": "window"}
    tree["units/fangguan/index.md"] = {**gone, "merged_into": "dengji", "ended_on": "2026-06-30"}
    pages = rendered(put, tree)
    now, before = body_of(pages, UNIT_PATH), body_of(pages, "units/fangguan/index.md")
    assert "房产交易所" in now
    assert "用到2019年12月31日" in now
    assert '<a href="../../units/fangguan/">房管所</a><small>2026年6月30日并入</small>' in now
    assert '房管所已于2026年6月30日并入<a href="../../units/dengji/">登记中心</a>' in before
    assert "提问或投诉" not in before
    assert "fangguan" not in body_of(pages, "units/index.md")


def test_a_corrected_notice_and_its_correction_lead_to_each_other(put: Put, tree: Tree) -> None:
    mended = {**tree[NOTICE_PATH], "index_no": "2", "issued_on": "2026-11-09", "published_on": "2026-11-09"}
    tree["notices/2026-11-09-gengzheng.md"] = mended | {"title": "更正", "corrects": "2026-11-03-zhouliu"}
    pages = rendered(put, tree)
    assert '有更正，请一起看<a href="../../notices/2026-11-09-gengzheng/">' in body_of(pages, NOTICE_PATH)
    assert "没有提到的部分照原来的执行" in body_of(pages, "notices/2026-11-09-gengzheng.md")


def test_a_withdrawn_notice_leaves_a_tombstone(put: Put, tree: Tree) -> None:
    notice = tree[NOTICE_PATH]
    del notice["text"], notice["summary"]
    notice["withdrawn"] = {"on": "2026-11-05", "reason": "附件里有证件号码", "by": "区政务公开办公室"}
    pages = rendered(put, tree)
    body = body_of(pages, NOTICE_PATH)
    assert "这条公告已于2026年11月5日撤回，正文不再显示。" in body
    assert "原因：附件里有证件号码。由区政务公开办公室决定。" in body
    assert "000QH001/2026-00001" in body
    assert "notices/2026-11-03-zhouliu/" in body_of(pages, "notices/index.md")


def test_the_catalogue_is_made_from_the_items_and_says_when_they_were_fed(put: Put, tree: Tree) -> None:
    tree["disclosure/items/yusuan.md"] = {**tree[ITEM_PATH], "number": 2, "title": "预算", "level1": "财政"}
    del tree["disclosure/items/yusuan.md"]["last_on"]
    body = body_of(rendered(put, tree), CATALOGUE_PATH)
    assert "共2项。" in body
    assert body.index("1. 集体财务收支") < body.index("2. 预算")
    assert "每季度，最近2026年10月23日" in body
    assert "最近一次公开2026年10月23日" in body
    assert body.count('scope="rowgroup"') == 2


def test_an_item_links_from_the_root_and_to_whole_addresses(put: Put, tree: Tree) -> None:
    tree[ITEM_PATH]["links"].append({"title": "省平台", "href": "https://example.com/a"})
    body = body_of(rendered(put, tree), ITEM_PATH)
    assert '<a href="../../../notices/2026-11-03-zhouliu/">周六办公</a>' in body
    assert '<a href="https://example.com/a" rel="noreferrer">省平台</a>' in body


def test_a_report_shows_its_figures_and_their_sum(put: Put, tree: Tree) -> None:
    tree[REPORT_PATH]["proactive"] = [{"name": "行政许可", "count": 18462, "unit": "件"}]
    tree[REPORT_PATH]["reviews"] = {"upheld": 3, "corrected": 1, "other": 0, "pending": 2}
    body = body_of(rendered(put, tree), REPORT_PATH)
    assert "18,462件" in body
    assert 'data-label="合计" class="p-num-end"><div>6</div>' in body


def test_a_units_yearly_report_is_listed_under_its_units_name(put: Put, tree: Tree) -> None:
    tree["disclosure/annual-2025-dengji.md"] = {**tree[REPORT_PATH], "lead": "登记大厅的年报。"}
    pages = rendered(put, tree)
    listed = body_of(pages, "disclosure/index.md")
    name = tree[UNIT_PATH]["title"]
    assert f">{name}：2025年政府信息公开年报</a>" in listed
    assert ">2025年政府信息公开年报</a>" in listed
    assert errors(check_pages(pages, TODAY)) == []


def test_the_guide_says_whom_to_ask_and_offers_its_form(put: Put, tree: Tree) -> None:
    asked = {"name": "政务公开科", "address": "政和路6号", "hours": "周一至周五", "phone": "0000-8100106"}
    tree[BLOCK_PATH] |= {"contact": asked, "downloads": [{"title": "申请表", "file": "files/a/b.pdf"}]}
    body = body_of(rendered(put, tree), BLOCK_PATH)
    assert '<a href="tel:00008100106">0000-8100106</a>' in body
    assert '<a href="../../files/a/b.pdf">申请表（PDF）</a>' in body
    assert "<h3>多久答复</h3>" in body


def test_columns_of_figures_are_set_without_inline_styles() -> None:
    made = prose("| 年 | 数 |\n| --- | ---: |\n| 2026 | 3 |")
    assert '<th scope="col" class="p-num-end">数</th>' in made
    assert "style=" not in made


def test_addresses_and_numbers_are_said_as_people_say_them() -> None:
    assert [href(a, "../") for a in ("/units/", "https://a.b/", "javascript:x")] == ["../units/", "https://a.b/", "#"]
    assert [thousands(n) for n in (7, 1284, 386.4, 12.0)] == ["7", "1,284", "386.4", "12"]
    assert (moment("2026-11-24 09:05"), moment("2026-01-03 14:00")) == ("11月24日9:05", "1月3日14:00")
