"""Many files changed together: all of them or none, also after kill -9 or a power cut.

Every file is first written in full below a hidden folder of the pages and synced; one rename of the list of files is
the moment from which the change holds. What a kill interrupts before that moment is thrown away by the next start, what
it interrupts after it is carried on with: moving a file that was moved already is no step at all.
"""

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from survey_app.files import alone_in, sync_folder, write_atomically

FOLDER, LIST = ".import", "files.json"


def write_together(pages_dir: Path, files: Mapping[str, bytes]) -> None:
    """Write these files, paths relative to the folder. Call inside `alone_in` of the folder."""
    journal = pages_dir / FOLDER
    shutil.rmtree(journal, ignore_errors=True)
    if not files:
        return
    try:
        _stage(journal, pages_dir, files)
        write_atomically(journal / LIST, json.dumps(list(files), ensure_ascii=False).encode())
    except BaseException:
        if not (journal / LIST).is_file():
            shutil.rmtree(journal, ignore_errors=True)
        raise
    _carry_out(pages_dir)


def _stage(journal: Path, pages_dir: Path, files: Mapping[str, bytes]) -> None:
    journal.mkdir()
    for number, (path, data) in enumerate(files.items()):
        (pages_dir / path).parent.mkdir(parents=True, exist_ok=True)
        with (journal / str(number)).open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        (journal / str(number)).chmod(0o644)
    sync_folder(journal)


def _carry_out(pages_dir: Path) -> int:
    journal = pages_dir / FOLDER
    paths = json.loads((journal / LIST).read_text("utf-8"))
    for number, path in enumerate(paths):
        staged = journal / str(number)
        if staged.is_file():
            (pages_dir / path).parent.mkdir(parents=True, exist_ok=True)
            staged.replace(pages_dir / path)
    for folder in {(pages_dir / path).parent for path in paths}:
        sync_folder(folder)
    shutil.rmtree(journal)
    return len(paths)


def finish_interrupted(pages_dir: Path) -> int:
    """Carry on with an import that a kill interrupted, or throw it away where it had not yet been decided.

    Returns how many files were brought in; 0 where there was nothing to do.
    """
    if not (pages_dir / FOLDER).is_dir():
        return 0
    with alone_in(pages_dir):
        if (pages_dir / FOLDER / LIST).is_file():
            return _carry_out(pages_dir)
        shutil.rmtree(pages_dir / FOLDER, ignore_errors=True)
        return 0
