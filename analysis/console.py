"""What all commands share: folders, refusals in the reader's language, help with an example."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from .errors import BadInput
from .messages import say


def refusing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Say a refusal in the reader's language and leave with 2."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except BadInput as error:
            click.echo(error.text(), err=True)
            sys.exit(2)

    return run


def example(zh: str, en: str, *lines: str) -> str:
    """Help of a command: what it does, then an example."""
    return "\n".join([say(zh, en), "", "\b", say("例：", "Example:"), *(f"  {line}" for line in lines)])
