"""One handler for every refusal: the right status, one page, words in the reader's language."""

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from peewee import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError

from survey_app.domain.errors import N_, Refusal
from survey_app.store.database import StorageUnavailable, as_refusal
from survey_app.web.language import say
from survey_app.web.refused import note_refused

_HTTP_WORDS = {
    404: N_("没有这一页。地址可能抄错了，或页面已经搬走。请从首页找。"),
    405: N_("这个地址不能这样打开。请从首页找。"),
    413: N_("提交的内容太长，没有收下。请删短后再提交。"),
}
_SECRETS_TYPED = "/account/"  # passwords are typed anew, never written into a page
_OTHERWISE = N_("网站出了差错，这一步没有做成。请稍后再试；再不行请打12345。")


def register(app: Flask) -> None:
    """Refusals, HTTP errors and what nobody foresaw all end on the same page."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(StorageUnavailable, _not_stored)
    app.register_error_handler(OperationalError, _not_read)
    app.register_error_handler(HTTPException, _http_error)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    if refusal.status == 403:
        note_refused(refusal.code)
    return render_template("refused.html", message=refusal.text(say)), refusal.status


def _not_stored(refusal: StorageUnavailable) -> ResponseReturnValue:
    """What was typed stands in the page, unseen, to be sent again; a view that has a page of its own shows that one."""
    if request.method != "POST" or request.path.startswith(_SECRETS_TYPED):
        return _refused(refusal)
    typed = list(request.form.items(multi=True))
    address = f"{request.script_root}{request.path}"
    page = render_template("not_stored.html", message=refusal.text(say), action=address, typed=typed)
    return page, refusal.status


def _not_read(error: OperationalError) -> ResponseReturnValue:
    """A database that cannot even be read, before any write was tried."""
    if refusal := as_refusal(error):
        return _not_stored(refusal)
    raise error


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or InternalServerError.code
    if status < 400:
        return error.get_response()
    return render_template("refused.html", message=say(_HTTP_WORDS.get(status, _OTHERWISE))), status
