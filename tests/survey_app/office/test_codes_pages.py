"""The issuer on the web: one download, a ledger of numbers, a batch voided; the others see numbers alone."""

import csv
import io
import re

import pytest

from survey_app.domain import batches as rules
from survey_app.domain import codes as code_words
from survey_app.domain.batches import Scope
from survey_app.store import audit, batches
from tests.factories import cast, make_codes

PAGE = "/office/codes/2026-h2"
ORDER = {"group": "citizen", "unit": "tax", "channel": "window", "count": "12", "kind": "messages"}


@pytest.fixture
def issuer(open_round, signed_in):
    return signed_in("issuer")


def label_on(page):
    return re.search(r'name="label" value="(\w{4})"', page.text)[1]


def codes_in(answer):
    [head, *rows] = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert head == ["短信内容"]
    return [re.search(r"评议码 (\w{5}-\w{5}) ", message)[1] for [message] in rows]


def test_a_batch_of_messages_is_one_download_whose_codes_admit(issuer, keys, clock):
    answer = issuer.post(PAGE, data={**ORDER, "label": label_on(issuer.get(PAGE))})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert re.fullmatch(r'attachment; filename="2026-h2-\w{4}-messages.csv"', answer.headers["Content-Disposition"])
    codes = codes_in(answer)
    assert len(set(codes)) == 12
    cast(keys, clock, code_words.parse_code(codes[0]))
    assert not [code for code in codes if code in issuer.get(PAGE).text]
    actions = [(e.actor, e.action) for e in audit.list_events(audit.Wanted(action="codes"))]
    assert actions == [("issuer", "codes.download"), ("issuer", "codes.issue")]


def test_the_same_form_sent_twice_issues_one_batch(issuer):
    order = {**ORDER, "label": label_on(issuer.get(PAGE))}
    issuer.post(PAGE, data=order)
    again = issuer.post(PAGE, data=order)

    assert again.status_code == 409
    assert f"第{order['label']}批已经在台账里" in again.text
    assert [row.issued for row in batches.ledger("2026-h2")] == [12]


@pytest.mark.parametrize(
    ("channel", "kind", "name"), [("window", "cards", "cards.pdf"), ("paper", "cards", "paper.pdf")]
)
def test_cards_come_as_a_pdf_and_paper_as_questionnaires(issuer, channel, kind, name):
    answer = issuer.post(PAGE, data={**ORDER, "channel": channel, "kind": kind})

    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"].endswith(f'-{name}"')
    assert [row.channel for row in batches.ledger("2026-h2")] == [channel]


@pytest.mark.parametrize(
    ("wrong", "status", "words"),
    [
        ({"count": "9"}, 422, "一批至少10个"),
        ({"count": "-1"}, 422, "请填整数"),
        ({"count": ""}, 422, "请填整数"),
        ({"count": "１２"}, 422, "请填整数"),
        ({"count": "2001"}, 422, "最多发2000个"),
        ({"count": "9" * 5000}, 422, "最多发2000个"),
        ({"group": "nobody"}, 422, "没有“nobody”这个评议主体"),
        ({"channel": "open"}, 422, "不能用于渠道“open”"),
        ({"unit": "library"}, 404, "不评这个单位"),
        ({"kind": "carrier-pigeon"}, 422, "请选做成卡片还是短信"),
        ({"channel": "paper"}, 422, "不能用短信发"),
        ({"replaces": "0000", "reason": "印错"}, 404, "没有第0000批"),
    ],
)
def test_a_wrong_order_is_refused_once_in_words_and_issues_nothing(issuer, wrong, status, words):
    answer = issuer.post(PAGE, data={**ORDER, **wrong})

    assert answer.status_code == status
    assert answer.text.count(words) == 1
    assert batches.ledger("2026-h2") == []
    assert f'value="{ORDER["unit"]}" selected' in answer.text or "unit" in wrong


def test_a_voided_batch_is_marked_and_can_be_replaced_in_one_step(issuer, keys, clock):
    make_codes(keys, clock, count=20)
    issuer.post(PAGE, data={**ORDER, "channel": "paper", "kind": "cards"})
    noise, mine = batches.ledger("2026-h2")
    form = issuer.get(f"{PAGE}?replaces={mine.label}")
    assert f"补发，同时作废第{mine.label}批" in form.text
    without_reason = {**ORDER, "channel": "paper", "kind": "cards", "replaces": mine.label}
    assert "请写明为什么作废或剔出" in issuer.post(PAGE, data=without_reason).text

    issuer.post(PAGE, data={**without_reason, "reason": "印错"})
    issuer.post(f"{PAGE}/void", data={"label": noise.label, "reason": "外泄"})

    rows = [(r.void, r.unused, r.void_reason, r.replaces) for r in batches.ledger("2026-h2")]
    assert rows == [(20, 0, "外泄", ""), (12, 0, "印错", ""), (0, 12, "", mine.label)]
    page = issuer.get(PAGE).text
    assert page.count('p-tag--warn">! 已作废') == 2
    assert f"代替第{mine.label}批" in page


def test_the_batch_just_issued_stands_at_the_top_of_the_ledger(issuer, keys, clock):
    for _ in range(51):  # more than a page
        make_codes(keys, clock, count=10)
    issuer.post(PAGE, data=ORDER)

    labels = re.findall(r'<th scope="row" role="rowheader">\s*(\w{4})\s*</th>', issuer.get(PAGE).text)
    assert labels == [row.label for row in reversed(batches.ledger("2026-h2"))][:50]


def test_tags_made_elsewhere_are_imported_and_altered_or_foreign_ones_refused(issuer, keys, open_round):
    key = code_words.issue_key(keys.admit, round_code="2026-h2")
    made = rules.make_batch(batches.terms_of(open_round), Scope("citizen", "window"), 10)
    text = rules.tags_text(rules.tagged(made, round_code="2026-h2", issue_key=key), key)

    def send(content):
        return issuer.post(f"{PAGE}/import", data={"file": (io.BytesIO(content), "x-tags.json")})

    for bad, status in (
        (b"", 422),
        (b"\xff\xfe", 422),
        (text.replace("window", "paper").encode(), 422),
        (b"[" * 9999, 422),
    ):
        assert send(bad).status_code == status
    assert issuer.post(f"{PAGE}/import", data={}).status_code == 422
    assert batches.ledger("2026-h2") == []
    assert send(text.encode()).status_code == 303
    assert [row.label for row in batches.ledger("2026-h2")] == [made.label]
    assert send(text.encode()).status_code == 409


@pytest.mark.parametrize("role", ["round_officer", "auditor"])
def test_those_who_watch_see_the_numbers_and_can_issue_nothing(open_round, signed_in, keys, clock, role):
    code, *_ = make_codes(keys, clock, count=20, unit_slug="water", group="enterprise")
    cast(keys, clock, code, unit="water")
    watcher = signed_in(role)
    page = watcher.get(PAGE).text

    assert "5.0%" in page
    assert "供水服务厅" in page
    assert "发码并下载" not in page
    for address in (PAGE, f"{PAGE}/void", f"{PAGE}/import"):
        assert watcher.post(address, data=ORDER).status_code == 403
    assert len(batches.ledger("2026-h2")) == 1


def test_more_codes_than_people_are_pointed_out(issuer, keys, clock):
    make_codes(keys, clock, count=40, unit_slug="water", group="enterprise")  # a panel of 40: exactly all
    assert "多于人数" not in issuer.get(PAGE).text


@pytest.mark.parametrize("role", ["entry_clerk", "interviewer", "unit_editor", "administrator"])
def test_whoever_else_has_an_account_sees_no_ledger(open_round, signed_in, role):
    assert signed_in(role).get(PAGE).status_code == 403


def test_nobody_without_an_account_sees_it(open_round, citizen):
    assert citizen.get(PAGE).status_code == 303
