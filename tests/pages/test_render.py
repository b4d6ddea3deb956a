"""Bodies follow the data, and nothing else moves."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from survey_app.config import Settings
from survey_app.domain.errors import BadInput
from survey_app.publishing import check_pages, check_rendered, render_pages, seed_pages, write_round_page
from survey_app.publishing.words import limit, prose, saved, visits, workdays
from tests.pages.page_trees import COMMITMENT_PATH, METHOD, NOTICE_PATH, PROCEDURE_PATH, ROUND, UNIT_PATH, Tree

Put = Callable[[Tree], Path]


def rendered(put: Put, tree: Tree) -> Path:
    pages = put(tree)
    render_pages(pages)
    return pages


def test_rendering_a_second_time_changes_nothing(put: Put, tree: Tree) -> None:
    pages = put(tree)
    assert len(render_pages(pages)) == 11
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
    assert check_pages(pages) == []
    assert "谁都看不到得分" in text
    assert all(word in text for word in ("服务态度", "1/3", "群众", "100%", "基本满意", "60", "70%", "method.toml"))
    assert (file.parent / "method.toml").read_bytes() == METHOD


def test_the_page_of_a_round_names_a_class_in_which_groups_weigh_otherwise(put: Put, tree: Tree) -> None:
    village = '[[class]]\ncode = "village"\nzh = "村社区"\n[class.weights]\ncitizen = "1"\n'
    method = METHOD.rstrip() + f"\n{village}".encode()
    facts = {**ROUND, "method_sha256": hashlib.sha256(method).hexdigest()}

    assert "村社区类的权重不同：群众100%。" in write_round_page(put(tree), facts, method).read_text()


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
