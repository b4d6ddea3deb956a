"""Whatever leaves through a desk's door leaves with an entry in the log: every route of the portal, by its code."""

import types

from survey_app.web import sending

SENDS = (sending.attachment, sending.disposition)
NOTES = (sending.note_download,)
# They write an event of their own, in the words of what is done; a preview is a page, not a file to keep.
OWN_EVENTS = {"office.issue", "office.take_copy", "office.download_sealed"}


def reached(view):
    """Every function of the portal that a view's code can come to, by the names in it."""
    found, waiting = set(), [view]
    while waiting:
        one = waiting.pop()
        code = getattr(one, "__code__", None)
        if one in found or code is None or not one.__module__.startswith("survey_app"):
            continue
        found.add(one)
        waiting += [other for name in names(code) for other in named(one.__globals__, name)]
    return found


def names(code):
    inner = [name for part in code.co_consts if isinstance(part, types.CodeType) for name in names(part)]
    return [*code.co_names, *inner]


def named(scope, name):
    """What a name can mean: a function here, or one of that name in a module that is known here."""
    modules = [value for value in scope.values() if isinstance(value, types.ModuleType)]
    candidates = [scope.get(name), *(vars(module).get(name) for module in modules)]
    methods = [
        vars(kind).get(name)
        for kind in scope.values()
        if isinstance(kind, type) and kind.__module__.startswith("survey_app")
    ]
    return [one for one in (*candidates, *methods) if isinstance(one, types.FunctionType)]


def test_every_route_behind_a_door_that_sends_a_file_writes_it_down(app):
    silent = set()
    for endpoint, view in app.view_functions.items():
        if getattr(view, "door", "public") == "public":
            continue
        functions = reached(view)
        if functions & set(SENDS) and not functions & set(NOTES):
            silent.add(endpoint)
    assert silent - OWN_EVENTS == set()


def test_the_walk_finds_files_where_they_are_sent(app):
    """A check that finds nothing anywhere would pass, too."""
    sends = {name for name, view in app.view_functions.items() if reached(view) & set(SENDS)}
    assert {"office.download", "office.case_file", "desk.own_order_file", "supervision.order_paper"} <= sends
