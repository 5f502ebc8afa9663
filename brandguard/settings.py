"""All settings, read only from environment variables; docker/env.sample lists every one."""

import os
from pathlib import Path

import django_stubs_ext
from django.utils.csp import CSP

from brandguard import environment as env
from brandguard.logs import configure_logs
from brandguard.runtime.broker import cache_url

django_stubs_ext.monkeypatch()  # Django's generic classes then accept type arguments

# Worker processes share the cores: with a pool of NumPy threads in each, two of them took three times as
# long. NumPy reads this on its first import, which comes later.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

BASE_DIR = Path(__file__).resolve().parent.parent

# Holds all that must survive a restart: database, pictures, queue, index snapshot.
DATA_DIR = env.folder("BRANDGUARD_DATA_DIR", BASE_DIR / "var")

DEBUG = env.switch("DEBUG", default=False)
SECRET_KEY = env.secret("SECRET_KEY", DATA_DIR / "secret_key")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", "")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_filters",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "brandguard",  # before allauth, so that our templates replace theirs
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "accounts",
    "fingerprints",
    "detection",
    "lab",
]

MIDDLEWARE = [
    "brandguard.kernel.requests.AccessMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "brandguard.kernel.api.errors.NotAllowedPage",
]

ROOT_URLCONF = "brandguard.urls"
WSGI_APPLICATION = "brandguard.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "detection.review.portal.navigation.navigation",
            ],
        },
    },
]

# --- database -------------------------------------------------------------------------------
DATABASES = {
    "default": env.database("DATABASE_URL", f"sqlite:///{DATA_DIR / 'brandguard.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # WAL: readers never wait for the one writer. IMMEDIATE: a transaction takes the write lock at its start,
    # so that two cannot deadlock half-way. FULL: an acknowledged row survives a power cut; its pictures may
    # not, because the file system delays writing them.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
    # Tests too use one connection a thread. An in-memory database shared by threads fails now and then under
    # a live server ("bad parameter or other API misuse").
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- pictures -------------------------------------------------------------------------------
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
MAX_IMAGES = 12  # per listing and per design
MAX_IMAGE_BYTES = env.number("MAX_IMAGE_BYTES", 20_000_000, least=100_000, most=200_000_000)
MAX_IMAGE_PIXELS = env.number("MAX_IMAGE_PIXELS", 50_000_000, least=1_000_000, most=100_000_000)
DATA_UPLOAD_MAX_NUMBER_FILES = MAX_IMAGES + 1  # one too many still reaches our own clear error

# --- URLs from strangers (detection/outbound) ---------------------------------------------------
FETCH_SECONDS = env.number("FETCH_SECONDS", 15, least=1, most=60)  # for one picture or one webhook
# also allow this machine, for development
FETCH_LOOPBACK = env.switch("FETCH_LOOPBACK", default=False)

# --- matching -------------------------------------------------------------------------------
ENCODER = env.text("ENCODER", "sscd")  # for pictures and packaging
OBJECT_ENCODER = env.text(
    "OBJECT_ENCODER", "efficientnet-lite2"
)  # empty: the object channel is off
LOGO_ENCODER = env.text("LOGO_ENCODER", "logo")  # empty: the logo channel is off
ENCODERS_DIR = Path(
    env.text("ENCODERS_DIR", str(DATA_DIR / "encoders"))
)  # export_encoder writes here
ONNX_PROVIDERS = env.text("ONNX_PROVIDERS", "CPUExecutionProvider")

# --- decisions ------------------------------------------------------------------------------
UNDO_SECONDS = env.number("UNDO_SECONDS", 30, least=0, most=3600)  # before a decision takes effect
# after these days an undecided appeal releases the listing
APPEAL_DAYS = env.number("APPEAL_DAYS", 7, least=1, most=60)
CHECK_MILLISECONDS = env.number("CHECK_MILLISECONDS", 2000, least=100, most=30_000)

# --- broker and workers (brandguard/celery.py has queues and limits) ---------------------------
REDIS_URL = env.text("REDIS_URL", "")  # empty: the embedded broker (brandguard/runtime/broker.py)
WORKER_CONCURRENCY = env.number("WORKER_CONCURRENCY", 2, least=1, most=64)

# Counted per key and minute, for all web processes together.
REQUESTS_PER_MINUTE = env.number("REQUESTS_PER_MINUTE", 1200, least=1, most=1_000_000)
CACHES = {
    "default": {
        "BACKEND": "brandguard.cache.ForgivingRedisCache",
        "LOCATION": cache_url(REDIS_URL, DATA_DIR),
        "KEY_PREFIX": "brandguard",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
    }
}

# --- mail -------------------------------------------------------------------------------------
MAILERS = {"default": env.mailer("MAIL_URL", DATA_DIR / "mail")}
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "Brandguard <brandguard@localhost>")

# --- web ------------------------------------------------------------------------------------
WEB_HOST = env.text("WEB_HOST", "127.0.0.1")
WEB_PORT = env.number("WEB_PORT", 8000, least=1, most=65_535)
WEB_WORKERS = env.number("WEB_WORKERS", 2, least=1, most=64)
HTTPS = env.switch("HTTPS", default=False)  # behind a proxy that terminates TLS

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "brandguard.kernel.api.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

# --- people (django-allauth) ------------------------------------------------------------------
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_ADAPTER = "accounts.portal.sign_in.AccountAdapter"
ACCOUNT_FORMS = {"login": "accounts.portal.sign_in.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "optional"  # an organisation has no effect before staff verifies it
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True  # one address each, changed once the new one is confirmed
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Brandguard"
SIGN_UP = env.choice("SIGN_UP", "open", ("open", "invited"))  # who may create an account
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

STATIC_URL = "static/"
# Served straight from the packages: a clone needs no collect step.
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "brandguard" / "locale"]
FORMAT_MODULE_PATH = "brandguard.formats"
TIME_ZONE = "UTC"
USE_TZ = True

# --- API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_PAGINATION_CLASS": "brandguard.kernel.api.paging.NewestFirst",
    "DEFAULT_PARSER_CLASSES": [
        "brandguard.kernel.api.parsing.JSONParser",
        "brandguard.kernel.api.parsing.FormParser",
        "brandguard.kernel.api.parsing.MultiPartParser",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_FILTER_BACKENDS": ["brandguard.kernel.api.filters.Filters"],
    "DEFAULT_THROTTLE_CLASSES": ["brandguard.throttling.PerKey"],
    "EXCEPTION_HANDLER": "brandguard.kernel.api.errors.respond",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Brandguard",
    "DESCRIPTION": "Register designs, send listings, read verdicts, decide alerts.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "brandguard.schema.with_errors",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ListingState": "detection.intake.models.Listing.State",
        "ListingImageState": "detection.intake.models.ListingImage.State",
        "DesignImageState": "fingerprints.models.DesignImage.State",
        "RightState": "fingerprints.models.Right.State",
        "AlertState": "detection.review.models.Alert.State",
        "Verdict": "detection.intake.models.Verdict",
    },
}

# --- logs -----------------------------------------------------------------------------------
LOG_LEVEL = env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING_CONFIG = None
configure_logs(LOG_LEVEL)
