"""`python -m survey_app.cli`: the same command where the console script is not on the path."""

from survey_app.cli.main import main

main(prog_name="pingyi")
