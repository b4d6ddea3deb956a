"""Supervision (督查): orders drawn from results, rules and cases; their ledger."""

from survey_app.supervision import order_views, order_waits
from survey_app.supervision.desk import blueprint

__all__ = ["blueprint", "order_views", "order_waits"]
