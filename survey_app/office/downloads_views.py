"""Downloads: what a person may take away, found by kind, year and way of rating; large files in the background."""

from flask import Response, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from survey_app import jobs
from survey_app.domain.errors import N_
from survey_app.domain.roles import ROLES
from survey_app.files import digest_of_file
from survey_app.jobs import preparing
from survey_app.office import ledgers_views
from survey_app.office.desk import blueprint
from survey_app.web import downloads, ledgers, lists, waiting
from survey_app.web.context import settings
from survey_app.web.doors import door, here
from survey_app.web.downloads import INSTRUMENTS, KINDS, NoSuchFile, Offer
from survey_app.web.lists import Column, List
from survey_app.web.sending import disposition, note_download, send_download

LOOK_AGAIN_S = 2

waiting.place(N_("下载"), "office.all_downloads", N_("工作簿、通报、简报、台账、操作记录"), *ROLES)


@blueprint.get("/downloads")
@door("signed_in")
def all_downloads() -> ResponseReturnValue:
    """What this person may download, the latest first."""
    offers = downloads.offers_for(here())
    years = sorted({offer.period for offer in offers}, reverse=True)
    made = _list_of([(year, year) for year in years])
    has_ledgers = bool(ledgers.open_to(here()))
    return lists.answer(made, lists.in_memory(made, offers), "office/downloads.html", has_ledgers=has_ledgers)


@blueprint.get("/downloads/<name>")
@door("signed_in")
def download(name: str) -> ResponseReturnValue:
    """The file; one that takes longer has a page that says how far it is. Raises NoSuchFile."""
    offer = _offer(name)
    if offer.make is not None:
        return send_download(offer.make(), offer.name, offer.mimetype, title=offer.title)
    known = preparing.preparation(settings(), name)
    page = Response(render_template("office/preparing.html", offer=offer, known=known))
    if known is not None and known.state in (preparing.WANTED, preparing.RUNNING):
        page.headers["Refresh"] = str(LOOK_AGAIN_S)  # without script; a link stands on the page besides
    return page


@blueprint.post("/downloads/<name>")
@door("signed_in")
def prepare(name: str) -> ResponseReturnValue:
    """Have it made in the background; asked for twice, it is made once. Raises NoSuchFile."""
    kind, argument = _prepared(name)
    preparing.want(settings(), name, kind=kind, argument=argument)
    jobs.prepare_soon(settings())
    return redirect(url_for(".download", name=name), 303)


@blueprint.get("/downloads/<name>/file")
@door("signed_in")
def prepared_file(name: str) -> ResponseReturnValue:
    """The file that was made in the background; back to its page where it is not ready. Raises NoSuchFile."""
    _prepared(name)
    offer, file = _offer(name), preparing.ready_file(settings(), name)
    if file is None:
        return redirect(url_for(".download", name=name), 303)
    note_download(name, digest_of_file(file), title=offer.title)
    answer = send_file(file, mimetype=offer.mimetype)
    answer.headers["Content-Disposition"] = disposition(name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _offer(name: str) -> Offer:
    """A file of the list, or a narrowed ledger. Raises NoSuchFile."""
    listed = next((one for one in downloads.offers_for(here()) if one.name == name), None)
    return listed or ledgers_views.narrowed_offer(name)


def _prepared(name: str) -> tuple[str, str]:
    offer = _offer(name)
    if offer.prepared is None:
        raise NoSuchFile
    return offer.prepared


def _list_of(years: list[tuple[str, str]]) -> List:
    return List(
        title=N_("下载"),
        empty=N_("还没有可以下载的。评议结果公布以后，工作簿、通报和简报列在这里。"),
        columns=(
            Column("title", N_("文件"), lambda offer: offer.title, href=_address),
            Column("kind", N_("种类"), lambda offer: KINDS[offer.kind]),
            Column("instrument", N_("评议方式"), lambda offer: INSTRUMENTS.get(offer.instrument, "")),
            Column("period", N_("年份"), lambda offer: offer.period),
            Column("on", N_("数据到"), lambda offer: offer.on),
            Column("name", N_("文件名"), lambda offer: offer.name, on_page=False),
        ),
        filters=(
            lists.choice("kind", N_("种类"), KINDS.items(), lambda offer, kind: offer.kind == kind),
            lists.choice("period", N_("年份"), years, lambda offer, year: offer.period == year),
            lists.choice("instrument", N_("评议方式"), INSTRUMENTS.items(), lambda offer, one: offer.instrument == one),
            lists.words(
                "q", N_("名称里有的字"), lambda offer, typed: typed.lower() in f"{offer.title}\n{offer.name}".lower()
            ),
        ),
    )


def _address(offer: Offer) -> str:
    return url_for("office.download", name=offer.name)
