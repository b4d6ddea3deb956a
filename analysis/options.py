"""Options that several commands share."""

from collections.abc import Callable
from typing import Any

import click

from .messages import say


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


def counting_of(scheduler: str) -> Any:
    """How to count: here, or on a cluster."""
    from .parts import count_here, count_on

    return count_on(scheduler) if scheduler else count_here
