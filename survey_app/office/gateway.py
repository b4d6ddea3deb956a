"""The file a message gateway takes: one message a row, in which the code stands once. It names nobody."""

import csv
import io
from datetime import date

from survey_app.domain.batches import MadeBatch, Terms
from survey_app.domain.codes import spoken
from survey_app.domain.errors import day_words
from survey_app.publishing.tables.guard import for_csv

HEADER = "短信内容"


def gateway_csv(terms: Terms, batch: MadeBatch) -> bytes:
    """UTF-8 with BOM, as Excel opens it; no cell is taken for a formula."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow([HEADER])
    rows.writerows([for_csv(message)] for message in messages(terms, batch))
    return out.getvalue().encode("utf-8-sig")


def messages(terms: Terms, batch: MadeBatch) -> list[str]:
    """A message for each code."""
    unit = terms.unit_zh(batch.scope.unit_slug) or "您办过事的单位"
    day = day_words(date.fromisoformat(terms.closes_on))
    where = f"打开 {terms.address}r 输入" if terms.address else "在评议网站输入"
    return [
        f"请评议{unit}（{terms.round_name}）。{where}评议码 {spoken(code)} ，不记名，{day}截止。"
        "有人要您打满意，请打12388。"
        for code in batch.codes
    ]
