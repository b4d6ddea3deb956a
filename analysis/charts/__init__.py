"""Charts of a release for documents and downloads, one set for each class of units.

Each is drawn from release.json alone and gives the same bytes in whichever process it is drawn.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from ..view import Model, level_shares, scored_by_class
from .levels import draw_dimensions, draw_levels
from .ranking import draw
from .spread import draw_composition, draw_funnel, draw_trend

Task = Callable[[], bytes]
MANY = 12  # from so many charts on a second process saves more than its start costs


def render(model: Model, jobs: int = 1) -> dict[str, bytes]:
    """File name -> SVG of every chart there are figures for; `jobs` processes draw them."""
    tasks = dict(_tasks(model))
    if jobs < 2 or len(tasks) < MANY:
        return {name: task() for name, task in tasks.items()}
    # Spawned, not forked: the renderer holds threads.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return dict(zip(tasks, pool.map(_run, tasks.values(), chunksize=4), strict=True))


def _run(task: Task) -> bytes:
    return task()


def _tasks(model: Model) -> Iterator[tuple[str, Task]]:
    shares = level_shares(model)
    for c, units in scored_by_class(model):
        slugs = {unit["slug"] for unit in units}
        yield f"charts/scores-{c['code']}.svg", partial(draw, _round(model), c, units)
        yield f"charts/levels-{c['code']}.svg", partial(draw_levels, _round(model), c, units, shares)
        yield f"charts/dimensions-{c['code']}.svg", partial(draw_dimensions, _round(model, "dimensions"), c, units)
        funnel = [row for row in model["funnel"] if row["unit"] in slugs]
        if funnel:
            yield f"charts/funnel-{c['code']}.svg", partial(draw_funnel, _round(model), c, units, funnel)
        steps = [
            r for r in model["series"] if r["unit"] in slugs and r["comparable"] == "yes" and r["score"] is not None
        ]
        if len({row["round"] for row in steps}) > 1:
            yield (
                f"charts/trend-{c['code']}.svg",
                partial(draw_trend, _round(model, "series", "changes"), c, units, steps),
            )
    if any(row["share_pct"] is not None for row in model["composition"]):
        yield "charts/composition.svg", partial(draw_composition, _round(model, "composition"))


def _round(model: Model, *tables: str) -> Model:
    """The round and its method, and only the tables a chart needs: it may be drawn in another process."""
    return {key: model[key] for key in ("round", "method", *tables)}
