"""Every box of the office's forms against texts that break things: refused in words or kept as text, never a crash."""

import io

import pytest

from survey_app.store import ballots, batches
from survey_app.store.models import PaperCard
from tests.factories import make_codes
from tests.hostile.nasty import OWN, big_list

CODES, PAPER, PHONE = "/office/codes/2026-h2", "/office/paper/2026-h2", "/office/phone/2026-h2/tax"
BOXES = [
    ("issuer", CODES, ("group", "unit", "channel", "count", "kind", "label", "replaces", "reason")),
    ("issuer", f"{CODES}/void", ("label", "reason")),
    ("entry_clerk", f"{PAPER}/card", ("code", "unit", "q-attitude")),
    ("reviewer", f"{PAPER}/settle/1", ("c-attitude", "c-unit")),
    ("reviewer", f"{PAPER}/aside/1", ("reason",)),
    ("interviewer", PHONE, ("code", "nonce", "q-attitude")),
]
FINE = {"group": "citizen", "channel": "window", "count": "3", "kind": "cards"}  # three are always too few
TEXTS = list(dict.fromkeys([*OWN, *big_list()[::60]]))


@pytest.mark.parametrize(("role", "address", "boxes"), BOXES)
def test_no_text_in_any_box_breaks_the_page_or_stores_anything(open_round, signed_in, role, address, boxes):
    person = signed_in(role)
    for box in boxes:
        for text in TEXTS:
            if box == "count" and text.isdigit():
                continue  # a number is a number
            answer = person.post(address, data={**FINE, box: text})

            assert answer.status_code in (400, 404, 409, 422), (box, text, answer.status_code)
            assert "<script>alert" not in answer.text, (box, text)
            assert "onerror=alert(1)>" not in answer.text, (box, text)
    assert (batches.ledger("2026-h2"), ballots.count_ballots("2026-h2"), PaperCard.select().count()) == ([], 0, 0)


@pytest.mark.parametrize(("role", "address", "boxes"), BOXES)
def test_missing_extra_and_repeated_fields_and_bodies_too_large(open_round, signed_in, role, address, boxes):
    person = signed_in(role)

    assert person.post(address, data={}).status_code in (404, 422)
    assert person.post(address, data={"more": "1", boxes[0]: ["a", "b"]}).status_code in (404, 422)
    assert person.post(address, data={boxes[0]: "字" * 2_000_000}).status_code == 413
    assert person.post_without_token(address, data={boxes[0]: "1"}).status_code == 400


def test_a_reason_with_hidden_signs_or_too_long_is_refused_for_it_is_shown_to_citizens(
    open_round, signed_in, keys, clock
):
    make_codes(keys, clock)
    [row] = batches.ledger("2026-h2")
    issuer = signed_in("issuer")
    for reason in ("印\u202e错", "印\x00错", "错" * 201):
        assert issuer.post(f"{CODES}/void", data={"label": row.label, "reason": reason}).status_code == 422
    assert batches.ledger("2026-h2")[0].voided_on is None


def test_files_that_are_no_tags_are_refused_whatever_they_hold_and_whatever_their_name(open_round, signed_in):
    issuer = signed_in("issuer")
    for text in TEXTS:
        raw = text.encode("utf-8", "surrogatepass")
        answer = issuer.post(f"{CODES}/import", data={"file": (io.BytesIO(raw), "<script>alert(1)</script>.json")})
        assert answer.status_code == 422
        assert "<script>alert" not in answer.text
    assert batches.ledger("2026-h2") == []
