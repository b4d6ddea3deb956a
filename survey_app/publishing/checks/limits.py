"""Figures that must agree: a promise within the law, a report that adds up, a duty board that says when or who."""

from collections.abc import Iterator

from survey_app.domain.errors import N_, Finding
from survey_app.publishing.checks.looks import Check, Look

LIMIT_WHY = N_("限时办结制：承诺时限不得长于法定时限。")
FEE_WHY = N_("收费要写明依据，没有依据不能收。")
DUTY_WHY = N_("人员去向牌：人不在的，要让来办事的人知道等到几点、找谁。")


def promise_within_law(look: Look) -> Iterator[Finding]:
    """A promised limit is no longer than the legal one."""
    promised, legal = look.data.get("promised_limit_days"), look.data.get("legal_limit_days")
    if look.page.kind == "procedure" and promised is not None and legal is not None and promised > legal:
        message = N_("承诺%(promised)s个工作日比法定%(legal)s个工作日长，请改短。")
        yield look.error(("promised_limit_days",), message, LIMIT_WHY, promised=promised, legal=legal)


def fee_has_its_basis(look: Look) -> Iterator[Finding]:
    """What is charged names the rule by which it is."""
    fee = look.data.get("fee") if look.page.kind == "procedure" else None
    if fee and any(sign.isdigit() for sign in fee["amount"]) and not fee.get("basis"):
        yield look.warning(("fee", "basis"), N_("写了收费，没有写收费依据。请补上文件名称和文号。"), FEE_WHY)


def branch_leads_to_a_step(look: Look) -> Iterator[Finding]:
    """A branch leads back to a step that exists."""
    steps = look.data.get("steps", []) if look.page.kind == "procedure" else []
    for number, step in enumerate(steps):
        back_to = step.get("branch", {}).get("back_to", 1)
        if back_to > len(steps):
            at = ("steps", number, "branch", "back_to")
            yield look.error(at, N_("回到第%(step)s步，可是只有%(count)s步。"), step=back_to, count=len(steps))


def requests_add_up(look: Look) -> Iterator[Finding]:
    """What came in is what was settled and what is left."""
    if look.page.kind != "annual_report":
        return
    asked = look.data["requests"]
    came = asked["carried_in"] + asked["received"]
    settled = sum(row["count"] for row in asked["outcomes"])
    if came != settled + asked["carried_out"]:
        message = N_("上年结转加本年新收是%(came)s件，办理结果加结转下年是%(went)s件，对不上。请核对。")
        yield look.error(("requests",), message, came=came, went=settled + asked["carried_out"])


def absence_says_when_or_who(look: Look) -> Iterator[Finding]:
    """Away says when back, out says who stands in, and a board with states says when it was changed."""
    windows = look.data.get("windows", []) if look.page.kind == "unit" else []
    for number, window in enumerate(windows):
        state = window.get("state")
        if state == "away" and not window.get("back_at"):
            yield look.warning(("windows", number, "back_at"), N_("暂离没有写几点回。请补上，例如10:40。"), DUTY_WHY)
        if state == "out" and not window.get("stand_in"):
            yield look.warning(("windows", number, "stand_in"), N_("外出没有写谁代办。请补上姓名和窗口。"), DUTY_WHY)
    if any("state" in window for window in windows) and "duty_at" not in look.data:
        yield look.warning(("duty_at",), N_("去向牌没有写更新时间。请补上，例如2026-11-24 09:52。"), DUTY_WHY)


CHECKS: tuple[Check, ...] = (
    promise_within_law,
    fee_has_its_basis,
    branch_leads_to_a_step,
    requests_add_up,
    absence_says_when_or_who,
)
