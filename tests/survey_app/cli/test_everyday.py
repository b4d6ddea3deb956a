"""Everyday ratings at the command line: slips, the ledger, a month."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from survey_app.cli import main
from survey_app.domain.codes import parse_code
from survey_app.domain.everyday import month_of, months_after
from survey_app.store import visits
from tests.everyday import codes_on, make_promises, rate

THIS = month_of(datetime.now(UTC).date())


@pytest.fixture
def pingyi(settings, store, monkeypatch):
    """Run a command on this test's portal."""
    make_promises(settings.pages)
    for name in ("var", "pages", "keys"):
        monkeypatch.setenv(f"PINGYI_{name.upper()}", str(getattr(settings, name)))

    def run(*arguments, code=0):
        done = CliRunner().invoke(main, [str(a) for a in arguments])
        assert done.exit_code == code, done.output + repr(done.exception)
        return done.output

    return run


def issue(pingyi, out, *more, count=10, code=0):
    return pingyi("everyday", "codes", "--unit", "tax", "--count", count, "--out", out, *more, code=code)


def test_slips_hold_codes_that_rate_and_only_their_owner_can_read_the_file(pingyi, tmp_path, keys):
    out = tmp_path / "slips.pdf"
    said = issue(pingyi, out, "--procedure", "wanshui")
    printed = codes_on(out.read_bytes())

    assert "10张办事码小票" in said
    assert len(set(printed)) == 10
    assert out.stat().st_mode & 0o777 == 0o600
    assert all(rate(keys, code=parse_code(code), nonce=code, today=datetime.now(UTC).date()) for code in printed)


def test_the_ledger_shows_issued_and_used_by_month(pingyi, tmp_path, keys):
    issue(pingyi, tmp_path / "a.pdf")
    issue(pingyi, tmp_path / "b.pdf", "--month", months_after(THIS, 1), count=12)
    [code, *_] = codes_on((tmp_path / "a.pdf").read_bytes())
    rate(keys, code=parse_code(code), today=datetime.now(UTC).date())
    rows = json.loads(pingyi("everyday", "ledger", "--json"))

    assert [(row["month"], row["issued"], row["used"]) for row in rows] == [
        (months_after(THIS, 1), 12, 0),
        (THIS, 10, 1),
    ]
    assert "发10个，用1个" in pingyi("everyday", "ledger", "--month", THIS)
    assert "还没有发过" in pingyi("everyday", "ledger", "--month", "2024-01")


@pytest.mark.parametrize(
    ("more", "code", "says"),
    [
        (("--count", "9"), 2, "至少10个"),
        (("--count", "5001"), 2, "最多发5000个"),
        (("--unit", "nobody"), 2, "没有这个单位"),
        (("--procedure", "nothing"), 2, "没有这个单位或这件事"),
        (("--month", "2026-13"), 2, "不是月份"),
        (("--month", "2024-01"), 1, "已经过去"),
    ],
)
def test_what_is_asked_wrongly_is_said_once_and_leaves_neither_file_nor_codes(pingyi, tmp_path, more, code, says):
    out = tmp_path / "slips.pdf"

    assert says in issue(pingyi, out, *more, code=code)
    assert not out.exists()
    assert visits.ledger() == []


def test_a_file_that_is_there_is_never_overwritten_and_no_code_is_issued(pingyi, tmp_path):
    out = tmp_path / "slips.pdf"
    out.write_text("mine")

    assert "没有覆盖" in issue(pingyi, out, code=1)
    assert out.read_text() == "mine"
    assert visits.ledger() == []


def test_a_month_that_still_runs_or_had_no_ratings_is_not_settled(pingyi):
    assert "才能结算" in pingyi("everyday", "close", THIS, code=1)
    assert "没有收到评价" in pingyi("everyday", "close", "2024-01", code=1)
    assert "不是月份" in pingyi("everyday", "close", "January", code=2)
