"""What a person at a terminal sees while a command works, and where the time went."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from .messages import say
from .stages import Watch, watching

STAGES = 7  # of a release: counting, figures, workbook, documents, charts, pages, writing


@contextmanager
def working(zh: str, en: str, *, timing: bool = False) -> Iterator[None]:
    """A line that says what is going on, on stderr and only at a terminal; with `timing` also where the time went."""
    if sys.stderr.isatty():
        with _progress(say(zh, en)) as watch:
            yield
    else:
        with watching(lambda _name: None) as watch:
            yield
    if timing:
        for line in _table(watch):
            click.echo(line, err=True)


@contextmanager
def _progress(what: str) -> Iterator[Watch]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = SpinnerColumn(), TextColumn("{task.description}"), BarColumn(24), TimeElapsedColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=STAGES)
        with watching(lambda name: bar.update(task, description=name, advance=1)) as watch:
            yield watch


def _table(watch: Watch) -> Iterator[str]:
    """One line a stage: seconds on the wall, CPU seconds of this process, share of the whole."""
    whole = sum(wall for wall, _ in watch.spent.values()) or 1.0
    yield say("  用时  本进程CPU  占比  阶段", "  wall    own CPU  share  stage")
    for name, (wall, cpu) in watch.spent.items():
        yield f"{wall:6.2f}s {cpu:8.2f}s {wall / whole:6.0%}  {name}"
