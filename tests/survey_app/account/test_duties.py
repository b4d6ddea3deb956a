"""Who may do what, walked through all routes: the auditor changes nothing, wrong doors are noted, the table is true."""

from pathlib import Path

import pytest

from survey_app.cli.routes import table
from survey_app.store import accounts, audit
from survey_app.store.database import database
from survey_app.web.doors import OPENED_BY
from tests.accounts import make_account
from tests.factories import make_codes
from tests.survey_app.unit.pages import give_desk_pages

HOME = Path(__file__).resolve().parents[3]
FILLED = {
    "round_code": "2026-h2",
    "unit_slug": "tax",
    "procedure_slug": "x",
    "name": "tax",
    "path": "units/tax/index",
    "number": 1,
    "file": 1,
}
OWN = {"account.password", "account.second_factor", "account.second_factor_off", "account.recovery_codes"}


@pytest.fixture
def portal(open_round, app, settings, keys, clock, signed_in):
    """A round with codes, pages and a draft of a unit: something to read and something that could be changed."""
    give_desk_pages(settings.pages)
    make_codes(keys, clock, count=20)
    make_account(clock, "noise", "inspector")
    return app


def rules(app, method):
    """(address, door) of every route with this method that is not public."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            door = app.view_functions[rule.endpoint].door
            if method in rule.methods and OPENED_BY[door] is not None and rule.endpoint not in OWN:
                values = {name: FILLED.get(name, "x") for name in rule.arguments}
                yield app.url_map.bind("x").build(rule.endpoint, values, method=method), door


KEPT_BY_ITSELF = {"audit_event", "audit_head", "sign_in_guard", "page_version"}  # whoever looks, the portal notes pages


def contents():
    """Every row of every table that only people's deeds change."""
    names = set(database.get_tables()) - KEPT_BY_ITSELF
    return {name: sorted(map(repr, database.execute_sql(f'SELECT * FROM "{name}"'))) for name in names}  # noqa: S608


def test_an_auditor_walks_through_every_page_and_every_form_and_changes_nothing(portal, signed_in):
    auditor = signed_in("auditor", username="watch")
    before = contents()
    read = [address for address, _door in rules(portal, "GET") if auditor.get(address).status_code == 200]
    done = []
    for address, door in rules(portal, "POST"):
        if door not in ("signed_in", "key_keeper"):  # one of the two copies of a round's key is the auditor's
            done.append((auditor.post(address, data={"reason": "x", "verdict": "ok"}).status_code, address))

    assert contents() == before
    assert [address for status, address in done if status != 403] == []
    assert len(done) > 25
    assert {"/office/codes/2026-h2", "/desk/review/", "/account/people/", "/account/events/", "/office/paper"} <= set(
        read
    )


def test_an_auditor_never_sees_what_somebody_typed_from_a_card(portal, signed_in):
    auditor = signed_in("auditor", username="watch")

    for address in ("/office/paper/2026-h2/card", "/office/paper/2026-h2/settle/1", "/office/phone/2026-h2/tax"):
        assert auditor.get(address).status_code in (403, 404), address


@pytest.mark.parametrize("role", ["administrator", "inspector", "case_handler"])
def test_whoever_has_no_content_is_refused_every_form_of_content(portal, signed_in, role):
    person, before = signed_in(role, username="someone"), contents()
    allowed = {"administrator", "signed_in"} if role == "administrator" else {"signed_in"}
    done = [
        (person.post(address).status_code, address)
        for address, door in rules(portal, "POST")
        if door not in allowed and not {role} & (OPENED_BY[door] or set())
    ]

    assert [one for one in done if one[0] != 403] == []
    assert contents() == before


def test_a_wrong_door_is_written_down_once_a_minute_without_what_stood_in_the_address(portal, signed_in, clock):
    clerk = signed_in("entry_clerk", username="he")
    for _ in range(30):
        clerk.get("/office/codes/2026-h2")
        clerk.post("/office/codes/2026-h2/void", data={"reason": "秘密"})
    events = audit.list_events(audit.Wanted(action="door"))

    assert [(e.actor, e.subject, e.detail["method"], e.detail["code"]) for e in events] == [
        ("he", "/office/codes/<round_code>/void", "POST", "not-your-door"),
        ("he", "/office/codes/<round_code>", "GET", "not-your-door"),
    ]
    clock.later(minutes=1)
    clerk.get("/office/codes/2026-h2")
    assert audit.count_events(audit.Wanted(action="door")) == 3
    assert audit.verify() == []


def test_another_units_page_is_a_wrong_door_too(portal, signed_in):
    editor = signed_in("unit_editor", "tax", "zhou")

    assert editor.get("/desk/page/units/water/index").status_code == 403
    [event] = audit.list_events(audit.Wanted(action="door"))
    assert (event.actor, event.detail["code"]) == ("zhou", "not-your-unit")


def test_strangers_fill_no_log(portal):
    stranger = portal.test_client()
    stranger.get("/office/codes/2026-h2")
    stranger.post("/r", headers={"Sec-Fetch-Site": "cross-site"})

    assert audit.count_events(audit.Wanted(action="door")) == 0


def test_handing_over_does_not_join_what_must_stay_apart(portal, signed_in, clock):
    admin = signed_in("administrator", username="boss")
    make_account(clock, "fama", "issuer")
    make_account(clock, "zhuanyuan", "round_officer")
    answer = admin.post("/account/people/fama/hand-over", data={"successor": "zhuanyuan"})

    assert answer.status_code == 422
    assert "发码人和评议专员不能是同一个账号" in answer.text
    assert accounts.get_account("fama").active
    assert accounts.get_account("zhuanyuan").roles == {"round_officer"}


def test_the_table_of_routes_is_the_one_the_app_has(app):
    assert (HOME / "docs" / "routes.md").read_text("utf-8") == table(app), "run `make routes`"


def test_an_auditor_reads_how_much_was_done_within_the_week(portal, signed_in, clock):
    clock.later(days=8)
    make_account(clock, "late", "inspector")
    auditor = signed_in("auditor", username="watch")

    assert "2条操作记录是最近7天的，请抽查" in auditor.get("/office/").text  # and the auditor's own account
