"""The discipline officer's public key as it arrives at the server.

The key is made on the officer's own PC (`pingyi_sealed`), and only its public half ever reaches a server. Its
fingerprint stands on the public page, so that the officer can see from any phone
that the server still seals to this key.
"""

from survey_app.domain.errors import N_, Refusal
from survey_app.pingyi_sealed import KEY_BYTES, PUBLIC_HEADER, fingerprint


class PublicKeyWrong(Refusal):
    code, status = "sealed-public", 422
    message = N_(
        "%(file)s不是密封举报的公钥文件，或已经损坏。请纪检人员重新交一份（pingyi sealed key做的 .pub 文件）。"
    )


def read_public(text: str, *, file: str) -> bytes:
    """The inverse of `pingyi_sealed.public_text`. Raises PublicKeyWrong."""
    try:
        header, key, mark = text.split()
        public = bytes.fromhex(key)
        sound = header == PUBLIC_HEADER and len(public) == KEY_BYTES and bytes.fromhex(mark) == fingerprint(public)
    except ValueError as error:
        raise PublicKeyWrong(file=file) from error
    if not sound:
        raise PublicKeyWrong(file=file)
    return public
