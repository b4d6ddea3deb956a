"""An administrator with the whole database, all secrets, files and logs of the server tries to read a report.

The report names a unit and a person and brings a file. What must hold is tried the way somebody would who wants to
know: by searching all bytes in many spellings, and by trying every secret on whatever is sealed.
"""

import hmac
import itertools
import logging
import zlib
from base64 import b64encode
from io import BytesIO

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox

from survey_app.domain import sealed
from survey_app.store.database import database
from tests.accounts import sign_in
from tests.attaching import printed
from tests.sealing import WORDS, install_key, opened_reports
from tests.survey_app.citizen.sending import nonce_of

ABOUT, CONTACT, FILE_NAME = "办税服务厅 王某某", "电话0000-8110000", "购物卡照片"
SECRETS = (WORDS, ABOUT, CONTACT, FILE_NAME, "王某某", "购物卡", "Receipt of 3 November")
PURPOSES = (
    *("", "everyday-box|words-v1", "everyday-box|contact-v1", "case-box|attachment-v1", "case-box|contact-v1"),
    *("sealed-v1", "sealed-code-v1", "receipt-v1"),
)


@pytest.fixture
def reported(app, settings, keys, clock, caplog, capfd):
    """A report has been sent and downloaded; returns the officer's key and all that was printed or logged."""
    caplog.set_level(logging.DEBUG)
    key = install_key(settings)
    visitor = app.test_client()
    nonce = nonce_of(visitor.get("/report"))
    clock.later(seconds=20)
    typed = {"nonce": nonce, "words": WORDS, "about": ABOUT, "contact": CONTACT}
    file = (BytesIO(printed()), f"{FILE_NAME}.pdf")
    assert visitor.post("/report", data={**typed, "files": file}, content_type="multipart/form-data").status_code == 200
    officer = sign_in(app, clock, "discipline_officer")
    [row] = database.execute_sql("SELECT lower(hex(report_key)) FROM sealed_report").fetchall()
    assert officer.post("/office/sealed/download", data={"name": row[0][:16]}).status_code == 200
    printed_out = capfd.readouterr()
    return key, caplog.text + printed_out.out + printed_out.err


def everything(settings):
    """Every byte the server keeps: database and its log, pages, files, keys, memory."""
    database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    folders = (settings.var, settings.keys, settings.memory)
    return {file: file.read_bytes() for folder in folders for file in folder.rglob("*") if file.is_file()}


def spellings(text):
    """How a text might lie there: in several encodings, as hex, as Base64 at any of its three beginnings, packed."""
    for raw in (text.encode(), text.encode("utf-16-le"), text.encode("gb18030"), text.encode("unicode_escape")):
        yield from (raw, raw.hex().encode(), raw.hex().upper().encode(), zlib.compress(raw))
        coded = (b64encode(b"\0" * shift + raw)[4:-4] for shift in range(3))
        yield from (one for one in coded if len(one) >= 8)  # shorter ones stand anywhere by chance


def found_in(kept, texts):
    """Which text lies in which file."""
    return {(file.name, text) for text in texts for way in spellings(text) for file, raw in kept.items() if way in raw}


def server_secrets(settings):
    """Every 32 bytes in any file of keys, and every key that is derived from one for a purpose of ours."""
    for file in settings.keys.iterdir():
        for word in file.read_text().split():
            if len(word) == 64:
                raw = bytes.fromhex(word)
                yield raw
                yield from (hmac.digest(raw, purpose.encode(), "sha256") for purpose in PURPOSES)


def opens(secret, sealed_bytes):
    """Whether this secret opens these bytes in either of the two ways anything is sealed here."""
    for box in (SecretBox(secret), SealedBox(PrivateKey(secret))):
        try:
            box.decrypt(sealed_bytes)
        except CryptoError:
            continue
        return True
    return False


def test_no_byte_of_what_was_written_lies_anywhere_on_the_server(reported, settings):
    kept = everything(settings)

    assert any(file.name == "pingyi.sqlite3" for file in kept)
    assert found_in(kept, SECRETS) == set()


def test_the_search_would_find_it_if_it_lay_there(reported, settings):
    (settings.var / "leak.txt").write_bytes(b64encode(b"x" + f"一些别的话{WORDS}一些别的话".encode("utf-16-le")))

    assert ("leak.txt", WORDS) in found_in(everything(settings), SECRETS)


def test_no_secret_of_the_server_opens_the_report_and_the_officer_s_does(reported, settings):
    key, _said = reported
    [(bundle,)] = database.execute_sql("SELECT sealed FROM sealed_report").fetchall()
    inside = bytes(bundle)[26:]  # behind the magic and the fingerprint
    tried = list(itertools.chain(server_secrets(settings), [bytes(32), bytes(bundle)[16:26].ljust(32, b"\0")]))

    assert len(tried) > 40
    assert not any(opens(secret, part) for secret in tried for part in (inside, bytes(bundle)))
    assert opens(bytes(key), inside)
    assert opened_reports(key)[0].words == WORDS


def test_nothing_of_it_is_in_the_log_or_in_the_list_of_events(reported):
    _key, said = reported
    events = database.execute_sql(
        "SELECT action, subject, detail FROM audit_event WHERE action LIKE 'sealed%'"
    ).fetchall()

    assert [event for text in SECRETS for event in [said] if text in event] == []
    assert [(action, len(subject), detail) for action, subject, detail in events] == [("sealed.download", 16, "{}")]


def test_no_other_table_gained_a_row_and_the_unit_s_desk_says_nothing(reported, app, clock):
    tables = [name for (name,) in database.execute_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
    rows = {name: database.execute_sql(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables}  # noqa: S608
    people = {"account", "account_role", "role", "audit_event", "audit_head", "sealed_report", "migration_history"}
    head = sign_in(app, clock, "unit_head")

    assert rows["sealed_report"] == 1
    assert {name: count for name, count in rows.items() if count and name not in people and "migrat" not in name} == {}
    assert not any(text in head.get("/desk/").text for text in SECRETS)


def test_the_row_tells_a_week_a_size_and_a_key_and_its_place_leads_nowhere(reported, keys):
    names = [column[1] for column in database.execute_sql("PRAGMA table_info(sealed_report)")]
    [(place, week, size)] = database.execute_sql(
        "SELECT report_key, week, length(sealed) FROM sealed_report"
    ).fetchall()
    guessed = {sealed.report_key(sealed.make_code(secret, "")) for secret in vars(keys).values()}

    assert names == ["report_key", "week", "sealed_to", "sealed"]
    assert (week, size) == ("2026-11-02", 4 * 1024 + 74)
    assert bytes(place) not in guessed
