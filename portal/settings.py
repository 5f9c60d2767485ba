"""Plain settings. Everything an operator may change comes from the environment, each value also as NAME_FILE."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONCE, NONE, SELF

from portal import env

ROOT = Path(__file__).resolve().parent.parent

# Where the embedded defaults keep what they make: database, keys, logs, sockets.
DATA_DIR = env.folder("DATA_DIR", ROOT / "var")
# Sockets of the embedded broker and engine. The path of a socket may have 107 bytes and no more.
RUN_DIR = env.path("RUN_DIR", DATA_DIR / "run")
if len(os.fsencode(RUN_DIR)) > 90:
    RUN_DIR = Path(f"/tmp/portcullis-{hashlib.sha256(os.fsencode(DATA_DIR)).hexdigest()[:16]}")  # noqa: S108 (made with mode 0700, and refused when somebody else owns it)

# --- who may reach us -------------------------------------------------------------------------
DEBUG = False
PRODUCTION = env.flag("PRODUCTION")
DEMO = env.flag("DEMO", not PRODUCTION)
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1],testserver")
PORT = env.integer("PORT", 8000, low=1, high=65535)
HTTPS = env.flag("HTTPS", PRODUCTION)
CSRF_TRUSTED_ORIGINS = env.origins("CSRF_TRUSTED_ORIGINS")
WEB_THREADS = env.integer("WEB_THREADS", 16, low=1, high=256)
# How many requests of one person are served at a time; each holds one of WEB_THREADS.
MOST_REQUESTS_OF_ONE = env.integer("MOST_REQUESTS_OF_ONE", 8, low=1, high=256)
# Whether drafts are answered apart from pages and saves (portal.apart), and where; the supervisor says so.
DRAFTS_APART = env.flag("DRAFTS_APART")
DRAFTS_SOCKET = RUN_DIR / "drafts.sock"
# How many proxies in front of us are ours; only so many X-Forwarded-For entries are believed.
TRUSTED_PROXY_COUNT = env.integer("TRUSTED_PROXY_COUNT", 0, low=0, high=10)


def _kept_secret(name: str, file: Path) -> str:
    """The given secret, else one made at the first start and kept with mode 0600."""
    if given := env.secret(name):
        return given
    if PRODUCTION:
        raise env.BadSetting(name, "", "a secret of at least 50 characters; production makes none up")
    try:
        file.touch(mode=0o600, exist_ok=False)
        file.write_text(secrets.token_urlsafe(48), encoding="utf-8")
    except FileExistsError:
        pass
    return file.read_text(encoding="utf-8").strip()


KEYS_DIR = env.folder("KEYS_DIR", DATA_DIR / "keys")
SECRET_KEY = _kept_secret("SECRET_KEY", KEYS_DIR / "secret_key")
# Tokens are stored as HMAC(pepper, token), so a copy of the database alone opens nothing.
TOKEN_PEPPER = _kept_secret("TOKEN_PEPPER", KEYS_DIR / "token_pepper")
AUDIT_SIGNING_KEY_FILE = env.path("AUDIT_SIGNING_KEY_FILE", KEYS_DIR / "audit_ed25519.pem")
BUNDLE_SIGNING_KEY_FILE = env.path("BUNDLE_SIGNING_KEY_FILE", KEYS_DIR / "bundle_rsa.pem")
# Checkpoints are appended here as well; put it on another volume or host in production.
AUDIT_WITNESS_FILE = env.path("AUDIT_WITNESS_FILE", DATA_DIR / "witness" / "checkpoints.txt")

# --- applications -----------------------------------------------------------------------------
INSTALLED_APPS = [
    "portal",
    "templates_catalog",
    "governance",
    "audit",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "allauth",
    "allauth.account",
    "csp",
    "django_prometheus",
]
# Names of installed plugins that may register; installed is not enabled.
PLUGINS = env.words("PLUGINS")

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.web.fairness.OneAmongMany",
    "portal.web.privacy.PrivatePages",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# --- database ---------------------------------------------------------------------------------
# IMMEDIATE: a transaction that reads and then writes takes the write lock at once; with Django's
# default more than half of concurrent ones fail with "database is locked".
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA recursive_triggers=ON;",
}
DATABASE_URL = env.url(
    "DATABASE_URL",
    f"sqlite:///{DATA_DIR / 'portal.sqlite3'}",
    schemes=("sqlite", "postgres", "postgresql"),
)
# Migrations run as the owner; the product itself may not update or delete audit rows.
DATABASE_OWNER_URL = env.url("DATABASE_OWNER_URL", DATABASE_URL, schemes=("sqlite", "postgres", "postgresql"))


def _database(url: str) -> dict[str, object]:
    try:
        parsed = dict(dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True))
    except ValueError as error:
        shown = env.without_password(url)
        raise env.BadSetting("DATABASE_URL", shown, f"a database's address ({error})") from error
    if "sqlite" in str(parsed["ENGINE"]):
        parsed["OPTIONS"] = dict(SQLITE_OPTIONS)
        parsed["CONN_HEALTH_CHECKS"] = False
    return parsed


DATABASES = {"default": _database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- signing in -------------------------------------------------------------------------------
AUTH_USER_MODEL = "governance.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ANONYMOUS_USER_NAME = None
GUARDIAN_RAISE_403 = False
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "portal.web.signin.AccountAdapter"
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,20/h/key"}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
if HTTPS:
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None

# --- browser ----------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}

# --- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "staticfiles"
STATICFILES_DIRS = [d for d in [ROOT / "static" / "dist"] if d.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "portal.web.statics.Storage"},
}
WHITENOISE_MANIFEST_STRICT = False
# Until `collectstatic` has run (tests, first start) files are found where they were built.
WHITENOISE_USE_FINDERS = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
LOG_STORE_DIR = env.path("LOG_STORE_DIR", DATA_DIR / "logs")

# --- the gate ---------------------------------------------------------------------------------
# How long a save may wait for the policy engine before it is refused (the gate fails closed).
POLICY_TIMEOUT_MS = env.milliseconds("POLICY_TIMEOUT_MS", 2_000, low=50, high=10_000)
# Where OPA answers: http://host:port, or unix:/path/to/socket.
OPA_URL = env.url("OPA_URL", f"unix:{RUN_DIR / 'opa.sock'}", schemes=("http", "https", "unix"))
# What the sidecar shows us when it fetches bundles and reports its status.
OPA_TOKEN = _kept_secret("OPA_TOKEN", KEYS_DIR / "opa_token")

# --- runs -------------------------------------------------------------------------------------
BROKER_URL = env.url(
    "BROKER_URL",
    f"redis+socket://{RUN_DIR / 'broker.sock'}?virtual_host=0",
    schemes=("redis", "rediss", "redis+socket", "amqp", "amqps", "memory"),
)
LEASE_SECONDS, BEAT_SECONDS, SWEEP_SECONDS = 12, 4, 3
# Directories that a Git connector may name as a local repository.
GIT_ALLOWED_PATHS = [
    Path(p).resolve() for p in env.words("GIT_ALLOWED_PATHS", str(DATA_DIR / "repositories"))
]

# --- the assistant ----------------------------------------------------------------------------
OPENAI_BASE_URL = env.url("OPENAI_BASE_URL", schemes=("http", "https"))
OPENAI_API_KEY = env.text("OPENAI_API_KEY")
OPENAI_MODEL = env.text("OPENAI_MODEL")
ASSISTANT_DEADLINE_S = env.integer("ASSISTANT_DEADLINE_S", 60, low=1, high=600, unit="seconds")

# --- API --------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.api.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["portal.api.parsing.Parser"],
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.Schema",
    "EXCEPTION_HANDLER": "portal.api.errors.problem",
    # `?format=` belongs to us: the format of an export.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Portcullis",
    "DESCRIPTION": "The same nouns and verbs as the pages. Every refusal is a problem+json with a stable code.",
    "VERSION": "0.1.0",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}

# --- language, time, log ----------------------------------------------------------------------
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
# A bearer of this may read /metrics; without it only the local machine may.
METRICS_TOKEN = env.text("METRICS_TOKEN")
LOG_LEVEL = env.one_of("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.utils.autoreload": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},
    },
}
SILENCED_SYSTEM_CHECKS = ["guardian.W001"]
