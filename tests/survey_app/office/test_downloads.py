"""Downloads: by role, found by filters, under stable names, each with its event; large files in the background."""

import csv
import hashlib
import io
import os
import time
import zipfile

import pytest
from openpyxl import load_workbook

from survey_app import jobs
from survey_app.jobs import preparing
from survey_app.office import offers
from survey_app.store import audit
from tests.accounts import make_account
from tests.factories import make_codes

PAGE = "/office/downloads"
ROUND = """---
kind: round
title: {title}
code: {code}
status: {status}
opens_on: '2026-04-08'
closes_on: '{closes_on}'
{published}method_sha256: {digest}
units: 2
---
"""
SCORES = """unit,class,n,score,score_exact,low,high,satisfied_pct,tier,rank_low,rank_high,unrated_pct
tax,window,92,54.78,4711911/86020,50.85,58.65,53.1,review,1,2,38.7
water,window,,,,,,,,,,90.0
"""


@pytest.fixture
def results(settings):
    """A campaign in its second version, a month of everyday ratings, and a round not yet published as noise."""

    def put(code, closes_on, status="published", title="2026年上半年群众评议", **files):
        folder = settings.pages / "results" / code
        folder.mkdir(parents=True)
        published = "published_on: '2026-07-15'\n" if status == "published" else ""
        page = ROUND.format(
            title=title, code=code, status=status, closes_on=closes_on, published=published, digest="0" * 64
        )
        (folder / "index.md").write_text(page)
        for name, text in files.items():
            (folder / name.replace("__", ".")).write_text(text)
        return folder

    both = {"results__xlsx": "workbook", "notice__docx": "notice", "brief__docx": "brief"}
    first = put("2026-h1", "2026-06-30", scores__csv=SCORES, manifest__json="{}", **both)
    (first / "v1").mkdir()
    put("everyday-2025-12", "2025-12-31", title="2025年12月好差评", results__xlsx="month", scores__csv=SCORES)
    put("2026-h2", "2026-12-01", "open", results__xlsx="secret")
    return first


@pytest.fixture
def by_hand(monkeypatch):
    """The queue is asked and nobody works on it: the test does, when it wants to."""
    asked = []
    monkeypatch.setattr(jobs, "prepare_soon", lambda settings: asked.append(settings))
    return asked


def names_on(answer):
    return [part.split('"')[0] for part in answer.text.split(f'<a href="{PAGE}/')[1:]]


ALL = [
    "2026-h1-v2-20260715-results.xlsx",
    "2026-h1-v2-20260715-notice.docx",
    "2026-h1-v2-20260715-brief.docx",
    "2026-h1-v2-20260715-data.zip",
    "everyday-2025-12-v1-20260715-results.xlsx",
]


@pytest.mark.parametrize("role", ["discipline_officer", "unit_editor", "publicity", "inspector"])
def test_what_is_published_is_for_all_who_work_with_it(open_round, results, signed_in, role):
    names = names_on(signed_in(role).get(PAGE))
    briefs = {name for name in names if name.startswith("brief-")}
    ledgers = {name for name in names if name.startswith(("orders-", "assessments-", "findings-"))}
    assert sorted(set(names) - briefs - ledgers) == sorted(ALL)
    assert ("brief-2026-10-20261103.docx" in briefs) == bool(briefs) == (role == "discipline_officer")
    assert len(ledgers) == (3 if role == "discipline_officer" else 0)


@pytest.mark.parametrize(
    ("role", "ledger", "log", "published"),
    [
        ("issuer", True, False, True),
        ("round_officer", True, False, True),
        ("auditor", True, True, True),
        ("administrator", False, True, False),
        ("entry_clerk", False, False, True),
    ],
)
def test_ledgers_and_the_log_are_for_their_roles_alone(
    open_round, results, keys, clock, signed_in, role, ledger, log, published
):
    make_codes(keys, clock, count=20)
    client = signed_in(role)
    names = names_on(client.get(PAGE))

    assert ("2026-h2-codes-20261103.xlsx" in names) == ledger
    assert ("audit-log-2026-11-until-20261103.csv" in names) == log
    assert (ALL[0] in names) == published
    for name, allowed in (
        ("2026-h2-codes-20261103.xlsx", ledger),
        ("audit-log-2026-11-until-20261103.csv", log),
        (ALL[0], published),
    ):
        assert (client.get(f"{PAGE}/{name}").status_code == 200) == allowed
        if not allowed:
            assert client.post(f"{PAGE}/{name}").status_code == 404


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("kind=notice", [ALL[1]]),
        ("period=2025", [ALL[4]]),
        ("instrument=everyday", [ALL[4]]),
        ("instrument=campaign&kind=workbook", [ALL[0]]),
        ("q=h1-v2&kind=data", [ALL[3]]),
        ("period=1999", ALL),  # no such year: said, and not applied
    ],
)
def test_files_are_found_by_kind_year_way_and_words(open_round, results, signed_in, query, names):
    assert sorted(names_on(signed_in("publicity").get(f"{PAGE}?{query}"))) == sorted(names)


def test_a_file_comes_as_published_and_who_took_it_is_in_the_log(open_round, results, signed_in):
    officer = signed_in("discipline_officer", username="jijian")
    answer = officer.get(f"{PAGE}/{ALL[1]}")
    [event] = audit.list_events(audit.Wanted(action="download"))

    assert answer.data == b"notice"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{ALL[1]}"'
    assert "wordprocessingml" in answer.headers["Content-Type"]
    assert (event.actor, event.subject) == ("jijian", ALL[1])
    assert event.detail["sha256"] == hashlib.sha256(b"notice").hexdigest()
    assert event.detail["title"] == "2026年上半年群众评议，通报（Word）"


def test_the_data_of_a_round_come_together_and_the_same_bytes_each_time(open_round, results, signed_in):
    officer = signed_in("discipline_officer")
    one, other = (officer.get(f"{PAGE}/{ALL[3]}").data for _ in range(2))

    assert one == other
    archive = zipfile.ZipFile(io.BytesIO(one))
    assert sorted(archive.namelist()) == ["manifest.json", "scores.csv"]
    assert archive.read("scores.csv").decode() == SCORES


@pytest.mark.parametrize(
    "name", ["2026-h2-v1-20260715-results.xlsx", "..%2F..%2Fkeys", "nonsense", "2026-h1-v1-20260715-results.xlsx"]
)
def test_what_is_not_offered_is_not_given(open_round, results, signed_in, name):
    answer = signed_in("discipline_officer").get(f"{PAGE}/{name}")

    assert answer.status_code == 404
    assert audit.count_events(audit.Wanted(action="download")) == 0


def test_the_ledger_of_codes_is_a_workbook_of_numbers(open_round, keys, clock, signed_in):
    make_codes(keys, clock, count=20)
    answer = signed_in("issuer").get(f"{PAGE}/2026-h2-codes-20261103.xlsx")
    [head, row] = load_workbook(io.BytesIO(answer.data)).active.iter_rows(values_only=True)

    assert dict(zip(head, row, strict=True))["已发"] == 20


def test_tables_of_pages_are_downloads_too(open_round, signed_in):
    editor = signed_in("unit_editor", "tax", "zhou")
    answer = editor.get("/desk/tables/template")
    [event] = audit.list_events(audit.Wanted(action="download"))

    assert (event.actor, event.subject) == ("zhou", "政务公开表格模板.xlsx")
    assert event.detail["sha256"] == hashlib.sha256(answer.data).hexdigest()
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]


# ---- in the background

LOG = "audit-log-2026-11-until-20261103.csv"


def test_a_large_file_is_asked_for_made_and_fetched(open_round, settings, clock, signed_in, by_hand):
    make_account(clock, "zhou", "inspector", name="=1+1")
    auditor = signed_in("auditor", username="watch")
    assert "开始做" in auditor.get(f"{PAGE}/{LOG}").text
    assert auditor.get(f"{PAGE}/{LOG}/file").status_code == 303  # not there yet

    assert auditor.post(f"{PAGE}/{LOG}").location == f"{PAGE}/{LOG}"
    waiting = auditor.get(f"{PAGE}/{LOG}")
    assert waiting.headers["Refresh"] == "2"
    assert "已排上" in waiting.text
    assert "再看一次" in waiting.text
    preparing.prepare_all(settings)

    ready = auditor.get(f"{PAGE}/{LOG}")
    assert "做好了" in ready.text
    assert "Refresh" not in ready.headers
    answer = auditor.get(f"{PAGE}/{LOG}/file", buffered=True)
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == ["number", "at_utc", "actor", "action", "subject", "detail"]
    assert [int(row[0]) for row in rows[1:]] == list(range(1, audit.head()[0]))
    [event] = audit.list_events(audit.Wanted(action="download"))
    assert event.detail["sha256"] == hashlib.sha256(answer.data).hexdigest()
    assert by_hand == [settings]


def test_a_month_in_many_lots_has_one_header_and_every_event_once(store, settings, clock, monkeypatch):
    monkeypatch.setattr(offers, "LOT", 3)
    for number in range(8):
        make_account(clock, f"person-{number}", "inspector")
    clock.later(days=40)
    make_account(clock, "december", "inspector")
    told = []
    out = io.BytesIO()
    offers._write_log(settings, "2026-11", out, lambda done, total: told.append((done, total)))
    rows = list(csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"))))

    assert [row[0] for row in rows] == ["number", *map(str, range(1, 9))]
    assert told == [(3, 8), (6, 8), (8, 8)]


def test_a_file_asked_for_twice_is_made_once_and_one_that_failed_can_be_asked_for_again(settings):
    made = []

    @preparing.maker("trial")
    def _trial(_settings, argument, out, progress):
        made.append(argument)
        progress(1, 2)
        out.write(b"whole")
        if len(made) == 1:
            raise preparing.Refusal

    preparing.want(settings, "a.csv", kind="trial", argument="x")
    preparing.want(settings, "a.csv", kind="trial", argument="x")
    preparing.prepare_all(settings)
    assert preparing.preparation(settings, "a.csv").state == preparing.FAILED
    assert preparing.ready_file(settings, "a.csv") is None
    assert sorted(file.name for file in (settings.var / "downloads").iterdir()) == ["a.csv.json"]

    preparing.want(settings, "a.csv", kind="trial", argument="x")
    preparing.prepare_all(settings)
    preparing.prepare_all(settings)
    assert preparing.ready_file(settings, "a.csv").read_bytes() == b"whole"
    assert made == ["x", "x"]


def test_what_a_kill_interrupted_is_made_by_whoever_works_next(settings):
    @preparing.maker("killed")
    def _killed(_settings, argument, out, progress):
        progress(1, 10)
        out.write(argument.encode())
        if argument == "die":
            raise KeyboardInterrupt

    preparing.want(settings, "k.csv", kind="killed", argument="die")
    with pytest.raises(KeyboardInterrupt):
        preparing.prepare_all(settings)
    known = preparing.preparation(settings, "k.csv")
    assert (known.state, known.done, known.total) == (preparing.RUNNING, 1, 10)
    preparing._write(settings, preparing.replace(known, argument="live"))
    preparing.prepare_all(settings)

    assert preparing.ready_file(settings, "k.csv").read_bytes() == b"live"


def test_a_file_is_kept_for_a_day(settings):
    @preparing.maker("old")
    def _old(_settings, _argument, out, _progress):
        out.write(b"old")

    preparing.want(settings, "o.csv", kind="old", argument="")
    preparing.prepare_all(settings)
    day_ago = time.time() - 24 * 3600 - 1
    for file in (settings.var / "downloads").iterdir():
        os.utime(file, (day_ago, day_ago))

    assert preparing.ready_file(settings, "o.csv") is None
    preparing.prepare_all(settings)
    assert list((settings.var / "downloads").iterdir()) == []


# ---- scores by unit and class


def test_scores_are_found_by_year_class_unit_and_way(open_round, results, signed_in):
    officer = signed_in("discipline_officer")

    def found(query):
        rows = load_workbook(io.BytesIO(officer.get(f"/office/scores?as=xlsx&{query}").data)).active.iter_rows(
            values_only=True
        )
        return [(row[0], row[1], row[4], row[5]) for row in rows][1:]

    tax, water = "办税服务厅", "供水服务厅"
    h1, month = "2026年上半年群众评议", "2025年12月好差评"
    assert found("") == [
        (tax, h1, 92, 54.78),
        (water, h1, None, None),
        (tax, month, 92, 54.78),
        (water, month, None, None),
    ]
    assert found("unit=tax&period=2026") == [(tax, h1, 92, 54.78)]
    assert found("instrument=everyday&unit=water") == [(water, month, None, None)]
    assert found("class=window&sort=-unit&period=2026") == [(water, h1, None, None), (tax, h1, 92, 54.78)]
    assert len(found("class=township")) == 4  # no such class here: said, and not applied
    page = officer.get("/office/scores").text
    assert "2026-h2" not in page
    assert "档次待核" in page


def test_the_administrator_sees_no_score(open_round, results, signed_in):
    assert signed_in("administrator").get("/office/scores").status_code == 403
