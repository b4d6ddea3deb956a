"""One handler for every refusal: the right status, one page, words in the reader's language."""

from flask import Flask, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError

from survey_app.domain.errors import N_, Refusal
from survey_app.web.language import say

_HTTP_WORDS = {
    404: N_("没有这一页。地址可能抄错了，或页面已经搬走。请从首页找。"),
    405: N_("这个地址不能这样打开。请从首页找。"),
    413: N_("提交的内容太长，没有收下。请删短后再提交。"),
}
_OTHERWISE = N_("网站出了差错，这一步没有做成。请稍后再试；再不行请打12345。")


def register(app: Flask) -> None:
    """Refusals, HTTP errors and what nobody foresaw all end on the same page."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)


def _refused(refusal: Refusal) -> ResponseReturnValue:
    return render_template("refused.html", message=refusal.text(say)), refusal.status


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or InternalServerError.code
    if status < 400:
        return error.get_response()
    return render_template("refused.html", message=say(_HTTP_WORDS.get(status, _OTHERWISE))), status
