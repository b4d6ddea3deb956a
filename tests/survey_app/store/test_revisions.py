"""Revisions in the database: one at a time for a page, nothing saved over, every step on record."""

import threading

import pytest

from survey_app.domain import revisions as rules
from survey_app.store import audit, page_versions
from survey_app.store import revisions as store
from survey_app.store.database import database
from survey_app.store.revisions import Proposal

PAGE = "units/tax/procedures/wanshui.md"


def proposal(page=PAGE, **more):
    told = {"kind": "procedure", "unit_slug": "tax", "title": "开证明", "data": {"title": "开证明"}, "base": None}
    return Proposal(page=page, base_digest="", **{**told, **more})


@pytest.fixture
def draft(store_, clock):
    return store.draft(proposal=proposal(), by="zhou", now=clock())


@pytest.fixture
def store_(request):
    request.getfixturevalue("store")


def step(verb, revision, clock, **how):
    return verb(number=revision.number, by=how.pop("by", "zhou"), now=clock(), **how)


def save(revision, clock, version=None, **data):
    how = {"version": version or revision.version, "data": data, "title": "开证明", "note": ""}
    return step(store.save, revision, clock, **how)


def submit(revision, clock):
    return step(store.submit, revision, clock, version=revision.version)


def approve(revision, clock, by="li", **how):
    told = {"version": revision.version, "words": "", "second_wanted": False, "target_digest": "d"}
    return step(store.approve, revision, clock, by=by, roles={"publicity"}, **{**told, **how})


def test_a_page_has_one_open_revision_and_the_next_may_begin_when_it_is_done(draft, clock):
    with pytest.raises(rules.RevisionOpen, match="zhou"):
        store.draft(proposal=proposal(), by="chen", now=clock())
    store.draft(proposal=proposal("notices/2026-10-09-x.md"), by="chen", now=clock())
    done = approve(submit(draft, clock), clock)
    store.mark_published(numbers=[done.number], now=clock())
    assert store.draft(proposal=proposal(), by="chen", now=clock()).number == 3


def test_a_draft_put_away_comes_back_only_while_no_other_was_begun(draft, clock):
    step(store.discard, draft, clock)
    other = store.draft(proposal=proposal(), by="chen", now=clock())
    with pytest.raises(rules.RevisionOpen):
        step(store.bring_back, draft, clock)
    step(store.discard, other, clock)
    assert step(store.bring_back, draft, clock).state == "draft"


def test_whoever_saves_on_an_older_version_saves_nothing(draft, clock):
    first = save(draft, clock, place="一楼")
    with pytest.raises(rules.SavedByOther):
        save(draft, clock, version=draft.version, place="二楼")
    assert store.get(draft.number).data == {"place": "一楼"}
    assert save(first, clock, place="三楼").version == first.version + 1


def test_two_saves_at_once_leave_one_of_them_and_say_so_to_the_other(draft, clock):
    said, start = [], threading.Barrier(2)

    def run(place):
        start.wait()
        try:
            save(draft, clock, version=draft.version, place=place)
            said.append(place)
        except rules.SavedByOther:
            said.append("refused")
        finally:
            database.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in ("一楼", "二楼")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert "refused" in said
    assert store.get(draft.number).data["place"] in said


@pytest.mark.parametrize("verb", ["submit", "take_back", "discard", "bring_back", "give_back", "approve", "save"])
def test_what_is_published_moves_no_more(draft, clock, verb):
    done = approve(submit(draft, clock), clock)
    store.mark_published(numbers=[done.number], now=clock())
    done = store.get(done.number)
    verbs = {
        "submit": lambda: submit(done, clock),
        "approve": lambda: approve(done, clock, by="wang"),
        "save": lambda: save(done, clock, place="x"),
        "give_back": lambda: step(store.give_back, done, clock, version=done.version, reason="不"),
    }
    with pytest.raises(rules.RevisionMoved):
        verbs.get(verb, lambda: step(getattr(store, verb), done, clock))()
    assert store.get(done.number).state == "published"


def test_whoever_saved_it_last_does_not_approve_it_either(draft, clock):
    step(store.save, draft, clock, by="li", version=draft.version, data={"title": "x"}, title="x", note="")
    waiting = submit(store.get(draft.number), clock)
    with pytest.raises(rules.OwnApproval):
        approve(waiting, clock, by="li")
    assert approve(waiting, clock, by="wang").state == "approved"


def test_nobody_approves_words_of_their_own_under_another_persons_later_ones(draft, clock):
    other = store.draft(proposal=proposal("notices/2026-10-09-a.md"), by="wang", now=clock())
    for who in ("li", "chen"):
        saved = {"by": who, "version": store.get(draft.number).version, "data": {"title": who}, "title": who}
        step(store.save, draft, clock, note="", **saved)
    waiting = submit(store.get(draft.number), clock)
    assert store.writers(waiting) == {draft.author, "li", "chen"}
    assert store.writers(other) == {"wang"}
    with pytest.raises(rules.OwnApproval):
        approve(waiting, clock, by="li")
    assert approve(waiting, clock, by="wang").state == "approved"


def test_many_are_begun_together_or_none(draft, clock):
    many = [proposal("notices/2026-10-09-a.md"), proposal(), proposal("notices/2026-10-09-b.md")]
    with pytest.raises(rules.RevisionOpen):
        store.draft_many(proposals=many, by="chen", now=clock())
    assert store.count(states=rules.OPEN) == 1
    assert len(audit.list_events()) == 1


def test_every_step_is_on_record_with_who_and_from_where_to_where(draft, clock):
    returned = step(store.give_back, submit(draft, clock), clock, by="li", version=2, reason="写全")
    again = approve(submit(save(returned, clock, place="x"), clock), clock)
    store.mark_published(numbers=[again.number], now=clock())

    events = list(reversed(audit.list_events()))

    assert [(e.actor, e.action.removeprefix("revision."), e.detail.get("to")) for e in events] == [
        ("zhou", "begin", None),
        ("zhou", "submit", "submitted"),
        ("li", "return", "returned"),
        ("zhou", "save", "draft"),
        ("zhou", "submit", "submitted"),
        ("li", "approve", "approved"),
        ("portal", "published", "published"),
    ]
    assert {e.subject for e in events} == {PAGE}
    assert audit.verify() == []


def test_the_same_failure_told_twice_is_on_record_once(draft, clock):
    done = approve(submit(draft, clock), clock)
    for _ in range(2):
        store.mark_failed(numbers=[done.number], reason="磁盘满了", now=clock())
    assert [e.action for e in audit.list_events()].count("revision.failed") == 1


def test_data_keep_the_order_of_their_keys_and_every_sign(store_, clock):
    data = {"z": "𠮷", "a": ["1\n2", {"y": 1, "b": 2.5}], "m": False}
    made = store.draft(proposal=proposal(data=data), by="zhou", now=clock())
    assert list(store.get(made.number).data) == ["z", "a", "m"]
    assert store.get(made.number).data == data


def test_a_text_found_in_the_file_is_kept_once_and_a_hand_edit_is_on_record(store_, clock):
    first = {"page": PAGE, "digest": "a", "data": {"v": 1}, "now": clock()}
    assert [page_versions.note_found(**first) for _ in range(2)] == [False, False]
    assert page_versions.note_found(**{**first, "digest": "b", "data": {"v": 2}})
    assert [v.source for v in page_versions.of_page(PAGE)] == ["hand", "found"]
    assert [e.action for e in audit.list_events()] == ["page.hand_edit"]
