"""Padding to one length before sealing, so that the size of what is sealed tells nothing (ISO/IEC 7816-4)."""


def pad(content: bytes, size: int) -> bytes:
    """`content` and a mark, filled up to `size` bytes. Raises ValueError where it does not fit."""
    if len(content) >= size:
        raise ValueError(f"content of {len(content)} bytes does not fit {size}")
    return content + b"\x80" + b"\x00" * (size - len(content) - 1)


def unpad(padded: bytes) -> bytes:
    """The inverse of `pad`."""
    return padded.rstrip(b"\x00").removesuffix(b"\x80")
