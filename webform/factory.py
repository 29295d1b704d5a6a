"""The application: one factory that composes the knowledge base, its measurement and the form."""

from collections.abc import Mapping

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from deflection import visit_views
from deflection import web as deflection_web
from kb import help_views
from kb import web as kb_web
from kb.database import Database
from kb.known import Known
from kb.openings import Openings
from kb.suggest import Suggester
from webform import (
    answering_web,
    api_views,
    article_health_views,
    baseline_review_views,
    baseline_views,
    channel_views,
    contact_views,
    coverage_views,
    deflection_views,
    desk_places,
    editor_views,
    embed_views,
    export_views,
    file_link_views,
    framed_web,
    gap_views,
    gate_views,
    headers,
    health_views,
    history_views,
    hook_views,
    hour_views,
    i18n,
    import_views,
    key_views,
    letter_views,
    logs,
    merge_views,
    outbox_views,
    picture_views,
    problem_views,
    raw_event_views,
    replay_views,
    request_views,
    robot_views,
    robots_web,
    routing_rules,
    routing_views,
    rule_views,
    satisfaction_desk_views,
    self_check_views,
    settings,
    side_views,
    sign_in,
    sign_in_views,
    skip_views,
    staff_views,
    support_views,
    topic_views,
    topics,
    trace_views,
    upkeep_views,
    upload_views,
    visibility_views,
    web,
    weekly_views,
    work_views,
)
from webform.admission import admission, look_limit, lookers, poll, search_limit
from webform.form_bytes import FormRequest
from webform.rates import open_rates
from webform.secret_key import secret_key
from webform.tokens import Tokens

ROOM_FOR_FIELDS = 2 * 1024 * 1024
PAGES = (
    help_views,
    visit_views,
    contact_views,
    request_views,
    upload_views,
    file_link_views,
    api_views,
    health_views,
    sign_in_views,
    staff_views,
    gap_views,
    gate_views,
    article_health_views,
    embed_views,
    history_views,
    hour_views,
    channel_views,
    letter_views,
    satisfaction_desk_views,
    outbox_views,
    hook_views,
    key_views,
    picture_views,
    replay_views,
    export_views,
    import_views,
    baseline_views,
    baseline_review_views,
    rule_views,
    topic_views,
    routing_views,
    robot_views,
    skip_views,
    self_check_views,
    raw_event_views,
    weekly_views,
    editor_views,
    merge_views,
    side_views,
    coverage_views,
    visibility_views,
    trace_views,
    upkeep_views,
    work_views,
    deflection_views,
    support_views,
)


def create_app(overrides: Mapping[str, str] | None = None, environ: Mapping[str, str] | None = None) -> Flask:
    """Make the application.

    :param overrides: texts of settings that win over defaults, files and environment.
    :param environ: the environment; the process's own unless given.
    :raises webform.settings.SettingError: if a setting cannot be used.
    """
    app = Flask("webform")
    app.request_class = FormRequest
    app.config.from_mapping(settings.load(overrides, environ))
    _complete(app)
    app.extensions[kb_web.DATABASE] = Database(app.config["DATABASE_URL"])
    app.extensions[kb_web.SUGGESTER] = Suggester(app.extensions[kb_web.DATABASE], app.config["INSTANCE"] / "index", gate=app.config["GATE"])
    app.extensions[web.TOKENS] = Tokens(app.config["SECRET_KEY"])
    app.extensions[deflection_web.ADMISSION] = admission(app.config, app.extensions[web.TOKENS])
    app.extensions[web.RATES] = open_rates(app.extensions[kb_web.DATABASE], app.config["SECRET_KEY"], app.config["RATE_STORAGE"])
    app.extensions[web.RULES] = Known(app.extensions[kb_web.DATABASE], routing_rules.MARKS, routing_rules.in_force)
    app.extensions[web.TOPICS] = Known(app.extensions[kb_web.DATABASE], topics.MARKS, topics.every)
    app.extensions[kb_web.MAY_SEARCH] = search_limit(app.config)
    app.extensions[kb_web.MAY_LOOK] = look_limit(app.config)
    app.extensions[kb_web.OPENINGS] = Openings(app.extensions[kb_web.DATABASE])
    app.extensions[kb_web.LOOKERS] = lookers(app.extensions[web.TOKENS])
    app.extensions[kb_web.POLL] = poll(app.extensions[web.TOKENS])
    logs.install(app)
    health_views.install(app)
    i18n.install(app)
    headers.install(app)
    framed_web.install(app)
    robots_web.install(app)
    problem_views.install(app)
    sign_in.install(app)
    desk_places.install(app)
    self_check_views.install(app)
    answering_web.install(app)
    for module in PAGES:
        app.register_blueprint(module.blueprint)
    if proxies := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app


def _complete(app: Flask) -> None:
    """Fill in the settings whose default follows from another one."""
    config = app.config
    try:
        config["SECRET_KEY"] = config["SECRET_KEY"] or secret_key(config["INSTANCE"])
    except OSError as error:
        raise settings.SettingError(f"WEBFORM_INSTANCE: {error.filename} cannot be used ({error.strerror}). Name a folder that this user may write") from error
    config["DATABASE_URL"] = config["DATABASE_URL"] or f"sqlite:///{config['INSTANCE'] / 'webform.db'}"
    config["BASE_URL"] = config["BASE_URL"] or f"http://{config['BIND']}"
    config["BOUNCE_ADDRESS"] = config["BOUNCE_ADDRESS"] or config["MAIL_SENDER"]
    config["SIGNATURE"] = config["SIGNATURE"] or config["COMPANY"]
    config["MAX_CONTENT_LENGTH"] = config["MAX_FILE_MEGABYTES"] * 1024 * 1024 + ROOM_FOR_FIELDS
    config["MAX_FORM_MEMORY_SIZE"] = ROOM_FOR_FIELDS
    config["MAX_FORM_PARTS"] = 300
