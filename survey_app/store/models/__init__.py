"""The tables, one module per subject. Imported by `store` alone."""

from survey_app.store.models.accounts import Account, AccountRole, AuditEvent, AuditHead, Role, SignInGuard
from survey_app.store.models.collecting import Ballot, Code, CodeBatch, CodeUse, EvaluationRound, RoundUnit, Words
from survey_app.store.models.paper import PaperCard
from survey_app.store.models.revisions import PageVersion, Revision

__all__ = [
    "TABLES",
    "Account",
    "AccountRole",
    "AuditEvent",
    "AuditHead",
    "Ballot",
    "Code",
    "CodeBatch",
    "CodeUse",
    "EvaluationRound",
    "PageVersion",
    "PaperCard",
    "Revision",
    "Role",
    "RoundUnit",
    "SignInGuard",
    "Words",
]

COLLECTING = [EvaluationRound, RoundUnit, CodeBatch, Code, CodeUse, Ballot, Words]
ACCOUNTS = [Role, Account, AccountRole, SignInGuard, AuditEvent, AuditHead]
REVISING = [Revision, PageVersion]
ON_PAPER = [PaperCard]
TABLES = [*COLLECTING, *ACCOUNTS, *REVISING, *ON_PAPER]
