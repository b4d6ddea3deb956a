"""Options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from .messages import say

FOLDER = click.Path(path_type=Path)


def counting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options of commands that count: ballots in parts, and where to count them."""
    for option in (
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            default="",
            help=say(
                "交给这个地址的 Dask 集群统计，如 tcp://10.0.0.5:8786",
                "count on the Dask cluster at this address, such as tcp://10.0.0.5:8786",
            ),
        ),
        click.option(
            "--partitions",
            metavar="GLOB",
            default="",
            help=say(
                "评议票分成多个文件：从 snapshot/ 起算的文件名样式，如 'part-*.parquet'",
                "ballots in several files: a pattern seen from snapshot/, such as 'part-*.parquet'",
            ),
        ),
    ):
        command = option(command)
    return command


def comparing_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that name releases to compare with."""
    for name, zh, en in (
        ("--released", "本轮已经给人看过的发布版，可写多次", "a version of this round already shown; may be repeated"),
        ("--previous", "以前各轮的发布版，可写多次", "the release of an earlier round; may be repeated"),
    ):
        command = click.option(name, metavar="FOLDER", type=FOLDER, multiple=True, help=say(zh, en))(command)
    return command


def counting_of(scheduler: str) -> Any:
    """How to count: here, or on a cluster."""
    from .parts import count_here, count_on

    return count_on(scheduler) if scheduler else count_here
