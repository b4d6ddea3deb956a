"""Analysis in the process of the test: the same command and words, its libraries loaded once and not at every call."""

import subprocess

from click.testing import CliRunner

from analysis.cli import main


def in_this_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Stands for `survey_app.exports.analysis._ran`; what the command does not refuse by itself is raised here."""
    done = CliRunner().invoke(main, arguments)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(arguments, done.exit_code, done.stdout, done.stderr)
