"""The settings, all in one file. What may differ between installations comes from the environment, through `env`.

Addresses: `DATABASE_URL` is the application's role, `KESU_OWNER_URL` the owner of the tables (migrations only). Without
them the embedded database of the data folder is used. Secrets may be given as files: `DATABASE_URL_FILE` and so on.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from kesu.config import env, home, moved_clock
from kesu.config.log_lines import logging_config
from kesu.core import keyring, sign_on
from kesu.notify import registry

_DATA = home.home()
_WEB = Path(__file__).resolve().parents[1] / "web"

# --- keys -------------------------------------------------------------------------------------------------------------
KESU_KEY_FILE = Path(env.text("KESU_KEY_FILE") or _DATA / "keys.json")
# Without a key file only commands that need no secret can run: the framework refuses an empty one when it is used.
SECRET_KEY = keyring.load(KESU_KEY_FILE).web_secret if KESU_KEY_FILE.exists() else ""

KESU_CLOCK_VERIFIER = Path(__file__).resolve().parent / "verifier" / "kesu_clock.py"
"""Handed out beside exported receipts."""

# --- addresses --------------------------------------------------------------------------------------------------------
KESU_BASE_URL = env.text("KESU_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
_BASE = urlsplit(KESU_BASE_URL)
if _BASE.scheme not in ("http", "https") or not _BASE.hostname:
    raise ImproperlyConfigured("KESU_BASE_URL must look like https://complaints.example.org")
_IS_HTTPS = _BASE.scheme == "https"
DEBUG = False
ALLOWED_HOSTS = list(dict.fromkeys([_BASE.hostname, *env.words("KESU_HOSTS", "127.0.0.1,localhost,[::1]")]))
CSRF_TRUSTED_ORIGINS = [KESU_BASE_URL]
ROOT_URLCONF = "kesu.config.urls"
WSGI_APPLICATION = "kesu.config.wsgi.application"

# --- applications -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_cotton",
    "csp",
    "axes",
    "pgtrigger",
    "kesu.store",
    "kesu.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "kesu.web.observing.Observed",
    "django.middleware.locale.LocaleMiddleware",
    "kesu.api.door.Door",
    "kesu.web.admission.Admission",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "kesu.web.refusals.Refusals",
]
CSRF_FAILURE_VIEW = "kesu.web.refusals.form_expired"
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

# --- database ---------------------------------------------------------------------------------------------------------
_IS_OWNER = env.flag("KESU_AS_OWNER")
"""True only in the process that migrates; no other process even reads the owner's password."""


def _database() -> dict[str, Any]:
    name, role = ("KESU_OWNER_URL", "owner") if _IS_OWNER else ("DATABASE_URL", "app")
    address = env.secret(name) or home.embedded_url(_DATA, role)
    # Without an address nothing can connect; what needs no database (checks, makemigrations) still runs.
    chosen: dict[str, Any] = env.database(address) if address else {"NAME": "kesu", "OPTIONS": {}}
    if address and not _IS_OWNER:
        size = env.number("KESU_DATABASE_CONNECTIONS", 8)
        # The server is handed statements and values apart, and keeps the plans of statements that come again and again.
        chosen["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 5}
        chosen["OPTIONS"]["pool"] = {"min_size": 1, "max_size": size, "timeout": 8.0, "reconnect_timeout": 5.0}
    # The pool replaces lasting connections; the health check throws away those that a database restart left dead.
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": True,
        **chosen,
    }


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kesu_cache"}}

# --- signing in -------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "store.Account"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "kesu.access.accounts.Accounts"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in"
KESU_SIGN_ON_FILE = Path(env.text("KESU_SIGN_ON_FILE") or _DATA / "sign-on.yaml")
try:
    KESU_SIGN_ON = sign_on.read(KESU_SIGN_ON_FILE) if KESU_SIGN_ON_FILE.exists() else ()
except sign_on.SignOnUnreadable as fault:
    raise ImproperlyConfigured(str(fault)) from fault
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_HTTP_RESPONSE_CODE = 429
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "kesu.web.people.sign_in.locked_out"
AXES_USERNAME_FORM_FIELD = "username"  # otherwise it looks for the column's name in the form and locks nobody
AXES_ENABLE_ADMIN = False
AXES_CLIENT_IP_CALLABLE = "kesu.web.visitors.address_of"
KESU_SOURCE_LIMIT = env.text("KESU_SOURCE_LIMIT", "120/minute")
KESU_HOOKS_INSIDE = env.networks("KESU_HOOKS_INSIDE")
"""Networks of the house whose machines may be told what happens; all others of it are refused."""
KESU_PUBLIC_LIMIT = env.text("KESU_PUBLIC_LIMIT", "20/10minute;120/day")
"""How many forms the public may send from one address to each web process. A whole estate may share an address."""

# --- sessions, cookies, headers ---------------------------------------------------------------------------------------
SESSION_ENGINE = "kesu.access.sessions"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if _IS_HTTPS else 0
X_FRAME_OPTIONS = "DENY"
KESU_BEHIND_PROXY = env.flag("KESU_BEHIND_PROXY")
if KESU_BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- languages and time -----------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
# Each by its own name, so that whoever reads no other finds it.
LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
LOCALE_PATHS = [_WEB / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files ------------------------------------------------------------------------------------------------------------
KESU_FILES = Path(env.text("KESU_FILES") or _DATA / "files")
"""Evidence, outside of anything that a web server serves by itself."""
_HEADS_DIR = env.text("KESU_HEADS_DIR")
KESU_HEADS_DIR = Path(_HEADS_DIR or _DATA / "heads")
"""Copies of the signed nights: best on a machine that the owner of the database cannot write to."""
KESU_HEADS_ARE_ELSEWHERE = bool(_HEADS_DIR)
KESU_COMPILED_PACKS = _DATA / home.COMPILED
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "kesu.web.uploading.SpoolUploadHandler",  # of larger requests: the framework's own leaves them in clear on the disk
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("KESU_STATIC_ROOT") or _DATA / "static")
_IS_COLLECTED = env.flag("KESU_STATIC_COLLECTED")
WHITENOISE_USE_FINDERS = not _IS_COLLECTED
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(KESU_FILES)}},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if _IS_COLLECTED
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- messages ---------------------------------------------------------------------------------------------------------
KESU_SMTP_URL = env.secret("KESU_SMTP_URL")
"""smtp://user:password@host:port or smtps://…; empty: messages stay in the outbox as held, and are said to be."""
KESU_CHANNELS_FILE = Path(env.text("KESU_CHANNELS_FILE") or _DATA / "channels.yaml")
"""Short messages, personal messages of work chats: which carrier, and with what."""
try:
    KESU_CHANNELS = registry.read(KESU_CHANNELS_FILE) if KESU_CHANNELS_FILE.exists() else {}
    _CARRIERS = registry.carriers(KESU_CHANNELS)
except registry.ChannelsUnreadable as fault:
    raise ImproperlyConfigured(str(fault)) from fault
KESU_MAIL_FROM = env.text("KESU_MAIL_FROM", f"kesu@{_BASE.hostname}")

# --- the clock --------------------------------------------------------------------------------------------------------
moved_clock.follow(
    env.text("KESU_CLOCK_FILE"),
    hosts=ALLOWED_HOSTS,
    is_behind_proxy=KESU_BEHIND_PROXY,
    mail=KESU_SMTP_URL,
    channels=[registry.host_of(KESU_CHANNELS[one], _CARRIERS[one]) for one in KESU_CHANNELS],
)

# --- log --------------------------------------------------------------------------------------------------------------
LOGGING_CONFIG = None
logging_config(env.text("KESU_LOG_LEVEL", "INFO"), is_json=env.flag("KESU_LOG_JSON"))
KESU_METRICS_TOKEN = env.secret("KESU_METRICS_TOKEN")
"""Who shows it (Authorization: Bearer …) may read /metrics from anywhere; without it only this machine may."""
