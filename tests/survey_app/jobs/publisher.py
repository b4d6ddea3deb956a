"""A worker as a process of its own, for the crash suite to kill: python publisher.py VAR PAGES"""

import sys
import threading
from pathlib import Path

from survey_app.config import Settings
from survey_app.jobs import work_until
from survey_app.store.database import open_database


def main() -> None:
    var, pages = map(Path, sys.argv[1:])
    settings = Settings(var=var, pages=pages, keys=var / "keys")
    open_database(settings.database)
    print("ready", flush=True)
    work_until(settings, threading.Event())


if __name__ == "__main__":
    main()
