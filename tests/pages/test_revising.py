"""From an approved revision to a file: whole, once, and never over a text that its author has not seen."""

from dataclasses import replace

import pytest

from survey_app.domain import revisions as rules
from survey_app.publishing.checks import check_pages, errors
from survey_app.publishing.pages import read_pages
from survey_app.publishing.revisions import moving, revising, writing
from survey_app.store import accounts, audit, page_versions
from survey_app.store import revisions as store
from tests.survey_app.unit.pages import NOTICE_PATH, PROCEDURE, PROCEDURE_PATH, give_desk_pages, put, read

OTHER_PATH = "units/water/procedures/baozhuang.md"
LI = {"by": "li", "roles": {"publicity"}, "words": "", "pass_on": False}


@pytest.fixture
def pages(settings, store):
    give_desk_pages(settings.pages)
    return settings.pages


@pytest.fixture
def portal(settings, pages, clock):
    """The few steps between a desk and a file."""

    class Portal:
        def draft(self, path=PROCEDURE_PATH, by="zhou", **changes):
            page = revising.require_page(settings, path, clock())
            return revising.begin(page=page, data={**page.data, **changes}, by=by, now=clock())

        def submit(self, revision, by="zhou"):
            return revising.submit(settings, revision=revision, by=by, now=clock(), today=clock.today)

        def approve(self, revision, **how):
            return revising.approve(settings, revision=revision, now=clock(), today=clock.today, **{**LI, **how})

        def approved(self, path=PROCEDURE_PATH, **changes):
            return self.approve(self.submit(self.draft(path, **changes)))

        def write(self):
            return revising.write_approved(settings, clock())

        def state(self, revision):
            return store_state(revision)

    return Portal()


def store_state(revision):
    return store.get(revision.number).state


def test_an_approved_revision_becomes_the_page_and_comes_back_until_it_is_marked_as_published(portal, pages, clock):
    revision = portal.approved(promised_limit_days=2)

    written = portal.write()

    assert written == [revising.Written((revision.number,), PROCEDURE_PATH)]
    assert read(pages, PROCEDURE_PATH)["promised_limit_days"] == 2
    assert "2个工作日" in (pages / PROCEDURE_PATH).read_text("utf-8")
    assert portal.write() == written
    revising.mark_published([revision.number], clock())
    assert (portal.write(), portal.state(revision)) == ([], "published")
    revising.mark_published([revision.number], clock())
    assert audit.verify() == []


def test_a_failed_build_is_told_and_the_revision_waits_for_the_next(portal, clock):
    revision = portal.approved(promised_limit_days=2)
    portal.write()

    revising.mark_failed([revision.number], "磁盘满了", clock())

    assert store.get(revision.number).failure == "磁盘满了"
    assert [one.ids for one in portal.write()] == [(revision.number,)]
    revising.mark_published([revision.number], clock())
    assert store.get(revision.number).failure == ""


@pytest.mark.parametrize("step", ["write_page", "_note"])
def test_killed_between_file_and_database_it_ends_in_the_same_place(portal, pages, monkeypatch, step):
    revision = portal.approved(promised_limit_days=2)
    real = getattr(writing, step)

    def killed_after(*args, **named):
        if step == "write_page":
            real(*args, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(writing, step, killed_after)
        with pytest.raises(KeyboardInterrupt):
            portal.write()
    written = portal.write()

    assert [one.ids for one in written] == [(revision.number,)]
    assert read(pages, PROCEDURE_PATH)["promised_limit_days"] == 2
    assert [version.source for version in page_versions.of_page(PROCEDURE_PATH)] == ["desk", "found"]
    assert portal.state(revision) == "approved"


def test_a_file_edited_by_hand_after_the_approval_is_never_overwritten(portal, pages):
    revision = portal.approved(promised_limit_days=2)
    put(pages, PROCEDURE_PATH, {**PROCEDURE, "place": "三楼"})

    assert portal.write() == []

    assert (read(pages, PROCEDURE_PATH)["place"], portal.state(revision)) == ("三楼", "conflict")


def test_a_file_that_cannot_be_read_any_more_is_never_overwritten(portal, pages):
    revision = portal.approved(promised_limit_days=2)
    (pages / PROCEDURE_PATH).write_text("---\nkind: [\n---\n", "utf-8")

    assert portal.write() == []

    assert (pages / PROCEDURE_PATH).read_text("utf-8") == "---\nkind: [\n---\n"
    assert portal.state(revision) == "conflict"


def test_what_was_edited_by_hand_cannot_be_submitted_or_approved_over(portal, pages):
    draft, sent = portal.draft(promised_limit_days=2), portal.draft(OTHER_PATH, title="另一个标题")
    sent = portal.submit(sent)
    for path in (PROCEDURE_PATH, OTHER_PATH):
        put(pages, path, {**read(pages, path), "title": "手改的"})

    for step, revision in ((portal.submit, draft), (portal.approve, sent)):
        with pytest.raises(rules.PageChanged):
            step(revision)
        assert portal.state(revision) == "conflict"


def test_a_body_that_was_written_anew_is_no_hand_edit(portal, pages):
    draft = portal.draft(promised_limit_days=2)
    file = pages / PROCEDURE_PATH
    file.write_text(file.read_text("utf-8") + "\n<p>正文重新生成</p>\n", "utf-8")

    assert portal.submit(draft).state == "submitted"


def test_errors_stop_a_submission_and_an_approval(portal, pages):
    with pytest.raises(revising.HasErrors):
        portal.submit(portal.draft(promised_limit_days=35))


def test_whoever_wrote_it_does_not_approve_it(portal):
    sent = portal.submit(portal.draft(promised_limit_days=2))

    with pytest.raises(rules.OwnApproval):
        portal.approve(sent, by="zhou")
    with pytest.raises(rules.OwnApproval):
        portal.approve(sent, roles={"unit_head"})
    assert portal.state(sent) == "submitted"


def test_a_second_look_takes_a_second_person(portal):
    sent = portal.submit(portal.draft(promised_limit_days=2))

    first = portal.approve(sent, pass_on=True)

    assert (first.state, first.first_approver) == ("second", "li")
    with pytest.raises(rules.SamePerson):
        portal.approve(first)
    second = portal.approve(first, by="wang")
    assert (second.state, second.first_approver, second.second_approver) == ("approved", "li", "wang")


def test_where_the_district_asks_for_it_every_approval_needs_a_second(settings, portal, clock):
    strict = replace(settings, second_approval=True)
    sent = portal.submit(portal.draft(promised_limit_days=2))

    first = revising.approve(strict, revision=sent, now=clock(), today=clock.today, **LI)
    second = revising.approve(strict, revision=first, now=clock(), today=clock.today, **{**LI, "by": "wang"})

    assert [first.state, second.state] == ["second", "approved"]


def test_approvals_of_several_pages_are_written_in_one_go(portal, pages):
    one, two = portal.approved(promised_limit_days=2), portal.approved(OTHER_PATH, title="报装")

    assert {written.ids for written in portal.write()} == {(one.number,), (two.number,)}


def test_many_drafts_are_begun_together_or_not_at_all(settings, portal, pages, clock):
    taken = portal.draft(promised_limit_days=2)
    found = [page for page in read_pages(pages) if page.kind in ("procedure", "notice")]

    with pytest.raises(rules.RevisionOpen, match=taken.title):
        revising.save_many(settings, pages=found, author="zhou", reason="导入", now=clock())
    assert store.count(states=["draft"]) == 1
    store.discard(number=taken.number, by="zhou", now=clock())
    numbers = revising.save_many(settings, pages=found, author="zhou", reason="导入", now=clock())
    assert [store.get(number).note for number in numbers] == ["导入"] * len(found)


def act(settings, clock, pages, action, *, to, **unit_changes):
    page = revising.require_page(settings, "units/tax/index.md", clock())
    data = {"from": "tax", "to": to, "unit": {**page.data, **unit_changes}}
    proposal = revising.proposal(page, data, action=action)
    target = ""
    return store.act(proposal=proposal, target_digest=target, second_wanted=False, by="li", now=clock())


def test_a_unit_that_changes_its_address_keeps_pages_people_and_history(settings, portal, pages, clock):
    accounts.add_account(username="zhou", name="周静", unit_slug="tax", roles={"unit_editor"}, **account(clock))
    portal.approved(promised_limit_days=2)
    portal.write()
    revising.mark_published([1], clock())
    act(settings, clock, pages, rules.RENAME, to="shuiwu", former_slugs=["tax"])

    paths = {one.path for one in portal.write()}

    assert {"units/shuiwu/index.md", "units/shuiwu/procedures/wanshui.md", NOTICE_PATH} <= paths
    assert not (pages / "units/tax").exists()
    assert read(pages, NOTICE_PATH)["unit"] == "shuiwu"
    assert read(pages, "units/shuiwu/index.md")["former_slugs"] == ["tax"]
    assert errors(check_pages(pages, clock.today)) == []
    assert accounts.get_account("zhou").unit_slug == "shuiwu"
    assert store.get(1).page == "units/shuiwu/procedures/wanshui.md"
    assert len(page_versions.of_page("units/shuiwu/procedures/wanshui.md")) >= 2


def account(clock):
    return {"password_hash": "none", "actor": "test", "now": clock()}


@pytest.mark.parametrize("action", [rules.RENAME, rules.MERGE])
def test_a_move_killed_at_any_file_ends_in_the_same_place(settings, portal, pages, clock, monkeypatch, action):
    changes = (
        {"former_slugs": ["tax"]} if action == rules.RENAME else {"merged_into": "water", "ended_on": "2026-11-03"}
    )
    put(pages, "units/water/procedures/wanshui.md", {**PROCEDURE, "title": "同名的另一件", "code": "00003301000001"})
    act(settings, clock, pages, action, to="shuiwu" if action == rules.RENAME else "water", **changes)
    kills = 0
    while True:
        with monkeypatch.context() as patch:
            die_after(patch, writing, "write_page", kills % 4)
            die_after(patch, writing, "remove_page", kills % 2)
            try:
                portal.write()
                break
            except KeyboardInterrupt:
                kills += 1
                if kills > 8:
                    patch.undo()
                    portal.write()
                    break
    assert kills > 0
    assert errors(check_pages(pages, clock.today)) == []
    titles = sorted(page.title for page in read_pages(pages) if page.kind == "procedure")
    assert titles == ["同名的另一件", "开具完税证明", "用水报装"]


def die_after(patch, module, name, count):
    real, left = getattr(module, name), [count]

    def dying(*args, **named):
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        return real(*args, **named)

    patch.setattr(module, name, dying)


def test_a_merged_unit_keeps_its_page_and_gives_its_work_to_the_other(settings, portal, pages, clock):
    act(settings, clock, pages, rules.MERGE, to="water", merged_into="water", ended_on="2026-11-03")

    portal.write()

    assert read(pages, "units/tax/index.md")["merged_into"] == "water"
    assert read(pages, "units/water/procedures/wanshui.md")["title"] == PROCEDURE["title"]
    assert not (pages / "units/tax/procedures").exists()
    assert read(pages, NOTICE_PATH)["unit"] == "tax"
    assert errors(check_pages(pages, clock.today)) == []


def test_moving_a_unit_touches_every_page_that_names_it(settings, pages, clock):
    put(
        pages,
        "units/water/procedures/baozhuang.md",
        {**read(pages, "units/water/procedures/baozhuang.md"), "co_units": ["tax"]},
    )
    revision = act(settings, clock, pages, rules.RENAME, to="shuiwu", former_slugs=["tax"])

    plan = moving.plan(revising.book_of(settings), revision)

    assert "units/water/procedures/baozhuang.md" in {page.path for page in plan.pages}
    assert plan.pages[-1].path == "units/shuiwu/index.md"
    assert plan.removed[-1] == "units/tax/index.md"


BY_HAND = "about/help.md"
BODY = "# 帮助\n\n见[完税证明](../units/tax/procedures/wanshui.md)和[办税厅](../units/tax/index.md)。"


@pytest.mark.parametrize("action", [rules.RENAME, rules.MERGE])
def test_no_link_breaks_when_a_unit_moves_also_where_a_person_wrote_it(settings, portal, pages, clock, action):
    put(pages, "units/water/procedures/wanshui.md", {**PROCEDURE, "title": "同名的另一件", "code": "00003301000001"})
    notice = {**read(pages, NOTICE_PATH), "text": "见[完税证明](/units/tax/procedures/wanshui/)和[本厅](/units/tax/)。"}
    put(pages, NOTICE_PATH, notice)
    (pages / "about").mkdir()
    front = "---\nkind: page\ntitle: 帮助\nupdated_on: '2026-01-01'\n---\n"
    (pages / BY_HAND).write_text(f"{front}\n{BODY}\n", "utf-8")
    changes = (
        {"former_slugs": ["tax"]} if action == rules.RENAME else {"merged_into": "water", "ended_on": "2026-11-03"}
    )
    to = "shuiwu" if action == rules.RENAME else "water"

    revision = act(settings, clock, pages, action, to=to, **changes)
    assert errors(moving.findings(revising.book_of(settings), revision, clock.today)) == []
    portal.write()

    assert errors(check_pages(pages, clock.today)) == []
    text, body = read(pages, NOTICE_PATH)["text"], (pages / BY_HAND).read_text("utf-8")
    if action == rules.RENAME:
        assert "(/units/shuiwu/procedures/wanshui/)和[本厅](/units/shuiwu/)" in text
        assert "(../units/shuiwu/procedures/wanshui.md)和[办税厅](../units/shuiwu/index.md)" in body
    else:
        assert "(/units/water/procedures/wanshui-2/)和[本厅](/units/tax/)" in text
        assert "(../units/water/procedures/wanshui-2.md)和[办税厅](../units/tax/index.md)" in body


def test_a_page_that_a_person_linked_to_cannot_be_taken_down(settings, portal, pages, clock):
    (pages / "about").mkdir()
    front = "---\nkind: page\ntitle: 帮助\nupdated_on: '2026-01-01'\n---\n"
    (pages / BY_HAND).write_text(f"{front}\n{BODY}\n", "utf-8")
    page = revising.require_page(settings, PROCEDURE_PATH, clock())
    draft = revising.begin(page=page, data=page.data, by="zhou", now=clock(), action=rules.REMOVE)

    with pytest.raises(revising.HasErrors) as refused:
        portal.submit(draft)

    assert {finding.path for finding in refused.value.findings} == {BY_HAND}
