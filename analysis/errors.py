"""The one refusal of this package: input that cannot be counted."""

from .messages import EN, MESSAGES, language


class BadInput(Exception):
    """Input was refused as a whole; nothing was written.

    `code` is a key of messages.MESSAGES; `file`, `line` (1-based) and `field` say where;
    `values` fill the message's blanks.
    """

    def __init__(
        self, code: str, *, file: object = "", line: int | None = None, field: str = "", **values: object
    ) -> None:
        self.code = code
        self.file = str(file)
        self.line = line
        self.field = field
        self.values = values
        super().__init__(code)

    def text(self, lang: int | None = None) -> str:
        """The message in one language: where, what is wrong, what to do."""
        chosen = language() if lang is None else lang
        message = MESSAGES[self.code][chosen].format(**self.values)
        return self._place(chosen) + message + ("." if chosen == EN else "。")

    def _place(self, lang: int) -> str:
        if lang == EN:
            line = f"line {self.line}" if self.line else ""
            return "".join(f"{part}: " for part in [", ".join(p for p in (self.file, line, self.field) if p)] if part)
        line = f" 第{self.line}行" if self.line else ""
        field = f"“{self.field}”" if self.field else ""
        return f"{self.file}{line}{field}：" if self.file or line or field else ""

    def __str__(self) -> str:
        return self.text()
