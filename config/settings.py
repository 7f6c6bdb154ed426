"""Settings, read from the environment. A reader that finds nonsense stops the start with a sentence.

Production needs SECRET_KEY, SITE_URL, DATABASE_URL, REDIS_URL and EMAIL_URL; the README's table says what each
means. DEMO=1 is what `make run` sets.
"""

import sys
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import dj_email_url
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from environs import Env

from config.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()

DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)
TESTING = "pytest" in sys.modules or env.bool("TESTING", False)
LOCAL = DEMO or DEBUG or TESTING
if LOCAL and env.str("SITE_URL", "").startswith("https://"):
    raise ImproperlyConfigured(
        "DEMO, DEBUG and TESTING are for a machine of your own: they open what production keeps shut. "
        "Leave them out, or set SITE_URL to an http:// address"
    )

INSECURE_KEY = "local-only-key-that-production-refuses-0123456789-abcdefghij"
SECRET_KEY = env.str("SECRET_KEY", INSECURE_KEY if LOCAL else "")
if not LOCAL and (len(SECRET_KEY) < 50 or SECRET_KEY == INSECURE_KEY):
    raise ImproperlyConfigured(
        "SECRET_KEY is missing, a default or shorter than 50 characters. Set it to a long random value, e.g. "
        'the output of: python -c "import secrets; print(secrets.token_urlsafe(60))"'
    )
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000" if LOCAL else "").rstrip("/")
if not SITE_URL:
    raise ImproperlyConfigured("SITE_URL is missing: the address customers see, such as https://desk.example")
SECURE = SITE_URL.startswith("https://")
SITE_HOST = urlsplit(SITE_URL).hostname or ""
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]", "testserver"] if LOCAL else [SITE_HOST]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [SITE_URL])

INSTALLED_APPS = [
    # Before ours: what they register in the admin site, ours takes out again.
    "allauth",
    "allauth.account",
    "knox",
    "common",
    "accounts",
    "catalog",
    "knowledgebase",
    "tickets",
    "sla",
    "surveys",
    "notifications",
    "dashboards",
    "imports",
    "demo",
    "api",
    "config.apps.DeskAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "config.apps.DeskStaticFilesConfig",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "csp",
    "django_htmx",
    "django_structlog",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "common.health.HealthMiddleware",
    # Before all that may answer by itself: every answer carries its rules.
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "common.middleware.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.ReaderMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "common.middleware.SignedOutMiddleware",
    "common.middleware.BadInputMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "common.context.desk",
                "notifications.context.notices",
            ],
            "builtins": ["common.templatetags.desk"],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- data -----------------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        env.str("DATABASE_URL", "postgres://ledgerdesk@127.0.0.1:5432/ledgerdesk"),
        conn_max_age=env.int("CONN_MAX_AGE", 60),
        conn_health_checks=True,
    )
}
# A database that does not answer is an error soon, not a request that hangs.
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 5)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
REDIS_KEY_PREFIX = env.str("REDIS_KEY_PREFIX", "")
# Rate limits must hold while the broker is away, so the cache they count in is the database. Past its size it drops
# entries that still count: at Django's 300, guesses at enough accounts would make it forget those at one.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "common_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
}
MEDIA_ROOT = env.path("MEDIA_ROOT", BASE_DIR / "var" / "media")
ATTACHMENT_MAX_BYTES = env.int("ATTACHMENT_MAX_BYTES", 20 * 1024 * 1024)
ATTACHMENTS_PER_MESSAGE = 10
# The text of a request; its files are bounded one by one while they are read.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "common.uploads.BoundedUploadHandler",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
# The whole body, files and all; a longer one is turned away before anything is read.
MAX_BODY_BYTES = ATTACHMENTS_PER_MESSAGE * ATTACHMENT_MAX_BYTES + DATA_UPLOAD_MAX_MEMORY_SIZE
FILE_UPLOAD_PERMISSIONS = 0o640

# --- people ---------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupDetailsForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "60/m/ip"}
OPEN_SIGNUP = env.bool("OPEN_SIGNUP", False)

if TESTING:
    # Real hashing would be most of the suite's time; nothing tested hangs on its cost.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# --- words ----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "desk_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
USE_TZ = True
# common.clock: the database says what time it is. Tests set the machine's clock instead.
DATABASE_CLOCK = not TESTING
TIME_ZONE = "Asia/Shanghai"

# --- static files ---------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "var" / "static")
STATICFILES_DIRS = [
    BASE_DIR / "static",
    *(
        (f"vendor/{name}", BASE_DIR / "node_modules" / folder)
        for name, folder in (("echarts", "echarts/dist"), ("sortablejs", "sortablejs"))
        if (BASE_DIR / "node_modules" / folder).is_dir()
    ),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or TESTING
        else "config.static.HashedStaticFiles"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING

# --- safety ---------------------------------------------------------------------------------------------
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", SECURE) else None
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = SECURE
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_COOKIE_SECURE = SECURE
CSRF_FAILURE_VIEW = "common.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

# --- mail -----------------------------------------------------------------------------------------------
EMAIL_URL = env.str("EMAIL_URL", "")
MAIL_DIR = env.path("MAIL_DIR", BASE_DIR / "var" / "mail")
if EMAIL_URL:
    _mail = dj_email_url.parse(EMAIL_URL)
    if "EMAIL_BACKEND" not in _mail:
        raise ImproperlyConfigured(
            "EMAIL_URL begins with none of smtp:// (plain), submission:// (STARTTLS), smtps:// (TLS)"
        )
    EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
elif LOCAL:
    EMAIL_BACKEND = "notifications.channels.email.kept.KeptMailBackend"
else:
    raise ImproperlyConfigured(
        "EMAIL_URL is missing, for example submission://user:password@mail.example:587"
    )
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str(
    "DEFAULT_FROM_EMAIL", f"LedgerDesk 账服台 <desk@{'demo.example' if LOCAL else SITE_HOST}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL
# The kept mail is shown at /dev/mail/ on a machine that sends none.
SHOW_KEPT_MAIL = LOCAL and not EMAIL_URL

# 1: webhooks and chat robots may stand inside the house, at private addresses.
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", False)

# --- desk -----------------------------------------------------------------------------------------------
SURVEY_DELAY = timedelta(seconds=env.int("SURVEY_DELAY", 3600))
AUTO_CLOSE_AFTER = timedelta(days=env.int("AUTO_CLOSE_DAYS", 4))
REOPEN_WINDOW = timedelta(days=env.int("REOPEN_WINDOW_DAYS", 14))
FILINGS_PER_HOUR = env.int("FILINGS_PER_HOUR", 30)
REPLIES_PER_HOUR = env.int("REPLIES_PER_HOUR", 120)
# How long a reply that staff sends from the page can be taken back; 0: it leaves at once.
REPLY_UNDO = timedelta(seconds=env.int("REPLY_UNDO_SECONDS", 10))
SUPPORT_PHONE = env.str("SUPPORT_PHONE", "")

# --- web processes --------------------------------------------------------------------------------------
WEB_WORKERS = env.int("WEB_WORKERS", 2)
WEB_THREADS = env.int("WEB_THREADS", 8)
WEB_STOP_TIMEOUT = env.int("WEB_STOP_TIMEOUT", 10)
# How many proxies of ours stand before the web processes and name the client in X-Forwarded-For. Asked where the
# request comes in, so that REMOTE_ADDR is right for everybody who counts by it.
PROXIES = env.int("PROXIES", 1 if SECURE else 0)
LIVE_CHANNELS_RESOLVER = "tickets.live.channels_for"
# Seconds after which an open live stream makes sure again that its reader may listen.
LIVE_RECHECK = env.int("LIVE_RECHECK", 60)
LIVE_STREAMS_PER_USER = env.int("LIVE_STREAMS_PER_USER", 20)

# --- jobs -----------------------------------------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# All entries are short intervals: nothing is lost with the beat's memory, and it needs no file to keep it in.
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "global_keyprefix": REDIS_KEY_PREFIX,
}
# A nudge is worth one quick try: the sweep finds what it missed.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TIMEZONE = "UTC"

# --- API ------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["api.auth.TokenAuthentication", "api.auth.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["api.parsers.JsonParser"],
    "DEFAULT_SCHEMA_CLASS": "api.schema.DeskSchema",
    "EXCEPTION_HANDLER": "api.errors.handle",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=90), "AUTO_REFRESH": False, "AUTH_HEADER_PREFIX": "Token"}
SPECTACULAR_SETTINGS = {
    "ENUM_NAME_OVERRIDES": {
        "DayKindEnum": "catalog.models.DayKind",
        "LeaveKindEnum": "accounts.models.LeaveKind",
    },
    "TITLE": "LedgerDesk 账服台",
    "VERSION": "1",
    "DESCRIPTION": _(
        "Get a token with your address and password and send it as `Authorization: Token …`. "
        "Moments are in UTC. A refusal has a code, a sentence in your language (`Accept-Language`) and, where "
        "input was refused, one for each field. A POST with an `Idempotency-Key` happens once, however often it "
        "is sent."
    ),
    "TAGS": [
        {"name": name}
        for name in [
            "auth",
            "tickets",
            "files",
            "handbook",
            "surveys",
            "notifications",
            "figures",
            "calendars",
            "teams",
        ]
    ],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"defaultModelsExpandDepth": 0, "docExpansion": "list"},
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "api.schema.without_docstrings",
    ],
}

# --- logs -----------------------------------------------------------------------------------------------
LOGGING = logging_config(level=env.str("LOG_LEVEL", "INFO"), plain=env.bool("LOG_PLAIN", DEBUG or TESTING))
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_CELERY_ENABLED = True

# whitenoise keeps no unhashed duplicates of third-party bundles; media is streamed by a view of ours.
WHITENOISE_KEEP_ONLY_HASHED_FILES = False
