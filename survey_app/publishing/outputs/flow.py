"""The steps of a procedure as a picture: boxes from top to bottom, a branch beside its step with an arrow back.

A list with optional branches needs no graph layout. Sizes are units of the viewBox, which is as wide as a small phone,
so that the text is never smaller than it is written here; colours come from the style sheet.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

WIDTH = 360
TEXT, NOTE, LINE = 17, 15, 23  # size of names, of times and branches, and the height of a line
PAD, GAP, NUMBER = 12, 30, 40  # inside a box, between boxes, room of a step's number
SIDE, BRIDGE, LANE = 116, 32, 9  # width of a branch's box, of the arrow to it, of a way back
CLOSING = "，。；：、！？）》”’,.;:!?)"


@dataclass(frozen=True)
class Box:
    """A step with its lines of text and its place."""

    name: list[str]
    time: list[str]
    branch: "Branch | None"
    y: int = 0

    @property
    def height(self) -> int:
        """As high as its own text or the branch beside it needs."""
        own = 2 * PAD + LINE * (len(self.name) + len(self.time))
        return max(own, self.branch.height if self.branch else 0)

    @property
    def middle(self) -> int:
        """The height at which arrows meet it."""
        return self.y + self.height // 2


@dataclass(frozen=True)
class Branch:
    """What happens otherwise, and to which step it leads back (0: to none)."""

    lines: list[str]
    back_to: int
    bold: int = field(default=1)

    @property
    def height(self) -> int:
        """With all lines and the margin."""
        return 2 * PAD + LINE * len(self.lines)


def flow_svg(steps: Sequence[dict[str, Any]], name: str) -> str:
    """The picture as one SVG element, for a page or a sheet of paper."""
    boxes = _placed([_box(step, any("branch" in each for each in steps), _lanes(steps)) for step in steps])
    height = boxes[-1].y + boxes[-1].height + 2
    parts = [_arrow_down(upper, lower) for upper, lower in pairwise(boxes)]
    parts += [_step(number, box, len(boxes), _main_width(steps)) for number, box in enumerate(boxes, 1)]
    lane = 0
    for number, box in enumerate(boxes, 1):
        if box.branch:
            lane += _needs_lane(number, box.branch.back_to)
            parts.append(_side(number, box, boxes, lane, steps))
    return _frame("".join(parts), height, name, steps)


def _frame(drawing: str, height: int, name: str, steps: Sequence[dict[str, Any]]) -> str:
    title = html.escape(f"{name}的办理流程图", quote=False)
    told = html.escape(describe(steps), quote=False)
    return (
        f'<svg class="p-fl" xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="flow-title flow-desc" '
        f'viewBox="0 0 {WIDTH} {height}"><title id="flow-title">{title}</title><desc id="flow-desc">{told}</desc>'
        f"{drawing}</svg>"
    )


def describe(steps: Sequence[dict[str, Any]]) -> str:
    """The picture in one sentence, for those who hear it."""
    told = (
        f"共{len(steps)}步：" + "，".join(f"第{number}步{step['name']}" for number, step in enumerate(steps, 1)) + "。"
    )
    for number, step in enumerate(steps, 1):
        branch = step.get("branch")
        if branch and branch.get("back_to"):
            told += f"第{number}步遇到{branch['when']}，回到第{branch['back_to']}步。"
    return told


def width_of(text: str) -> float:
    """How many full-width characters the text is wide; other characters take a little more than half."""
    return sum(1.0 if ord(sign) > 0x2E7F or sign in "“”‘’…—·①②③④⑤⑥⑦⑧⑨" else 0.58 for sign in text)


def wrap(text: str, room: float) -> list[str]:
    """Lines no wider than `room` characters; a line does not begin with a closing sign, a number is not cut."""
    lines, line = [], ""
    for word in _words(text):
        if line and width_of(line + word) > room and word not in CLOSING:
            lines.append(line)
            line = ""
        line += word
    return [*lines, line] if line else lines or [""]


def _words(text: str) -> list[str]:
    """Single characters, and runs of letters and digits."""
    found: list[str] = []
    for sign in text:
        if found and sign.isascii() and sign.isalnum() and found[-1][-1].isascii() and found[-1][-1].isalnum():
            found[-1] += sign
        else:
            found.append(sign)
    return found


def _needs_lane(number: int, back_to: int) -> int:
    return int(bool(back_to) and back_to != number)


def _lanes(steps: Sequence[dict[str, Any]]) -> int:
    """How many ways back run along the edge."""
    return sum(_needs_lane(number, step["branch"].get("back_to", 0)) for number, step in _branches(steps))


def _branches(steps: Sequence[dict[str, Any]]) -> list[tuple[int, dict[str, Any]]]:
    return [(number, step) for number, step in enumerate(steps, 1) if step.get("branch")]


def _main_width(steps: Sequence[dict[str, Any]]) -> int:
    """Boxes of steps take the whole width unless branches stand beside them."""
    if not _branches(steps):
        return WIDTH - 4
    return WIDTH - SIDE - BRIDGE - LANE * _lanes(steps) - 4


def _box(step: dict[str, Any], beside: bool, lanes: int) -> Box:
    room = (WIDTH - 4 - beside * (SIDE + BRIDGE + LANE * lanes)) - NUMBER - 2 * PAD
    time = wrap(step["time"], room / NOTE) if step.get("time") else []
    return Box(wrap(step["name"], room / TEXT), time, _branch(step.get("branch")))


def _branch(branch: dict[str, Any] | None) -> Branch | None:
    if not branch:
        return None
    room = (SIDE - 2 * 9) / NOTE
    when, back_to = wrap(branch["when"], room), int(branch.get("back_to", 0))
    more = f"回到第{back_to}步" if back_to else branch["text"]
    return Branch([*when, *wrap(more, room)], back_to, len(when))


def _placed(boxes: list[Box]) -> list[Box]:
    """Each box below the one before it."""
    y, placed = 2, []
    for box in boxes:
        placed.append(Box(box.name, box.time, box.branch, y))
        y += box.height + GAP
    return placed


def _text(x: int, y: int, line: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x}" y="{y}">{html.escape(line, quote=False)}</text>'


def _step(number: int, box: Box, count: int, width: int) -> str:
    last = " end" if number == count else ""
    top = box.y + (box.height - LINE * (len(box.name) + len(box.time))) // 2
    lines = [(line, "n") for line in box.name] + [(line, "t") for line in box.time]
    text = "".join(
        _text(2 + PAD + NUMBER - 4, top + LINE * at + 17, line, kind) for at, (line, kind) in enumerate(lines)
    )
    return (
        f'<rect class="box{last}" x="2" y="{box.y}" width="{width}" height="{box.height}" rx="4"/>'
        f'<circle class="dot{last}" cx="{2 + PAD + 14}" cy="{box.middle}" r="14"/>'
        f'<text class="d{last}" x="{2 + PAD + 14}" y="{box.middle + 6}">{number}</text>{text}'
    )


def _arrow_down(upper: Box, lower: Box) -> str:
    x, tip = 2 + PAD + 14, lower.y
    return f'<path class="way" d="M{x} {upper.y + upper.height}V{tip - 8}"/>{_head(x, tip, "down")}'


def _head(x: int, y: int, towards: str, kind: str = "tip") -> str:
    """The head of an arrow whose tip is here."""
    shape = {"down": "l-6 -10h12z", "up": "l-6 10h12z", "left": "l10 -6v12z", "right": "l-10 -6v12z"}[towards]
    return f'<path class="{kind}" d="M{x} {y}{shape}"/>'


def _side(number: int, box: Box, boxes: list[Box], lane: int, steps: Sequence[dict[str, Any]]) -> str:
    """The branch's box, the arrow to it, and the way back."""
    branch = box.branch
    if branch is None:
        return ""
    right = 2 + _main_width(steps)
    x, y = right + BRIDGE, box.y + (box.height - branch.height) // 2
    text = "".join(
        _text(x + 9, y + PAD + LINE * at + 16, line, "b" if at < branch.bold else "t")
        for at, line in enumerate(branch.lines)
    )
    out = box.middle - (10 if branch.back_to == number else 0)
    drawn = f'<rect class="side" x="{x}" y="{y}" width="{SIDE}" height="{branch.height}" rx="4"/>{text}'
    drawn += f'<path class="turn" d="M{right} {out}H{x - 9}"/>{_head(x, out, "right", "turn-tip")}'
    return drawn + _way_back(number, branch.back_to, boxes, (right, x, box.middle), lane)


def _way_back(number: int, back_to: int, boxes: list[Box], at: tuple[int, int, int], lane: int) -> str:
    """Straight back to its own step, or along the edge to another one."""
    right, x, middle = at
    if not 0 < back_to <= len(boxes):
        return ""
    if back_to == number:
        return f'<path class="turn" d="M{x} {middle + 12}H{right + 9}"/>{_head(right, middle + 12, "left", "turn-tip")}'
    start = f'<path class="turn" d="M{x + SIDE} {middle}H{x + SIDE + LANE * lane - 3}'
    target = boxes[back_to - 1]
    if not target.branch:
        return f'{start}V{target.middle}H{right + 9}"/>{_head(right, target.middle, "left", "turn-tip")}'
    # A branch stands beside the target: the way back comes in through the space between two boxes.
    up = back_to < number
    edge = target.y + target.height if up else target.y
    bend, end = (edge + GAP // 2, edge + 9) if up else (edge - GAP // 2, edge - 9)
    return f'{start}V{bend}H{right - 24}V{end}"/>{_head(right - 24, edge, "up" if up else "down", "turn-tip")}'
