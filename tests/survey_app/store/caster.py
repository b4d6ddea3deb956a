"""A worker process of its own: casts one ballot per code read from stdin and acknowledges each receipt on stdout.

    python caster.py DATABASE KEYS_FOLDER ROUND UNIT < codes

It says "ready" when its database is open and starts when the first line arrives, so that several start together.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from survey_app.config import load_keys
from survey_app.domain.errors import Refusal
from survey_app.store.database import close_database, open_database
from tests.factories import Clock, cast


def main(database: str, keys_folder: str, round_code: str, unit: str) -> None:
    """Each acknowledged line is "code receipt"; a refused one is "code -refusal"."""
    clock, keys = Clock(datetime(2026, 11, 3, 4, tzinfo=UTC)), load_keys(Path(keys_folder))
    open_database(Path(database))
    print("ready", flush=True)
    for line in sys.stdin:
        code, nonce = [*line.split(), ""][:2]
        try:
            answer = cast(keys, clock, code, unit=unit, round_code=round_code, nonce=nonce)
        except Refusal as refusal:
            answer = f"-{refusal.code}"
        print(code, answer, flush=True)
    close_database()


if __name__ == "__main__":
    main(*sys.argv[1:])
