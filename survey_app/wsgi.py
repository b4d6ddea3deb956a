"""Entry for a WSGI server: `survey_app.wsgi:app`."""

from survey_app import create_app, jobs
from survey_app.config import load_keys, load_settings
from survey_app.web import upkeep

_settings = load_settings()
app = create_app(_settings, load_keys(_settings.keys))
upkeep.start(_settings)
jobs.start(_settings)
