"""python -m analysis: compute, check, publish, convert, method, dictionary."""

from .cli import main

main(prog_name="python -m analysis")
