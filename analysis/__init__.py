"""Counting: a pure function from a frozen folder of ballots to published results.

Never imports survey_app: the two rooms meet through files (docs/data-dictionary.md, format 1).
"""
