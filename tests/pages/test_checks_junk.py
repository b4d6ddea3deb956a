"""Whatever stands in a field, the checks say so and never stumble."""

import copy

from hypothesis import given
from hypothesis import strategies as st

from survey_app.publishing.book import Book
from survey_app.publishing.checks import check_page
from survey_app.publishing.pages import new_page
from tests.pages.page_trees import (
    TODAY,
    UNIT,
    small_tree,
)

JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 10**20),
    st.floats(),
    st.text(max_size=30),
    st.sampled_from(
        ["2026-02-30", "0000-00-00", "../..", "units", "dengji", "http://", "](", "|---|", "#", "其他材料"]
    ),
    st.lists(st.text(max_size=5) | st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
)


@given(st.data())
def test_whatever_stands_in_a_field_the_checks_say_so_and_never_stumble(data: st.DataObject) -> None:
    tree = small_tree()
    tree["units/cun/index.md"] = {**copy.deepcopy(UNIT), "class": "village", "parent": "dengji"}
    for _change in range(data.draw(st.integers(1, 3))):
        page = tree[data.draw(st.sampled_from(sorted(tree)))]
        known = [*page, "former_slugs", "merged_into", "withdrawn", "column", "supersedes", "corrects", "unit", "map"]
        page[data.draw(st.sampled_from(known))] = data.draw(JUNK)
    book = Book([new_page(path, values) for path, values in tree.items()], frozenset())
    found = [finding for page in book.pages for finding in check_page(page, book, TODAY)]
    assert all(finding.text() and finding.field for finding in found)
