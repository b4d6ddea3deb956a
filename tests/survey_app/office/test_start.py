"""The start page: what waits for each role, and nothing that is another's."""

import re
from datetime import timedelta

import pytest

from survey_app.domain.roles import ROLES
from survey_app.publishing.revisions import revising
from survey_app.store import revisions
from tests.accounts import make_account
from tests.factories import make_codes, make_round
from tests.survey_app.unit.pages import give_desk_pages

PAPER = "/office/paper/2026-h2"
WORKS_AT = {
    "unit_editor": "/desk/",
    "unit_head": "/desk/",
    "publicity": "/desk/review/",
    "issuer": "/office/codes",
    "round_officer": "/office/codes",
    "reviewer": "/office/paper",
    "entry_clerk": "/office/paper",
    "interviewer": "/office/phone",
    "auditor": "/account/events/",
    "administrator": "/account/people/",
}
SHARED = {
    "administrator": {"/account/events/"},
    "auditor": {"/office/codes", "/office/paper", "/desk/review/", "/account/people/"},
    "round_officer": {"/office/paper"},
}


def waiting(client):
    return [
        re.sub(r"\s+", "", line)
        for line in re.findall(r'<li><span><span class="p-tag.*?<a [^>]*>(.*?)</a>', page_of(client), re.S)
    ]


def page_of(client):
    answer = client.get("/office/")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("role", ROLES)
def test_every_role_has_a_start_page_that_says_where_it_works(open_round, settings, signed_in, role):
    give_desk_pages(settings.pages)
    page = page_of(signed_in(role))

    assert "等您办的" in page
    assert f'href="{WORKS_AT.get(role, "/account/")}"' in page
    others = {place for other, place in WORKS_AT.items() if other != role} - {WORKS_AT.get(role)}
    shared = SHARED.get(role, set())
    places = page.split('id="places"')[1]
    assert [place for place in others - shared if f'href="{place}"' in places] == []


def test_nothing_to_do_is_said_with_what_will_come(open_round, signed_in):
    assert "现在没有等您办的。有新的，会列在这里。" in page_of(signed_in("case_handler"))


def test_an_issuer_reads_which_round_has_no_codes_yet(open_round, keys, clock, signed_in):
    issuer = signed_in("issuer")
    assert waiting(issuer).count("1轮评议还没有发码") == 3  # noise: an older round and a draft have none either
    make_codes(keys, clock, count=20)
    assert waiting(issuer).count("1轮评议还没有发码") == 2


def test_a_clerk_reads_what_waits_for_the_other_pair_of_eyes(open_round, keys, clock, signed_in):
    cards = make_codes(keys, clock, count=20, channel="paper", unit_slug="tax")
    one, other, third = (signed_in("entry_clerk", username=name) for name in ("li", "he", "xu"))
    for code in cards[:3]:
        one.post(f"{PAPER}/card", data={"code": code, "unit": "", "q-attitude": "5", "q-overall": "4"})
    other.post(f"{PAPER}/card", data={"code": cards[0], "unit": "", "q-attitude": "2", "q-overall": "4"})

    assert waiting(one) == ["1张纸卡两遍不同，等核对"]
    assert waiting(other) == ["1张纸卡两遍不同，等核对", "2张纸卡等第二遍录入"]
    assert waiting(third) == ["2张纸卡等第二遍录入"]
    assert waiting(signed_in("reviewer")) == ["1张纸卡两遍不同，等核对"]


def test_an_officer_reads_which_round_should_have_been_closed_or_opened(open_round, settings, clock, signed_in):
    officer = signed_in("round_officer")
    before = waiting(officer)
    clock.later(days=(open_round.closes_on - clock.today).days + 1)
    make_round(
        settings,
        "2026-extra",
        opens_on=str(clock.today),
        closes_on=str(clock.today + timedelta(30)),
        clock=clock,
        opened=False,
    )
    officer = signed_in("round_officer", username="next")

    assert before == ["1轮评议过了截止日，还没有截止"]  # 2026-h1, the noise round of the spring
    assert sorted(waiting(officer)) == ["1轮评议到了开始日，还没有开始", *2 * ["1轮评议过了截止日，还没有截止"]]


def test_the_office_and_the_editor_read_how_many_papers_wait(settings, signed_in, clock, store):
    give_desk_pages(settings.pages)
    page = revising.book_of(settings).by_path["units/tax/index.md"]
    made = revisions.draft(
        proposal=revising.proposal(page, {**page.data, "lead": "新的说法。"}), by="zhou", now=clock()
    )
    editor, other, office = (
        signed_in("unit_editor", "tax"),
        signed_in("unit_editor", "water"),
        signed_in("publicity", ""),
    )

    assert waiting(editor) == ["1份草稿没有写完"]
    assert waiting(other) == []
    assert waiting(office) == []
    revisions.submit(number=made.number, version=made.version, by="zhou", now=clock())
    assert waiting(office) == ["1份修订稿等审核"]
    revisions.give_back(number=made.number, version=made.version + 1, reason="缺依据", by="li", now=clock())
    assert waiting(editor) == ["1份修订稿退回来了或有冲突"]


def test_the_administrator_reads_who_has_not_changed_the_start_password(open_round, clock, signed_in):
    make_account(clock, "new-one", "inspector", must_change_password=True)
    admin = signed_in("administrator")

    assert waiting(admin) == ["1个账号还没改起始密码"]
    assert "new-one" in admin.get("/account/people/?state=start").text
    assert "/account/people/new-one" not in admin.get("/account/people/?state=both").text


@pytest.mark.parametrize(
    ("role", "page"), [("unit_editor", "/desk/"), ("unit_head", "/desk/"), ("case_handler", "/desk/cases")]
)
def test_whoever_works_at_a_desk_is_led_back_to_the_start_page(open_round, signed_in, role, page):
    tabs = re.search(r'<nav class="p-tabs".*?</nav>', signed_in(role).get(page).text, re.DOTALL)[0]

    assert tabs.index('href="/office/"') < tabs.index('href="/desk/')
