"""What a training district says of itself on all its pages and papers: nothing in it is a result of anybody."""

from collections.abc import Mapping
from typing import Any

from survey_app.domain.errors import N_

NOTE = N_("演练：这个网站的单位、人名、电话、数字和结果都是模拟的，不是真实结果。")
PAPER = N_("演练数据，不是真实结果")


def marked(home: Mapping[str, Any], training: bool) -> dict[str, Any]:
    """The home page's data; of a training district with its mark in place of whatever note stands there."""
    return {**home, "sample_note": NOTE} if training else dict(home)
