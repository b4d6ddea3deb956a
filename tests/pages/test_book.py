"""The set of pages as it is and as it would be, and what makes two files the same."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from survey_app.publishing.book import Book, read_book
from survey_app.publishing.pages import digest, new_page, remove_page
from tests.pages.page_trees import (
    ITEM_PATH,
    NOTICE,
    NOTICE_PATH,
    PROCEDURE,
    PROCEDURE_PATH,
    REPORT_PATH,
    UNIT,
    UNIT_PATH,
    Tree,
    small_tree,
)

Put = Callable[[Tree], Path]
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8"), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
    max_leaves=8,
)


def book_of(tree: Tree) -> Book:
    return Book(new_page(path, data) for path, data in tree.items())


def test_a_changed_book_holds_the_change_and_the_old_one_does_not() -> None:
    book = book_of(small_tree())
    page = new_page(UNIT_PATH, {**UNIT, "title": "新名"})
    after = book.with_pages([page], removed=[PROCEDURE_PATH, "units/nobody/index.md"])
    assert (book.unit_title("dengji"), after.unit_title("dengji")) == ("登记中心", "新名")
    assert after.procedures_of("dengji") == []
    assert len(book.procedures_of("dengji")) == 1


def test_a_changed_book_is_the_book_that_would_be_read() -> None:
    tree = small_tree()
    added = {"units/qu/index.md": {**UNIT, "title": "区"}, NOTICE_PATH: {**NOTICE, "title": "又"}}
    changed = book_of(tree).with_pages([new_page(path, data) for path, data in added.items()], removed=[ITEM_PATH])
    read = book_of({**{p: d for p, d in tree.items() if p != ITEM_PATH}, **added})
    assert [(p.path, p.data) for p in changed.pages] == [(p.path, p.data) for p in read.pages]


def test_the_book_of_a_folder_knows_the_files_beside_the_pages(put: Put, tree: Tree) -> None:
    pages = put(tree)
    assert read_book(pages).files == frozenset()
    (pages / "files/dengji").mkdir(parents=True)
    (pages / "files/dengji/a.pdf").write_bytes(b"%PDF-")
    book = read_book(pages)
    assert book.files == {"files/dengji/a.pdf"}
    assert book.with_pages([]).files == book.files


def test_merged_units_keep_a_page_and_leave_every_list() -> None:
    tree = small_tree()
    gone = {**UNIT, "title": "房管所", "parent": "dengji", "merged_into": "dengji", "ended_on": "2026-06-30"}
    tree["units/fangguan/index.md"] = gone
    tree[UNIT_PATH]["former_slugs"] = ["jiaoyisuo"]
    book = book_of(tree)
    assert book.unit_title("fangguan") == "房管所"
    assert [unit.unit for _class, units in book.units_by_class() for unit in units] == ["dengji"]
    assert book.children("dengji") == []
    assert [unit.title for unit in book.merged_into("dengji")] == ["房管所"]
    assert {old: unit.unit for old, unit in book.former_slugs.items()} == {"jiaoyisuo": "dengji"}


def test_of_two_corrections_the_newest_is_shown() -> None:
    tree = small_tree()
    for day in ("2026-11-05", "2026-11-09"):
        tree[f"notices/{day}-gz.md"] = {**NOTICE, "corrects": "2026-11-03-zhouliu", "published_on": day}
    found = book_of(tree).corrected_by("2026-11-03-zhouliu")
    assert found
    assert found.slug == "2026-11-09-gz"


def test_items_stand_in_the_order_of_their_numbers_not_of_their_files() -> None:
    tree = small_tree()
    for number, name in ((10, "b"), (2, "c"), (3, "a")):
        tree[f"disclosure/items/{name}.md"] = {**tree[ITEM_PATH], "number": number, "level1": "财政"}
    book = book_of(tree)
    assert [item.data["number"] for item in book.items()] == [1, 2, 3, 10]
    assert [(name, len(rows)) for name, rows in book.items_by_level1()] == [("村务公开", 1), ("财政", 3)]
    assert len(book.items_of("dengji")) == 4


def test_the_districts_yearly_report_stands_before_those_of_units_and_the_newest_year_first() -> None:
    tree = small_tree()
    for name, year in (("annual-2024", 2024), ("annual-2025-dengji", 2025), ("annual-2024-dengji", 2024)):
        tree[f"disclosure/{name}.md"] = {**tree[REPORT_PATH], "year": year}
    found = [page.slug for page in book_of(tree).annual_reports()]
    assert found == ["annual-2025", "annual-2025-dengji", "annual-2024", "annual-2024-dengji"]


def test_one_digest_for_one_content_in_any_spelling(put: Put, tree: Tree) -> None:
    file = put(tree) / PROCEDURE_PATH
    raw = file.read_bytes()
    same = raw.replace(b"kind: procedure\n", b"").replace(b"---\n", b"---\n# by hand\nkind:   'procedure'\n", 1)
    assert same != raw
    assert digest(same) == digest(raw) == digest(new_page("", PROCEDURE))
    assert digest(raw + "\n正文换了\n".encode()) == digest(raw)
    assert digest(raw.replace(b"visits: 1", b"visits: 2")) != digest(raw)
    assert digest(raw.replace(b"visits: 1", b"visits: '1'")) != digest(raw)


@given(PLAIN, PLAIN)
def test_two_contents_share_a_digest_only_when_they_are_equal(one: object, other: object) -> None:
    same = repr(one) == repr(other)
    found = digest(new_page("", {"a": one})) == digest(new_page("", {"a": other}))
    assert found == same or (found and one == other)


@given(PLAIN)
@example("\x85")
@example("a\u2028b\u2029c")
@example(" 一\n  二 \n\n三\r\n")
@example(["同一个", "同一个"])
@example("𠮷\ufeff\t#: - '\"")
def test_what_is_written_and_read_again_has_the_same_digest(value: object) -> None:
    page = new_page("", {"kind": "page", "value": value})
    assert digest(page.text("").encode()) == digest(page)


def test_a_text_of_several_lines_is_written_as_a_person_would() -> None:
    assert new_page("", {"text": "一\n\n二\n", "again": "一"}).head == "---\ntext: |\n  一\n\n  二\nagain: 一\n---\n"


@pytest.mark.parametrize("raw", [b"", b"no data", b"---\nkind: [\n---\n", "---\nkind: 单位\n---\n".encode("gb18030")])
def test_a_broken_file_has_a_digest_that_no_page_has(raw: bytes) -> None:
    assert digest(raw) == digest(raw)
    assert digest(raw) != digest(raw + b" ")
    assert digest(raw) != digest(new_page("", {}))


def test_a_page_that_is_removed_is_gone_with_its_empty_folders_only(put: Put, tree: Tree) -> None:
    pages = put(tree)
    assert remove_page(pages, PROCEDURE_PATH)
    assert not (pages / "units/dengji/procedures").exists()
    assert (pages / UNIT_PATH).is_file()
    assert not remove_page(pages, PROCEDURE_PATH)
    assert not remove_page(pages, "units/dengji")
