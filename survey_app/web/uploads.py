"""Forms of the public side that carry files: how heavy they may be, and what is said where one is heavier.

The length a browser announces is compared before a byte of the body is read; every other form keeps its 64 kilobytes.
"""

import errno
from collections.abc import Collection

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestEntityTooLarge

from survey_app.domain.errors import N_, fill
from survey_app.store.database import StorageUnavailable
from survey_app.web.context import settings
from survey_app.web.language import say

FORM_KIB = 128  # all that is typed; files are not counted in it
TOO_HEAVY = N_(
    "没有收下：文件合起来太大，最多%(most)s兆，写的字也没有存。请按返回键，您写的一般还在，少选几个文件再提交。"
)
NO_ROOM = N_("没有收下：网站的磁盘满了，什么也没有存。请按返回键，您写的一般还在，过10分钟再提交。")
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
TOO_LONG = N_("提交的内容太长，没有收下。请删短后再提交。")


def let_files_in(blueprint: Blueprint, endpoints: Collection[str]) -> None:
    """Let these endpoints ("blueprint.view") of a blueprint take files; say 413 in words."""

    def widen(endpoint: str | None, _values: dict[str, object] | None) -> None:
        if endpoint in endpoints:
            request.max_content_length = settings().file_limit_mib * 2**20
            request.max_form_memory_size = FORM_KIB * 1024

    def too_heavy(_error: RequestEntityTooLarge) -> ResponseReturnValue:
        words = fill(TOO_HEAVY, {"most": settings().file_limit_mib}, say)
        message = words if request.endpoint in endpoints else say(TOO_LONG)
        return render_template("refused.html", message=message), 413

    blueprint.url_value_preprocessor(widen)
    blueprint.register_error_handler(RequestEntityTooLarge, too_heavy)
    blueprint.register_error_handler(OSError, _no_room)


def _no_room(error: OSError) -> ResponseReturnValue:
    """A file over 500 KB waits in the system's folder for temporary files while the form is read; that can be full."""
    if error.errno not in _FULL:
        raise error
    return render_template("refused.html", message=say(NO_ROOM)), StorageUnavailable.status
