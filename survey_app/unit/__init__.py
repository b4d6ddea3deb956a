"""The unit desk: what a unit publishes, from draft to history."""

<<<<<<< HEAD
from survey_app.unit import attachments, cases, cases_told, clashes, duty, editing, overview, papers, previews
=======
from survey_app.unit import attachments, cases, clashes, duty, editing, overview, papers, previews, results
>>>>>>> w7b
from survey_app.unit.desk import blueprint

__all__ = [
    "attachments",
    "blueprint",
    "cases",
<<<<<<< HEAD
    "cases_told",
=======
>>>>>>> w7b
    "clashes",
    "duty",
    "editing",
    "overview",
    "papers",
    "previews",
<<<<<<< HEAD
=======
    "results",
>>>>>>> w7b
]
