"""Doors: who comes in where, and who is sent to sign in."""

import pytest
from flask import Blueprint

from survey_app.web.doors import DOORS, door
from survey_app.web.sessions import WORK_ADDRESSES

COLLECTING = {"issuer", "round_officer", "reviewer", "entry_clerk", "interviewer"}
EVERYBODY = {
    "unit_editor",
    "unit_head",
    "publicity",
    "auditor",
    "administrator",
    "inspector",
    "discipline_officer",
    "case_handler",
} | COLLECTING
LETS_IN = {
    "public": EVERYBODY | {None},
    "signed_in": EVERYBODY,
    "results": EVERYBODY - {"administrator"},
    "unit_editor": {"unit_editor", "unit_head"},
    "publicity": {"publicity"},
    "desk": {"unit_editor", "unit_head", "publicity"},
    "administrator": {"administrator"},
    "auditor": {"auditor", "administrator"},
    "issuer": {"issuer"},
    "codes_ledger": {"issuer", "round_officer", "auditor"},
    "entry_clerk": {"entry_clerk"},
    "paper": {"entry_clerk", "reviewer", "round_officer"},
    "settler": {"entry_clerk", "reviewer"},
    "reviewer": {"reviewer"},
    "interviewer": {"interviewer"},
    "sealed": {"discipline_officer"},
    "rounds": {"round_officer", "auditor", "reviewer"},
    "round_officer": {"round_officer"},
    "key_keeper": {"round_officer", "auditor"},
    "closing": {"round_officer", "reviewer", "auditor"},
    "ruling": {"round_officer", "reviewer"},
    "everyday_results": {"round_officer", "reviewer", "auditor", "discipline_officer"},
    "unit_cases": {"case_handler", "unit_head"},
    "case_told_unit": {"case_handler", "unit_editor", "unit_head"},
    "case_told_office": {"interviewer", "entry_clerk", "reviewer"},
    "cases": {"reviewer", "discipline_officer", "auditor"},
    "orders": {"discipline_officer", "reviewer", "auditor"},
    "discipline": {"discipline_officer"},
    "order_steps": {"discipline_officer", "reviewer"},
    "unit_orders": {"unit_editor", "unit_head", "case_handler"},
    "unit_head": {"unit_head"},
    "assessments": {"discipline_officer", "entry_clerk", "auditor"},
    "assessment_entry": {"discipline_officer", "entry_clerk"},
    "inspections": {"inspector", "discipline_officer", "auditor"},
    "inspector": {"inspector"},
    "notes": {"inspector", "discipline_officer", "auditor", "unit_editor", "unit_head", "case_handler"},
    "notes_write": {"inspector", "discipline_officer", "unit_editor", "unit_head", "case_handler"},
    "disclosure": {"discipline_officer", "reviewer", "auditor", "publicity"},
}
READS = {"publicity", "administrator", "codes_ledger", "paper"}  # an auditor's, with GET alone
ROLES = sorted(LETS_IN["signed_in"])


@pytest.fixture
def rooms(app):
    """One page behind each door."""
    made = Blueprint("rooms", __name__, url_prefix="/desk/rooms")
    for name in DOORS:
        made.add_url_rule(f"/{name}", name, door(name)(lambda: "inside"), methods=["GET", "POST"])
    made.add_url_rule("/none", "none", lambda: "inside")
    app.register_blueprint(made)
    return app


def test_every_door_of_the_house_is_looked_at_here():
    assert set(LETS_IN) == set(DOORS)


@pytest.mark.parametrize("name", DOORS)
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_doors_and_no_other(rooms, signed_in, role, name):
    answer = signed_in(role).get(f"/desk/rooms/{name}")

    opens = role in LETS_IN[name] or (role == "auditor" and name in READS)
    assert (answer.status_code == 200) == opens
    assert answer.status_code in (200, 403)
    assert ("inside" in answer.text) == opens


@pytest.mark.parametrize("name", sorted(READS - {"codes_ledger"}))
def test_an_auditor_reads_behind_a_door_of_others_and_is_refused_their_forms(rooms, signed_in, name):
    auditor = signed_in("auditor")

    assert auditor.get(f"/desk/rooms/{name}").text == "inside"
    assert auditor.post(f"/desk/rooms/{name}").status_code == 403


@pytest.mark.parametrize("name", DOORS)
def test_somebody_without_an_account_is_sent_to_sign_in_and_back(rooms, name):
    answer = rooms.test_client().get(f"/desk/rooms/{name}?page=2")

    if name == "public":
        assert answer.text == "inside"
    else:
        assert answer.status_code == 303
        assert answer.location == f"/account/login?next=/desk/rooms/{name}?page%3D2"


def test_nobody_gets_through_a_view_that_names_no_door(rooms, signed_in):
    assert signed_in("administrator").get("/desk/rooms/none").status_code == 403


@pytest.mark.parametrize("name", [name for name in DOORS if name != "public"])
def test_a_form_without_its_token_is_refused_and_says_what_to_do(rooms, signed_in, name):
    client = signed_in(sorted(LETS_IN[name])[0])
    refused = client.post_without_token(f"/desk/rooms/{name}", data={"csrf_token": "made-up"})

    assert refused.status_code == 400
    assert "刷新后再提交" in refused.text
    assert client.post(f"/desk/rooms/{name}").text == "inside"


def test_a_form_of_another_persons_session_is_refused(rooms, signed_in):
    mine, other = signed_in("unit_editor", username="a-1"), signed_in("unit_editor", username="b-2")
    mine.token = other.token

    assert mine.post("/desk/rooms/unit_editor").status_code == 400


def test_every_door_but_the_public_one_stands_where_sessions_exist(app):
    outside = [
        rule.rule
        for rule in app.url_map.iter_rules()
        if app.view_functions[rule.endpoint].door != "public" and not rule.rule.startswith(WORK_ADDRESSES)
    ]

    assert outside == []


def test_the_public_side_sets_no_cookie_and_asks_for_no_token(citizen):
    for address in ("/", "/r", "/rate/2026-h2", "/rate/2026-h2/tax", "/receipt", "/health", "/nowhere"):
        answer = citizen.get(address)
        assert "session" not in str(answer.headers.getlist("Set-Cookie")), address
        assert "Cookie" not in answer.headers.get("Vary", ""), address
        assert "csrf" not in answer.text, address

    assert citizen.post("/r", data={"code": "nonsense"}).status_code == 422


def test_the_public_side_does_not_know_who_has_signed_in(signed_in):
    client = signed_in("unit_editor", username="zhou")
    answer = client.get("/r")

    assert "zhou" not in answer.text
    assert "Set-Cookie" not in answer.headers
