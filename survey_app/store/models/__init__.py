"""The tables, one module per subject. Imported by `store` alone."""

from survey_app.store.models.collecting import Ballot, Code, CodeBatch, CodeUse, EvaluationRound, RoundUnit, Words

__all__ = ["TABLES", "Ballot", "Code", "CodeBatch", "CodeUse", "EvaluationRound", "RoundUnit", "Words"]

TABLES = [EvaluationRound, RoundUnit, CodeBatch, Code, CodeUse, Ballot, Words]
