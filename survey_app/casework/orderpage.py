"""One order on one screen, at the office's desk and at the unit's; a file of a reply."""

from collections.abc import Collection
from typing import Any

from flask import Response, render_template, request, url_for

from survey_app.casework import attachments, showing
from survey_app.casework.showing import Countdown
from survey_app.domain.errors import Refusal
from survey_app.domain.orders import rules, steps
from survey_app.store import orders as store
from survey_app.store.orders import Order
from survey_app.web.context import keys, settings, today
from survey_app.web.language import say
from survey_app.web.marks import page_mark


def page(
    found: Order,
    blueprint: str,
    role: str,
    actor: str,
    refusal: Refusal | None = None,
    *,
    hides: Collection[str] = (),
    **more: Any,
) -> str:
    """The screen of an order for somebody in this role; empty: who only reads. `hides`: steps that are not theirs."""
    state, names = store.state(found.number), showing.names(settings())
    return render_template(
        "staff/order.html",
        order=found,
        state=state,
        events=[event for event in store.events_of(found.number) if event.step not in hides],
        files=store.files_of(found.number),
        can=rules.possible(state, role=role, actor=actor) if role else (),
        countdown=countdown(found),
        unit_title=names.unit,
        kinds=steps.KINDS,
        states=steps.STATE_WORDS,
        step_words=steps.STEP_WORDS,
        sources=steps.SOURCE_WORDS,
        typed=request.form if refusal else {},
        problem=refusal.text(say) if refusal else "",
        mark=page_mark(),
        at=lambda view, **values: url_for(f"{blueprint}.{view}", **values),
        **more,
    )


def file_answer(found: Order, digest: str) -> Response:
    """A file of this order and of no other, to be saved; who took it is written down. Raises AttachmentGone."""
    files = store.files_of(found.number)
    return attachments.hand_out(files, digest, of=found.number, keys=keys(), settings=settings())


def countdown(found: Order) -> Countdown | None:
    """Working days left for the reply; None where none is awaited."""
    if found.state != steps.ISSUED or found.due_on is None:
        return None
    return showing.days_left(found.due_on, settings(), today())
