"""What a built site holds beside its pages: paper, codes, open data, feeds, redirects; whole or only what changed."""

import csv
import io
import json
import re
from collections.abc import Callable, Collection
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
import segno
from jsonschema import Draft202012Validator

from survey_app.config import HOME, Settings
from survey_app.publishing.book import Book
from survey_app.publishing.outputs import extras
from survey_app.publishing.outputs.built import Built
from survey_app.publishing.outputs.opendata import LISTS, cell, columns
from survey_app.publishing.outputs.prints import poster_of, size_of
from survey_app.publishing.outputs.qr import MASK, matrix, qr_svg
from survey_app.publishing.pages import Page, new_page, read_pages
from tests.pages.page_trees import NOTICE, NOTICE_PATH, PROCEDURE, PROCEDURE_PATH, UNIT, UNIT_PATH, Tree

ADDRESS = "https://pingyi.example/zwgk/"
ATOM = "{http://www.w3.org/2005/Atom}"
Write = Callable[..., Path]


def book_of(tree: Tree) -> Book:
    return Book(new_page(path, data) for path, data in tree.items())


@pytest.fixture
def tree(tree: Tree) -> Tree:
    """The small tree of a district that has said its address, with a second unit as noise."""
    tree["index.md"]["address"] = ADDRESS
    tree["units/gongshui/index.md"] = {**UNIT, "title": "供水公司"}
    tree["units/gongshui/procedures/kaihu.md"] = {**PROCEDURE, "title": "用水开户", "synonyms": ["装水表"]}
    return tree


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Complete a built site from a tree; returns its folder."""

    def run(tree: Tree, changed: Collection[str] | None = None, name: str = "site") -> Path:
        settings = Settings(var=tmp_path / "var", pages=tmp_path / "pages")
        into = tmp_path / name
        into.mkdir(exist_ok=True)
        extras.write_extras(settings, book_of(tree), into, changed)
        return into

    return run


def files(folder: Path) -> dict[str, bytes]:
    return {f.relative_to(folder).as_posix(): f.read_bytes() for f in sorted(folder.rglob("*")) if f.is_file()}


def test_a_district_without_an_address_gets_no_code_and_is_told_so(tree: Tree, write: Write) -> None:
    del tree["index.md"]["address"]
    made = files(write(tree))
    assert not [path for path in made if "poster" in path or path.endswith((".xml", ".gz"))]
    notice = made["units/dengji/procedures/guohu/notice/index.html"].decode()
    assert "二维码" not in notice
    assert "扫码" not in notice
    assert "没有写网站地址" in extras.remarks(book_of(tree))[0]


def test_with_an_address_there_is_nothing_to_remark(tree: Tree) -> None:
    assert extras.remarks(book_of(tree)) == []


CHANGES: dict[str, Callable[[Tree], Collection[str]]] = {}


def change(name: str) -> Callable[[Callable[[Tree], Collection[str]]], None]:
    def keep(function: Callable[[Tree], Collection[str]]) -> None:
        CHANGES[name] = function

    return keep


@change("a procedure's promise")
def _promise(tree: Tree) -> Collection[str]:
    tree[PROCEDURE_PATH]["promised_limit_days"] = 3
    return [PROCEDURE_PATH]


@change("a procedure emptied by an import")
def _emptied(tree: Tree) -> Collection[str]:
    tree[PROCEDURE_PATH] = {"kind": "procedure", "title": "二手房过户", "code": "000000000001", "imported": True}
    return [PROCEDURE_PATH]


@change("a procedure removed")
def _removed(tree: Tree) -> Collection[str]:
    del tree[PROCEDURE_PATH]
    return [PROCEDURE_PATH]


@change("a unit renamed in words")
def _renamed(tree: Tree) -> Collection[str]:
    tree[UNIT_PATH]["title"] = "不动产登记中心"
    return [UNIT_PATH]


@change("a unit moved to another folder")
def _moved(tree: Tree) -> Collection[str]:
    old = [path for path in tree if path.startswith("units/dengji/")]
    for path in old:
        tree[path.replace("dengji", "budongchan")] = tree.pop(path)
    tree["units/budongchan/index.md"]["former_slugs"] = ["dengji"]
    tree[NOTICE_PATH]["unit"] = "budongchan"
    return [*old, *(path.replace("dengji", "budongchan") for path in old), NOTICE_PATH]


@change("a former address given up")
def _given_up(tree: Tree) -> Collection[str]:
    tree["units/gongshui/index.md"].pop("former_slugs")
    return ["units/gongshui/index.md"]


@change("a notice withdrawn")
def _withdrawn(tree: Tree) -> Collection[str]:
    tree[NOTICE_PATH]["withdrawn"] = {"on": "2026-11-05", "reason": "日期写错", "by": "登记中心"}
    return [NOTICE_PATH]


@change("a notice added")
def _added(tree: Tree) -> Collection[str]:
    tree["notices/2026-11-09-tingdian.md"] = {**NOTICE, "title": "停电", "published_on": "2026-11-09"}
    return ["notices/2026-11-09-tingdian.md"]


@change("a unit removed with all it has")
def _unit_removed(tree: Tree) -> Collection[str]:
    gone = [path for path in tree if path.startswith("units/gongshui/")]
    for path in gone:
        del tree[path]
    return gone


@change("the home page's address")
def _address(tree: Tree) -> Collection[str]:
    tree["index.md"]["address"] = "https://other.example/"
    return ["index.md"]


@pytest.mark.parametrize("name", CHANGES)
def test_only_what_changed_gives_the_same_bytes_as_all(tree: Tree, write: Write, name: str) -> None:
    tree["units/gongshui/index.md"]["former_slugs"] = ["zilaishui"]
    before = files(write(tree))
    changed = CHANGES[name](tree)
    after = files(write(tree, changed))
    assert after == files(write(tree, name="whole"))
    assert after != before


def test_a_file_is_never_written_in_place(tree: Tree, write: Write, tmp_path: Path) -> None:
    """A release may share its files with the one before it."""
    site = write(tree)
    kept = tmp_path / "kept.csv"
    kept.hardlink_to(site / "data/procedures.csv")
    old = kept.read_bytes()
    tree[PROCEDURE_PATH]["title"] = "换了名字"
    write(tree, [PROCEDURE_PATH])
    assert kept.read_bytes() == old
    assert (site / "data/procedures.csv").read_bytes() != old


def test_the_code_of_a_page_is_the_code_of_its_address(tree: Tree, write: Write) -> None:
    made = files(write(tree))
    expected = segno.make(
        f"{ADDRESS}units/dengji/procedures/guohu/", error="m", mask=MASK, micro=False, boost_error=False
    )
    rows = tuple(bytes(row) for row in expected.matrix)
    assert drawn(made["units/dengji/procedures/guohu/notice/index.html"].decode(), len(rows)) == rows
    assert matrix(f"{ADDRESS}units/dengji/procedures/guohu/") == rows


def drawn(page: str, size: int) -> tuple[bytes, ...]:
    """The modules that the strokes of a drawn code cover."""
    path = re.search(r'stroke="#000" d="([^"]+)"', page)
    assert path
    rows = [bytearray(size) for _row in range(size)]
    for x, y, length in re.findall(r"M(\d+) (\d+)\.5h(\d+)", path[1]):
        for at in range(int(x) - 2, int(x) - 2 + int(length)):
            rows[int(y) - 2][at] = 1
    return tuple(bytes(row) for row in rows)


def test_a_code_keeps_a_white_border() -> None:
    size = len(matrix(ADDRESS)) + 4
    assert f'viewBox="0 0 {size} {size}"' in qr_svg(ADDRESS, "码")


def test_a_sheet_says_what_it_is_for_and_its_files_say_the_same(tree: Tree, write: Write) -> None:
    made = files(write(tree))
    svg = made["units/dengji/procedures/guohu/poster.svg"].decode()
    for words in (
        "试验区登记中心",
        "二手房过户",
        "承诺5个工作日（法定30个工作日，少用25个工作日）",
        "咨询0000-8123401",
    ):
        assert words in svg
    pdf = made["units/dengji/procedures/guohu/poster.pdf"]
    assert pdf.startswith(b"%PDF-")
    assert b"/Count 1" in pdf
    assert b"UniGB-UCS2-H" in pdf
    assert "谁在岗" in made["units/dengji/poster.svg"].decode()


def test_a_page_from_a_list_gets_neither_notice_nor_sheet(tree: Tree, write: Write) -> None:
    tree[PROCEDURE_PATH] = {"kind": "procedure", "title": "备案", "code": "000000000002", "imported": True}
    tree[UNIT_PATH] = {"kind": "unit", "title": "登记中心", "updated_on": "2026-11-01", "imported": True}
    assert [path for path in files(write(tree)) if path.startswith("units/dengji/")] == []


def test_a_long_name_is_cut_into_lines_and_stays_on_the_sheet(tree: Tree, write: Write) -> None:
    tree[PROCEDURE_PATH]["title"] = "国有建设用地使用权及房屋所有权转移登记（买卖、赠与、继承、离婚析产和其他情形）"
    book = book_of(tree)
    built = Built(Settings(), book, Path("nowhere"))
    svg = files(write(tree))["units/dengji/procedures/guohu/poster.svg"].decode()
    assert poster_of(built, book.by_path[PROCEDURE_PATH]).title in svg
    assert "…" in svg
    heights = [float(y) for y in re.findall(r'<text x="105" y="([\d.]+)"', svg)]
    assert heights == sorted(heights)
    assert heights[-1] < 297


def test_marks_in_a_name_stay_text_on_paper_and_in_the_feed(tree: Tree, write: Write) -> None:
    hostile = "<script>alert(1)</script>&\"'"
    tree[PROCEDURE_PATH]["title"] = tree[NOTICE_PATH]["title"] = tree[UNIT_PATH]["title"] = hostile
    tree["units/gongshui/index.md"]["former_slugs"] = ["lao"]
    tree["units/gongshui/index.md"]["title"] = hostile
    made = files(write(tree))
    for path, raw in made.items():
        if path.endswith((".html", ".svg", ".xml")):
            assert b"<script>alert" not in raw, path
        if path.endswith((".svg", ".xml")):
            Xml.fromstring(raw)  # noqa: S314 (our own output)


def rows(raw: bytes) -> list[list[str]]:
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_every_list_is_there_as_table_and_as_data_with_the_same_rows(tree: Tree, write: Write) -> None:
    made = files(write(tree))
    counts = {
        "units": 2,
        "procedures": 2,
        "materials": 2,
        "commitments": 1,
        "kept": 0,
        "answers": 0,
        "mended": 0,
        "handling": 0,
        "notices": 1,
        "disclosure": 1,
        "results": 0,
    }
    for each in LISTS:
        table, data = rows(made[f"data/{each.name}.csv"]), json.loads(made[f"data/{each.name}.json"])
        assert len(table) - 1 == len(data) == counts[each.name], each.name
        assert len(table[0]) == len(set(table[0])), f"{each.name}: a name stands twice"


def test_a_row_says_what_the_page_says(tree: Tree, write: Write) -> None:
    made = files(write(tree))
    table = rows(made["data/procedures.csv"])
    row = dict(zip(table[0], table[2], strict=True))
    assert row["网址"] == "units/gongshui/procedures/kaihu/"
    assert (row["单位名称"], row["事项名称"], row["别的叫法"]) == ("供水公司", "用水开户", "装水表")
    assert (row["承诺办结时限（工作日）"], row["收费"]) == ("5", "80元，住宅每件，发改价格规〔2016〕2559号")
    limit = rows(made["data/commitments.csv"])
    assert dict(zip(*limit, strict=True))["时限或数量"] == "5个工作日"
    first = json.loads(made["data/materials.json"])[0]
    assert (first["title"], first["number"], first["name"]) == ("二手房过户", 1, "身份证")
    assert json.loads(made["data/procedures.json"])[0]["steps"][0]["branch"]["back_to"] == 1


@pytest.mark.parametrize("text", ["=1+1", "+86", "-2", "@SUM(A1)", "\tx", "\rx", "=HYPERLINK(1)"])
def test_no_cell_acts_as_a_formula(text: str, tree: Tree, write: Write) -> None:
    tree[UNIT_PATH]["summary"] = text
    table = rows(files(write(tree))["data/units.csv"])
    shown = dict(zip(table[0], table[1], strict=True))["一句话介绍"]
    assert shown == (text if text in ("+86", "-2") else f"'{text}")


def test_numbers_and_plain_words_keep_their_form() -> None:
    assert [cell(value) for value in (None, True, False, 0, -3, 1.5, "甲", ["甲", "乙"])] == [
        "", "是", "否", "0", "-3", "1.5", "甲", "甲；乙",
    ]  # fmt: skip


def test_each_list_is_described_and_keeps_its_description(tree: Tree, write: Write) -> None:
    made = files(write(tree))
    for each in LISTS:
        told = json.loads(made[f"data/{each.name}.csv-metadata.json"])
        assert [column["titles"] for column in told["tableSchema"]["columns"]] == rows(made[f"data/{each.name}.csv"])[0]
        assert {name for name, _title, _about in columns(each.name)} >= {"url"}
        schema = json.loads(made[f"data/{each.name}.schema.json"])
        Draft202012Validator.check_schema(schema)
        Draft202012Validator(schema).validate(json.loads(made[f"data/{each.name}.json"]))


def test_the_feed_names_each_notice_for_good_and_takes_its_days_from_the_data(tree: Tree, write: Write) -> None:
    withdrawn = {**NOTICE, "title": "撤回的", "published_on": "2026-11-09"}
    withdrawn = {key: value for key, value in withdrawn.items() if key not in ("text", "summary")}
    withdrawn["withdrawn"] = {"on": "2026-11-10", "reason": "写错", "by": "登记中心"}
    tree["notices/2026-11-09-chehui.md"] = withdrawn
    feed = Xml.fromstring(files(write(tree))["notices/feed.xml"])  # noqa: S314 (our own output)
    entries = feed.findall(f"{ATOM}entry")
    assert feed.findtext(f"{ATOM}updated") == "2026-11-10T00:00:00+08:00"
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == ["已撤回：撤回的", "关于延长周六办公的公告"]
    assert entries[1].findtext(f"{ATOM}id") == "tag:pingyi.example,2026-11-03:notices/2026-11-03-zhouliu/"
    assert entries[1].findtext(f"{ATOM}author/{ATOM}name") == "登记中心"
    links = [link.get("href") for link in entries[1].findall(f"{ATOM}link")]
    assert links == [f"{ADDRESS}notices/2026-11-03-zhouliu/"]
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries)


def test_the_map_of_the_site_names_every_page_with_its_day(tree: Tree, write: Write) -> None:
    made = files(write(tree))
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    urls = Xml.fromstring(made["sitemap.xml"])  # noqa: S314 (our own output)
    found = {url.findtext(f"{space}loc"): url.findtext(f"{space}lastmod") for url in urls}
    assert found[f"{ADDRESS}units/dengji/procedures/guohu/"] == "2026-10-08"
    assert found[ADDRESS] is None
    assert len(found) == len([path for path in tree if not path.startswith("search/")])
    assert made["robots.txt"].decode() == f"User-agent: *\nAllow: /\nSitemap: {ADDRESS}sitemap.xml\n"


def test_a_former_address_leads_to_the_page_of_today(tree: Tree, write: Write) -> None:
    tree[UNIT_PATH]["former_slugs"] = ["fangguansuo", "gongshui"]
    made = files(write(tree))
    page = made["units/fangguansuo/procedures/guohu/index.html"].decode()
    assert 'content="0;url=../../../../units/dengji/procedures/guohu/"' in page
    assert f'rel="canonical" href="{ADDRESS}units/dengji/procedures/guohu/"' in page
    assert "二手房过户" in page
    assert "units/fangguansuo/commitments/chuzheng/index.html" in made
    # A name that another unit has today is its own.
    assert json.loads(made["redirects.json"]) == {"fangguansuo": "dengji"}


def test_the_districts_own_words_come_before_those_of_the_whole_country(tree: Tree, write: Write) -> None:
    tree["index.md"]["synonyms"] = [{"say": "社保卡", "means": "清河通"}, {"say": "清河码", "means": "健康码"}]
    words = json.loads(files(write(tree))["search/words.json"])
    assert words["社保卡"][:2] == ["清河通", "社会保障卡"]
    assert words["清河码"] == ["健康码"]
    assert "承诺时限" in words["要多久"]


def sample_procedures() -> list[Page]:
    return [page for page in read_pages(HOME / "site" / "pages") if page.kind == "procedure"]


def test_notices_of_the_sample_use_more_than_one_size() -> None:
    assert {size_of(page) for page in sample_procedures()} >= {"usual", "long"}
