"""A round is counted without the libraries that only foreign data need: a closing waits for each of them."""

import subprocess
import sys

from .conftest import Folder, vector_method, vector_round, vector_rows

COUNT = (
    "import sys; from pathlib import Path; from analysis.read import open_snapshot; "
    "from analysis.parts import count_here; "
    "tally = count_here(open_snapshot(Path(sys.argv[1]))); print(tally.ballots.sum(), 'pandas' in sys.modules)"
)


def test_ballots_are_counted_without_pandas(folder: Folder):
    here = folder(vector_rows(), vector_method(), vector_round())
    done = subprocess.run([sys.executable, "-c", COUNT, str(here)], capture_output=True, text=True, check=False)
    assert done.stdout.split() == [str(len(vector_rows())), "False"], done.stderr
