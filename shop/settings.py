"""The one settings file. Everything that differs between installations is read from the environment.

A wrong value stops the start with a sentence that says what to do. See docs/operations.md for the table of variables.
"""

import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import environ
import structlog
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.core.exceptions import ImproperlyConfigured
from django.templatetags.static import static
from django.urls import reverse_lazy

from shop import embedded

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

TESTING = "pytest" in sys.modules


def _read(read, name: str, example: str, **kwargs):
    """Read one variable; turn a value of the wrong form into a sentence that says what to write instead."""
    try:
        return read(name, **kwargs)
    except (ValueError, KeyError, environ.ImproperlyConfigured) as error:
        raise ImproperlyConfigured(
            f"{name} has a value that cannot be used ({error}). Set it like {name}={example}."
        ) from error


# --- Where things are, and how we run ---

VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var"))).expanduser().resolve()
# Tests flush caches and queues: never those of a shop that runs beside them. One home for each pytest-xdist worker.
if TESTING:
    VAR_DIR = VAR_DIR / "tests" / env.str("PYTEST_XDIST_WORKER", default="main")
DEBUG = _read(env.bool, "DEBUG", "0", default=True)
# Plain HTTP is for a laptop: production keeps secure cookies, HSTS and the redirect to HTTPS.
HTTPS = _read(env.bool, "HTTPS", "1", default=not DEBUG)
BEHIND_PROXY = _read(env.bool, "BEHIND_PROXY", "1", default=False)

_INSECURE_KEY = "insecure-key-for-a-laptop-only-never-for-a-shop-that-is-open-to-others"
SECRET_KEY = env.str("SECRET_KEY", default=_INSECURE_KEY if DEBUG else "")
if not DEBUG and (len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY == _INSECURE_KEY):
    raise ImproperlyConfigured(
        "SECRET_KEY must be a random text of at least 50 characters when DEBUG=0. Make one with: "
        'python -c "import secrets; print(secrets.token_urlsafe(64))"'
    )

ALLOWED_HOSTS = _read(
    env.list,
    "ALLOWED_HOSTS",
    "shop.example.com,www.shop.example.com",
    default=["localhost", "127.0.0.1", "[::1]", "testserver"] if DEBUG else ["localhost", "127.0.0.1"],
)
CSRF_TRUSTED_ORIGINS = _read(env.list, "CSRF_TRUSTED_ORIGINS", "https://shop.example.com", default=[])

SHOP_NAME = env.str("SHOP_NAME", default="Kindred")
SHOP_URL = env.str("SHOP_URL", default="http://127.0.0.1:8000").rstrip("/")  # for links in mails
SHOP_EMAIL = env.str("SHOP_EMAIL", default="hello@localhost")
# Where the shop is and how it is taxed, for invoices and for parcels that come back; lines divided by semicolons.
SHOP_ADDRESS = [
    line.strip() for line in env.str("SHOP_ADDRESS", default=SHOP_NAME).split(";") if line.strip()
]
SHOP_TAX_ID = env.str("SHOP_TAX_ID", default="")
RETURN_DAYS = _read(env.int, "RETURN_DAYS", "30", default=30)  # after an order has arrived
# With a key of Stripe's, shoppers pay on its pages; without one, the test provider is at the till and no money moves.
STRIPE_SECRET_KEY = env.str("STRIPE_SECRET_KEY", default="")
STRIPE_WEBHOOK_SECRET = env.str("STRIPE_WEBHOOK_SECRET", default="")
if STRIPE_SECRET_KEY and not STRIPE_WEBHOOK_SECRET:
    raise ImproperlyConfigured(
        "STRIPE_SECRET_KEY is set without STRIPE_WEBHOOK_SECRET. Set it to the signing secret (whsec_…) of the "
        f"endpoint {SHOP_URL}/payments/stripe/webhook/ in Stripe's dashboard: it proves who says what was paid."
    )
WEBHOOKS_ALLOW_PRIVATE = _read(env.bool, "WEBHOOKS_ALLOW_PRIVATE", "1", default=False)
DEFAULT_CURRENCY = env.str("DEFAULT_CURRENCY", default="EUR").upper()
if len(DEFAULT_CURRENCY) != 3 or not DEFAULT_CURRENCY.isalpha():
    raise ImproperlyConfigured(
        f"DEFAULT_CURRENCY must be a three-letter ISO 4217 code such as EUR, not {DEFAULT_CURRENCY!r}."
    )
FREE_SHIPPING_FROM = _read(
    lambda name, default: Decimal(env.str(name, default=default)),
    "FREE_SHIPPING_FROM",
    "100.00",
    default="100.00",
)
SHIPPING_PRICE = _read(
    lambda name, default: Decimal(env.str(name, default=default)), "SHIPPING_PRICE", "4.90", default="4.90"
)

DEFAULT_COUNTRY = env.str(
    "DEFAULT_COUNTRY", default="AT"
).upper()  # until a shopper says where to; shop.checkout checks it
# In the European Union a price that shoppers see holds the tax; elsewhere it may come on top.
PRICES_INCLUDE_TAX = _read(env.bool, "PRICES_INCLUDE_TAX", "1", default=True)
MAX_UNPAID_ORDERS = _read(env.int, "MAX_UNPAID_ORDERS", "3", default=3)  # that one shopper may hold at a time
DEFAULT_WEIGHT = _read(env.int, "DEFAULT_WEIGHT", "400", default=400)  # grams of a piece that names none

# --- Applications ---

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "health_check",
    "knox",
    "pghistory",
    "pgtrigger",
    "rest_framework",
    "tree_queries",
    "accounts",
    "catalog",
    "vision",
    "recommendations",
    "shop",
    "shop.storefront",
    "shop.checkout",
    "shop.reviews",
    "shop.sizing",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "shop.security.ClientAddressMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "shop.compression.CompressionMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "shop.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "catalog.history.WhoChangesMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "shop.security.ContentSecurityPolicyMiddleware",
    "shop.security.BodyLimitMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.staff_door.StaffDoorMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "shop.storefront.context.storefront",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- Data: PostgreSQL and Redis, from the environment or embedded ---

DATABASE_URL = env.str("DATABASE_URL", default="") or embedded.database_url_for(VAR_DIR)
DATABASES = {
    "default": {
        **_read(
            lambda name: environ.Env.db_url_config(DATABASE_URL),
            "DATABASE_URL",
            "postgres://user:password@host:5432/shop",
        ),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
if "postgresql" not in DATABASES["default"].get("ENGINE", ""):
    raise ImproperlyConfigured(
        "DATABASE_URL must name a PostgreSQL database (15 or newer, with pgvector), "
        "for example postgres://user:password@host:5432/shop."
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Database 0 is the broker, 1 the results, 2 the cache: the broker must never be evicted.
REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    if urlsplit(REDIS_URL).scheme not in {"redis", "rediss", "unix"}:
        raise ImproperlyConfigured(
            "REDIS_URL must look like redis://host:6379, rediss://… or unix:///path/to/redis.sock."
        )
    _redis_base = REDIS_URL.split("?")[0].rstrip("/")
    CELERY_BROKER_URL, CELERY_RESULT_BACKEND, CACHE_URL = embedded.redis_urls_from_base(_redis_base)
else:
    CELERY_BROKER_URL = embedded.celery_broker_url_for(VAR_DIR, 0)
    CELERY_RESULT_BACKEND = embedded.celery_broker_url_for(VAR_DIR, 1)
    CACHE_URL = embedded.redis_url_for(VAR_DIR, 2)

# What manage.py, the workers and the web server start for themselves (embedded.ensure_running).
EMBEDDED_SERVICES = {"postgres": not env.str("DATABASE_URL", default=""), "redis": not REDIS_URL}

CACHES = {
    "default": {
        "BACKEND": "shop.cache.TolerantRedisCache",
        "LOCATION": CACHE_URL,
        "KEY_PREFIX": "shop",
        "OPTIONS": {
            "serializer": "shop.cache.JSONSerializer",
            "socket_connect_timeout": 0.5,
            "socket_timeout": 1.0,
        },
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 60

# --- Work in the background ---

CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_ROUTES = {
    # Behind everything without a priority: a shopper's photo does not wait until an imported catalogue has been seen.
    "vision.*": {"queue": "vision", "priority": 6},
    "reviews.render_photos": {"queue": "vision", "priority": 6},
    "recommendations.answer_*": {"queue": "vision"},
    "recommendations.refresh_*": {"queue": "refresh"},
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_RESULT_EXPIRES = timedelta(hours=6)
CELERY_TASK_ACKS_LATE = True  # a killed worker costs one block, not the block's result
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TRACK_STARTED = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 60 * 60,
    "socket_connect_timeout": 1,
    "socket_timeout": 30,
}
# A page never waits for a broker that is away: it says so in the log, and beat finds the work later.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1, "interval_max": 0.2}
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = (
    "celery.beat:Scheduler"  # keeps no file: a pickle on disk, and one that a hard kill can break
)
CELERY_BEAT_SCHEDULE = {
    "refresh-clusters": {"task": "recommendations.refresh_clusters", "schedule": crontab(minute=30, hour=3)},
    # Complements follow purchases and products of other shelves, which no category's own digest tells of.
    "refresh-clusters-fully": {
        "task": "recommendations.refresh_clusters",
        "schedule": crontab(minute=30, hour=2, day_of_week="sunday"),
        "kwargs": {"full": True},
    },
    "refresh-stalled-clusters": {
        "task": "recommendations.refresh_stalled_clusters",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 290},
    },
    "refresh-recommendations": {
        "task": "recommendations.refresh_recommendations",
        "schedule": timedelta(minutes=30),
    },
    # A sweep that comes too late, because no worker was there, is the next one's work.
    "analyse-waiting-pictures": {
        "task": "vision.analyse_waiting_pictures",
        "schedule": timedelta(minutes=2),
        "options": {"expires": 110},
    },
    "answer-waiting-photos": {
        "task": "recommendations.answer_waiting_photos",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 25},
    },
    "store-tallies": {
        "task": "recommendations.store_tallies",
        "schedule": timedelta(minutes=5),
        "options": {"expires": 290},
    },
    "forget-photo-queries": {"task": "vision.forget_photo_queries", "schedule": timedelta(minutes=10)},
    "expire-unpaid-orders": {"task": "checkout.expire_unpaid_orders", "schedule": timedelta(minutes=1)},
    "deliver-waiting-messages": {
        "task": "checkout.deliver_waiting_messages",
        "schedule": timedelta(seconds=30),
        "options": {"expires": 25},
    },
    "recount-words": {
        "task": "catalog.recount_words",
        "schedule": crontab(minute=20),
        "options": {"expires": 3500},
    },
    "mail-low-stock": {
        "task": "catalog.mail_low_stock",
        "schedule": crontab(minute=0, hour=6),
        "options": {"expires": 6 * 3600},
    },
    "tend-price-log": {"task": "catalog.tend_price_log", "schedule": crontab(minute=25, hour=4)},
    "catch-up-with-reviews": {
        "task": "reviews.catch_up",
        "schedule": timedelta(minutes=2),
        "options": {"expires": 110},
    },
    "tidy-up-checkout": {"task": "checkout.tidy_up", "schedule": crontab(minute=45, hour=4)},
    "send-stock-alerts": {
        "task": "accounts.send_stock_alerts",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 55},
    },
    "send-price-drops": {
        "task": "accounts.send_price_drops",
        "schedule": timedelta(minutes=15),
        "options": {"expires": 14 * 60},
    },
    "tidy-up-accounts": {"task": "accounts.tidy_up", "schedule": crontab(minute=50, hour=4)},
    "forget-sign-ins": {"task": "accounts.forget_sign_ins", "schedule": crontab(minute=0, hour=5)},
    "clear-sessions": {"task": "shop.clear_sessions", "schedule": crontab(minute=15, hour=4)},
}

# --- Who is looking ---

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = (
    "optional"  # a shopper may buy before the mail is opened; claiming guest orders needs it
)
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_ADAPTER = "accounts.adapter.ShopAccountAdapter"
ACCOUNT_FORMS = {
    "login": "accounts.sign_in_forms.SignInForm",
    "signup": "accounts.sign_in_forms.SignUpForm",
    "reset_password": "accounts.sign_in_forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.sign_in_forms.NewPasswordForm",
    "change_password": "accounts.sign_in_forms.ChangePasswordForm",
    "add_email": "accounts.sign_in_forms.AddEmailForm",
}
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # the password once more before an address or a second step changes
ACCOUNT_EMAIL_NOTIFICATIONS = True
# Axes counts per address and IP; this stops many IPs that try one address, and one IP that tries many.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/m/ip,40/15m/key"}
# A second proof beside the password: codes from an app, or passkeys, which also open the account alone. To begin an
# account with a passkey alone would need an address that is confirmed by code before it may buy: ours buys at once.
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers themselves allow passkeys on localhost alone then
MFA_TOTP_ISSUER = SHOP_NAME
MFA_TOTP_TOLERANCE = 1  # a code of half a minute ago still counts: clocks and fingers are slow
MFA_FORMS = {
    "authenticate": "accounts.second_step_forms.CodeForm",
    "reauthenticate": "accounts.second_step_forms.CodeAgainForm",
    "activate_totp": "accounts.second_step_forms.FirstCodeForm",
}
# Whether staff need that second proof behind the counter. The demo has none.
STAFF_MFA = _read(env.bool, "STAFF_MFA", "1", default=not DEBUG)
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if HTTPS else "http"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.lockout.locked_out"
AXES_USERNAME_CALLABLE = "accounts.adapter.login_name"

# --- REST ---

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["catalog.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "catalog.pagination.CursorPagination",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE_ANONYMOUS", default="600/min"),
        "user": env.str("API_RATE_SHOPPER", default="1200/min"),
        "token": "20/min",
        "photo-search": env.str("API_RATE_PHOTO_SEARCH", default="60/min"),
        "interactions": "600/min",
    },
    "NUM_PROXIES": 0,  # shop.security knows the sender; X-Forwarded-For alone is no way round the limits
    "EXCEPTION_HANDLER": "catalog.problems.problem_response",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": f"{SHOP_NAME} API",
    "DESCRIPTION": "Products, photo search, recommendations, carts and orders. "
    "Errors are application/problem+json (RFC 9457).",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "InteractionKind": "recommendations.models.Interaction.Kind",
        "PhotoStatus": "vision.models.PhotoQuery.Status",
        "OrderStatus": "shop.checkout.models.Order.Status",
        "PaymentStatus": "shop.checkout.models.Payment.Status",
    },
}
REST_KNOX = {"TOKEN_TTL": timedelta(days=30), "TOKEN_LIMIT_PER_USER": 20}

# --- Pictures, models, files ---

MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = env.str("MEDIA_URL", default="/media/")
# With MEDIA_URL on a server or bucket of its own, the shop does not serve the files itself.
SERVE_MEDIA = MEDIA_URL.startswith("/")
STATIC_URL = "/static/"
# A demo that a test opens collects files while other tests run: theirs are looked for elsewhere.
STATIC_ROOT = (VAR_DIR if TESTING else BASE_DIR) / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Uploads wait here, outside MEDIA_ROOT, until a worker has re-encoded them. They are never served.
    "incoming": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": str(VAR_DIR / "incoming"), "base_url": None},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG and not TESTING
PICTURE_MAX_BYTES = 20 * 1024 * 1024
PICTURE_MAX_PIXELS = 50_000_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = (
    PICTURE_MAX_BYTES  # a photo lives in memory only; nothing of it reaches a disk of the web server
)
MODELS_DIR = VAR_DIR / "models"
SHIPPED_MODEL_DIR = BASE_DIR / "vision" / "weights" / "efficientnet-lite0"
PHOTO_QUERY_LIFETIME = timedelta(hours=1)

# --- Mail ---

_email = _read(
    env.email_url, "EMAIL_URL", "smtp+tls://user:password@mail.example.com:587", default="filemail://"
)
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_HOST = _email.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _email.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _email.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SHOP_EMAIL
SERVER_EMAIL = SHOP_EMAIL

# --- Safety ---

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]  # probes come from inside, over plain HTTP
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"

_picture_sources = [SELF, "data:", "blob:"]
if not SERVE_MEDIA:
    _picture_sources.append("{0.scheme}://{0.netloc}".format(urlsplit(MEDIA_URL)))
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": _picture_sources,
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        # Browsers hold the redirect to the payment page, which follows our form, to be part of its action.
        "form-action": [SELF, "https://checkout.stripe.com"] if STRIPE_SECRET_KEY else [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
# The admin theme evaluates Alpine expressions: it alone may, and only behind /admin/.
ADMIN_CONTENT_SECURITY_POLICY = {
    "script-src": [SELF, NONCE, UNSAFE_EVAL],
    "style-src": [SELF, UNSAFE_INLINE],
}

# --- Words, time ---

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]  # each as those who speak it call it
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = HTTPS
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

# --- What the operator sees ---

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
_log_processors = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.processors.StackInfoRenderer(),
    structlog.processors.format_exc_info,
]
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_log_processors,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "structured": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processor": structlog.processors.JSONRenderer()
            if not DEBUG
            else structlog.dev.ConsoleRenderer(colors=False),
            "foreign_pre_chain": _log_processors,
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "structured"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "axes": {"level": "WARNING"},
        "PIL": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "matplotlib": {"level": "WARNING"},
    },
}
DJANGO_STRUCTLOG_CELERY_ENABLED = True  # tasks carry on the request's id

PROMETHEUS_EXPORT_MIGRATIONS = False

if SENTRY_DSN := env.str("SENTRY_DSN", default=""):
    try:
        import sentry_sdk  # not among the pinned packages: few shops need it
    except ImportError as error:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, but the package sentry-sdk is missing. Install it (pip install sentry-sdk) or unset it."
        ) from error
    sentry_sdk.init(SENTRY_DSN, send_default_pii=False)

# The admin's theme in the shop's colours: paper, ink and rust (see css/base.css).
UNFOLD = {
    "SITE_TITLE": f"{SHOP_NAME} admin",
    "SITE_HEADER": SHOP_NAME,
    "SITE_SUBHEADER": "Behind the counter",
    "SITE_ICON": lambda request: static("shop/img/mark.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("shop/img/mark.svg")}
    ],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": True,
    "SHOW_BACK_BUTTON": True,
    "DASHBOARD_CALLBACK": "shop.dashboard.dashboard",
    "STYLES": [lambda request: static("shop/css/admin.css")],
    "SIDEBAR": {"navigation": "shop.navigation.sidebar"},
    "COLORS": {
        "base": {
            "50": "#faf8f4",
            "100": "#f1ede5",
            "200": "#e4ded3",
            "300": "#cfc7b9",
            "400": "#a59d90",
            "500": "#6b655c",
            "600": "#565047",
            "700": "#443f38",
            "800": "#2e2b27",
            "900": "#1d1b18",
            "950": "#161513",
        },
        "primary": {
            "50": "#fbf3f0",
            "100": "#f6e3dc",
            "200": "#eec8bb",
            "300": "#e6ab97",
            "400": "#e59a80",
            "500": "#e08a6d",
            "600": "#9a3b26",
            "700": "#823220",
            "800": "#6a291b",
            "900": "#522015",
            "950": "#33140d",
        },
    },
}

if TESTING:
    PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher"
    ]  # speed; Argon2 has a test of its own
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
