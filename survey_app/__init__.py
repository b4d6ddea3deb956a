"""The portal's app: all that people write. `create_app` is its table of contents."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask

from survey_app import account, citizen, office, publicity, supervision, unit, web
from survey_app.citizen import cases, everyday, sealed
from survey_app.config import Keys, Settings
from survey_app.store.database import open_database
from survey_app.unit import tables_views


def create_app(settings: Settings, keys: Keys, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Flask:
    """The WSGI app over one portal folder; `clock` gives the time in UTC."""
    open_database(settings.database)
    app = Flask(__name__, static_folder=None)
    app.config.update(SETTINGS=settings, KEYS=keys, CLOCK=clock, MAX_CONTENT_LENGTH=settings.body_limit_kib * 1024)
    web.register(app)
    account.register(app)
    app.register_blueprint(citizen.blueprint)
    app.register_blueprint(everyday.blueprint)
    app.register_blueprint(sealed.blueprint)
    app.register_blueprint(cases.blueprint)
    app.register_blueprint(unit.blueprint)
    app.register_blueprint(publicity.blueprint)
    app.register_blueprint(tables_views.blueprint)
    app.register_blueprint(office.blueprint)
    app.register_blueprint(supervision.blueprint)
    app.register_blueprint(supervision.own_views.blueprint)
    app.register_blueprint(web.site)
    web.mount(app, settings.prefix)
    return app
