"""The tables, one module per subject. Imported by `store` alone."""

from survey_app.store.models.accounts import Account, AccountRole, AuditEvent, AuditHead, Role, SignInGuard
from survey_app.store.models.cases import (
    CaseAttachment,
    CaseContact,
    CaseCoUnit,
    CaseEvent,
    CaseRecord,
    CaseWords,
)
from survey_app.store.models.collecting import (
    Ballot,
    BoxWeek,
    Code,
    CodeBatch,
    CodeUse,
    EvaluationRound,
    RoundUnit,
    Words,
)
from survey_app.store.models.drafts import DraftRelease, FlagReview, Objection, ObjectionFile, RoundStep
from survey_app.store.models.everyday import (
    AnswerWish,
    KeptAnswer,
    ServiceRating,
    ServiceWords,
    VisitBatch,
    VisitCode,
)
from survey_app.store.models.orders import OrderEvent, OrderFile, OrderRecord
from survey_app.store.models.paper import PaperCard
from survey_app.store.models.planning import RoundKey, RoundPause, RoundPlan, VoidUnit
from survey_app.store.models.revisions import PageVersion, Revision
from survey_app.store.models.sealed import SealedReport
from survey_app.store.models.supervision import (
    AssessmentReading,
    FieldNote,
    FindingFile,
    InspectionFinding,
    YearEndPlan,
    YearEndSheet,
)
from survey_app.store.models.views import SavedView

__all__ = [
    "TABLES",
    "Account",
    "AccountRole",
    "AnswerWish",
    "AssessmentReading",
    "AuditEvent",
    "AuditHead",
    "Ballot",
    "BoxWeek",
    "CaseAttachment",
    "CaseCoUnit",
    "CaseContact",
    "CaseEvent",
    "CaseRecord",
    "CaseWords",
    "Code",
    "CodeBatch",
    "CodeUse",
    "DraftRelease",
    "EvaluationRound",
    "FieldNote",
    "FindingFile",
    "FlagReview",
    "InspectionFinding",
    "KeptAnswer",
    "Objection",
    "ObjectionFile",
    "OrderEvent",
    "OrderFile",
    "OrderRecord",
    "PageVersion",
    "PaperCard",
    "Revision",
    "Role",
    "RoundKey",
    "RoundPause",
    "RoundPlan",
    "RoundStep",
    "RoundUnit",
    "SavedView",
    "SealedReport",
    "ServiceRating",
    "ServiceWords",
    "SignInGuard",
    "VisitBatch",
    "VisitCode",
    "VoidUnit",
    "Words",
    "YearEndPlan",
    "YearEndSheet",
]

COLLECTING = [EvaluationRound, RoundUnit, CodeBatch, Code, CodeUse, Ballot, BoxWeek, Words]
ACCOUNTS = [Role, Account, AccountRole, SignInGuard, AuditEvent, AuditHead]
REVISING = [Revision, PageVersion]
ON_PAPER = [PaperCard]
EVERYDAY = [VisitBatch, VisitCode, ServiceRating, KeptAnswer, ServiceWords, AnswerWish]
DRAFTS = [DraftRelease, Objection, ObjectionFile, FlagReview, RoundStep]
SEALED = [SealedReport]
PLANNING = [RoundPlan, RoundKey, RoundPause, VoidUnit]
LISTS = [SavedView]
SUPERVISING = [AssessmentReading, InspectionFinding, FindingFile, FieldNote, YearEndPlan, YearEndSheet]
ORDERS = [OrderRecord, OrderEvent, OrderFile]
CASES = [CaseRecord, CaseCoUnit, CaseEvent, CaseWords, CaseContact, CaseAttachment]
TABLES = [
    *COLLECTING,
    *ACCOUNTS,
    *REVISING,
    *ON_PAPER,
    *EVERYDAY,
    *LISTS,
    *ORDERS,
    *SUPERVISING,
    *CASES,
    *PLANNING,
    *DRAFTS,
    *SEALED,
]
