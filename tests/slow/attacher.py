"""A process of its own that attaches a picture and a PDF to a case, again and again, until it is killed.

    python attacher.py VAR KEYS CASE_NUMBER

Each line on stdout is the digests of one hand-in whose rows are in the database.
"""

import sys
from pathlib import Path

from survey_app.casework.attachments import take
from survey_app.config import Settings, load_keys
from survey_app.store.database import open_database, write
from survey_app.store.models import CaseAttachment
from tests.attaching import picture, printed, sent


def main(var: str, keys_folder: str, number: str) -> None:
    """Files first, then their rows in one transaction, then the answer: the order of the portal."""
    settings, keys = Settings(var=Path(var)), load_keys(Path(keys_folder))
    open_database(settings.database)
    print("ready", flush=True)
    while True:
        files = [sent(picture(size=(300, 200))), sent(printed(), "a.pdf")]
        kept = take(files, keys=keys, settings=settings)
        with write():
            for file in kept:
                CaseAttachment.insert(place=file.digest, case=number, event=1, **vars(file)).execute()
        print(*(file.digest for file in kept), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
