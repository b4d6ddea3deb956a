"""The dry run as rows to read: grouped for a page, flat for a file."""

from collections import Counter

from survey_app.domain.errors import N_, Translate
from survey_app.publishing.tables.columns import TABLE_KINDS
from survey_app.publishing.tables.plan import ADD, CHANGE, REFUSE, SAME, Plan

WORDS = {ADD: N_("新增"), CHANGE: N_("改动"), SAME: N_("没有变化"), REFUSE: N_("不收")}
HEADER = (
    N_("结果"),
    N_("类别"),
    N_("单位"),
    N_("名称"),
    N_("表"),
    N_("行"),
    N_("列"),
    N_("说明"),
    N_("原来"),
    N_("改成"),
)


def grouped(plan: Plan, translate: Translate) -> list[tuple[str, int]]:
    """Reminders that many rows share, each with its number of rows."""
    found = Counter(
        remark.text(translate)
        for entry in plan.good
        for remark in entry.remarks
        if remark.level != "error" and not remark.column
    )
    return found.most_common()


def as_rows(plan: Plan, translate: Translate) -> tuple[list[str], list[list[str]]]:
    """Header and rows: one for each change and each remark, one for a page that has neither."""
    rows = []
    for entry in plan.entries:
        kind = translate(TABLE_KINDS.get(entry.kind, entry.kind))
        head = [translate(WORDS[entry.verdict]), kind, entry.unit, entry.title]
        own = [[*head, r.sheet, str(r.row), r.column, r.text(translate), "", ""] for r in entry.remarks]
        own += [
            [*head, entry.sheet, str(entry.row), translate(c.field), "", c.before, c.after]
            for c in (entry.changes if entry.verdict == CHANGE else [])
        ]
        rows += own or [[*head, entry.sheet, str(entry.row), "", "", "", ""]]
    return [translate(word) for word in HEADER], rows
