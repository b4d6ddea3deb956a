"""python -m analysis: compute, check, publish, convert, audit and the rest."""

from .cli import main

main(prog_name="python -m analysis")
