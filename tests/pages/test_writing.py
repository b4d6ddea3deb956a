"""What is approved becomes files: one page that cannot be made stops no other, and nobody's words are lost."""

import pytest

from survey_app.publishing.pages import digest, new_page
from survey_app.publishing.revisions import revising, writing
from survey_app.store import audit, page_versions
from survey_app.store import revisions as store
from tests.survey_app.unit.pages import PROCEDURE, PROCEDURE_PATH, give_desk_pages, put, read

OTHER_PATH = "units/water/procedures/baozhuang.md"
BY_HAND, FRONT = "about/help.md", "---\nkind: page\ntitle: 帮助\nupdated_on: '2026-01-01'\n---\n\n"


@pytest.fixture
def pages(settings, store):
    give_desk_pages(settings.pages)
    return settings.pages


@pytest.fixture
def approve(settings, pages, clock):
    """Approve a change past all checks, as a fault in them would."""

    def approved(path, **changes):
        page = revising.require_page(settings, path, clock())
        draft = revising.begin(page=page, data={**page.data, **changes}, by="zhou", now=clock())
        sent = store.submit(number=draft.number, version=draft.version, by="zhou", now=clock())
        how = {"by": "li", "roles": {"publicity"}, "words": "", "second_wanted": False, "now": clock()}
        target = digest(new_page(path, draft.data))
        return store.approve(number=sent.number, version=sent.version, target_digest=target, **how)

    return approved


def hand_edits():
    return [event.subject for event in audit.list_events() if event.action == "page.hand_edit"]


@pytest.mark.parametrize("spoilt", [{"steps": 3}, {"review_by": "不知道"}])
def test_a_page_that_cannot_be_made_says_so_and_the_others_are_written(settings, pages, approve, clock, spoilt):
    bad, before = approve(PROCEDURE_PATH, **spoilt), (pages / PROCEDURE_PATH).read_bytes()
    good = approve(OTHER_PATH, promised_limit_days=2)

    written = revising.write_approved(settings, clock())

    assert [one.ids for one in written] == [(good.number,)]
    assert read(pages, OTHER_PATH)["promised_limit_days"] == 2
    assert (pages / PROCEDURE_PATH).read_bytes() == before
    assert store.get(bad.number).state == "approved"
    assert store.get(bad.number).failure.startswith(writing.UNMADE)
    assert store.get(good.number).failure == ""


def test_a_page_that_cannot_be_made_is_tried_again_and_goes_out_once_it_can(
    settings, pages, approve, clock, monkeypatch
):
    waiting, render = approve(PROCEDURE_PATH, promised_limit_days=2), writing.render_body

    def spoilt(env, book, page):
        if page.path == PROCEDURE_PATH:
            raise ZeroDivisionError
        return render(env, book, page)

    with monkeypatch.context() as patch:
        patch.setattr(writing, "render_body", spoilt)
        assert revising.write_approved(settings, clock()) == []
    assert [one.ids for one in revising.write_approved(settings, clock())] == [(waiting.number,)]
    revising.mark_published([waiting.number], clock())

    assert (store.get(waiting.number).state, store.get(waiting.number).failure) == ("published", "")
    assert audit.verify() == []


def test_the_words_of_a_page_written_by_hand_stay_when_its_data_change(settings, pages, approve, clock):
    words = "# 帮助\n\n手写的**一段话**，{{ 不是模板 }}。\n"
    (pages / BY_HAND).parent.mkdir()
    (pages / BY_HAND).write_text(FRONT + words, "utf-8")
    approve(BY_HAND, updated_on="2026-11-03")

    revising.write_approved(settings, clock())

    assert read(pages, BY_HAND)["updated_on"] == "2026-11-03"
    assert (pages / BY_HAND).read_text("utf-8").rstrip().endswith(words.rstrip())


@pytest.mark.parametrize("when", ["before the file is written", "after the file is written"])
def test_what_the_portal_writes_itself_is_never_taken_for_an_edit_by_hand(
    settings, pages, approve, clock, monkeypatch, when
):
    approve(PROCEDURE_PATH, promised_limit_days=2)
    step = "_write" if when == "before the file is written" else "_note"

    def looked_at_and_killed(*_given):
        revising.look(settings, PROCEDURE_PATH, clock())
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writing, step, looked_at_and_killed)
        with pytest.raises(KeyboardInterrupt):
            revising.write_approved(settings, clock())
    revising.write_approved(settings, clock())
    revising.look(settings, PROCEDURE_PATH, clock())

    assert hand_edits() == []
    assert [version.source for version in page_versions.of_page(PROCEDURE_PATH)] == ["desk", "found"]


def test_an_edit_by_hand_is_one_however_often_it_is_looked_at(settings, pages, clock):
    revising.look(settings, PROCEDURE_PATH, clock())
    put(pages, PROCEDURE_PATH, {**PROCEDURE, "place": "三楼"})
    for _ in range(3):
        revising.look(settings, PROCEDURE_PATH, clock())
    revising.look(settings, OTHER_PATH, clock())

    assert hand_edits() == [PROCEDURE_PATH]
