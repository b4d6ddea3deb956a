"""An officer with a key, and reports sealed to it."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from nacl.public import PrivateKey

from survey_app import pingyi_sealed
from survey_app.casework.sealing import PUBLIC_FILE
from survey_app.domain import sealed
from survey_app.pingyi_sealed import Enclosed
from survey_app.store.database import database

WORDS = "十一月三日上午，窗口的王某收了两张购物卡才给办。"
PASSPHRASE = "four unrelated words here"  # noqa: S105  # nobody's


@contextmanager
def cheap_passphrases() -> Iterator[None]:
    """A try costs a second and 256 MB; tests that are about something else need not pay it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pingyi_sealed, "OPS", 1)
        patch.setattr(pingyi_sealed, "MEMORY", 8 * 2**20)
        yield


def install_key(settings) -> PrivateKey:
    """A fresh key pair; its public half is what the server seals to. Returns what the officer alone has."""
    key = PrivateKey.generate()
    (settings.keys / PUBLIC_FILE).write_text(pingyi_sealed.public_text(bytes(key.public_key)))
    return key


def a_report(
    nonce: str = "n" * 32, *, words: str = WORDS, files: tuple[Enclosed, ...] = (), **more: str
) -> pingyi_sealed.Report:
    """A report as the form makes it."""
    told = {"about": "", "contact": "", **more}
    return sealed.tidy_report(sealed.make_code(b"k" * 32, nonce), words=words, files=files, **told)


def opened_reports(key: PrivateKey) -> list[pingyi_sealed.Report]:
    """Every report in the inbox, as the officer reads it."""
    rows = database.execute_sql("SELECT sealed FROM sealed_report").fetchall()
    return [pingyi_sealed.open_report(key, bytes(bundle), file="a.sealed") for (bundle,) in rows]
