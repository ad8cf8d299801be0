"""Settings of the site, read top to bottom.

Machines differ by environment variables only; docs/operating.md lists them.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Where and how this machine serves ---------------------------------------

DEBUG = env.bool("DEBUG", default=False)

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY:
    if not DEBUG:
        raise ImproperlyConfigured(
            "SECRET_KEY is not set. Put a long random value into the environment, "
            "or set DEBUG=1 on a developer's machine."
        )
    SECRET_KEY = "insecure-key-for-a-developers-machine-only"  # noqa: S105

# The address readers see, without a slash at its end. Canonical links, feeds,
# sitemaps and QR codes are built from it, never from the request's Host.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
_site = environ.urlparse(SITE_URL)
if _site.scheme not in ("http", "https") or not _site.hostname:
    raise ImproperlyConfigured(f"SITE_URL is not an http(s) address: {SITE_URL!r}")
IS_HTTPS = _site.scheme == "https"

# Addresses of the proxies in front of us, which say in X-Real-IP who asks.
PROXIES = env.list("PROXIES", default=[])

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[_site.hostname, "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# Where databases, uploads and caches of this machine live.
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data")))
DATA_DIR.mkdir(parents=True, exist_ok=True)
PASSAGES_FILE = DATA_DIR / "passages"  # statutes/passages.py: where quoted words stand

# The search indexes: derived from the database, made again at the first start without them.
SEARCH_DIR = DATA_DIR / "search"

# --- The product ---------------------------------------------------------------

# Article addresses are /<prefix>/<id>.html for ever: choose once.
ARTICLE_PREFIX = env.str("ARTICLE_PREFIX", default="hf").strip("/")

# Which machines of AI companies robots.txt lets in: "all"; "search" (those that
# answer with a link, not those that train models); "none".
AI_ROBOTS = env.str("AI_ROBOTS", default="search")
if AI_ROBOTS not in ("all", "search", "none"):
    raise ImproperlyConfigured(f"AI_ROBOTS must be all, search or none, not {AI_ROBOTS!r}")

# Addresses in one sitemap file; an article's file is id // this (Sogou, 360: ≤ 10,000).
SITEMAP_SIZE = 10_000
SITEMAP_ROOT = DATA_DIR / "sitemaps"  # their files, made again where they are missing

# Whether a lawyer may approve an article of their own: for a firm of one.
SELF_REVIEW = env.bool("SELF_REVIEW", default=False)

# After how many months the law in an article is to be checked again; categories may differ.
REVIEW_MONTHS = env.int("REVIEW_MONTHS", default=24)

# What any cache between us and an anonymous reader may do with a public page. The last two tell
# Baidu to show the page as it is; its meta tags for this are no valid HTML.
PUBLIC_CACHE = {
    "public": True,
    "max_age": 60,
    "stale_while_revalidate": 600,
    "stale_if_error": 86_400,
    "no_transform": True,
    "no_siteapp": True,
}

# Ready pages in front of Django, and how large their files may grow. Not on a developer's machine,
# where templates change without notice.
PAGE_CACHE_DIR = Path(env.str("PAGE_CACHE_DIR", default=str(DATA_DIR / "pages")))
PAGE_CACHE_SIZE = env.int("PAGE_CACHE_MB", default=0 if DEBUG else 2048) * 1024 * 1024

# Pieces of pages that a process keeps once they are rendered (statutes/fragments.py).
FRAGMENTS_KEPT = env.int("FRAGMENTS_KEPT", default=0 if DEBUG else 2048)

# How often one address may search, as (requests, seconds); results while typing come on top.
SEARCH_RATE = (40, 60)
HINT_RATE = (150, 60)

# --- Django ----------------------------------------------------------------------

INSTALLED_APPS = [
    "lawsite",
    "articles",
    "statutes",
    "taggit",
    "axes",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "lawsite.middleware.client_address",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lawsite.replicas.read_from_replicas",
    "lawsite.middleware.content_security_policy",
    "lawsite.middleware.old_addresses",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "lawsite.middleware.site_profile",
    "lawsite.middleware.public_pages",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "lawsite.urls"
WSGI_APPLICATION = "lawsite.wsgi.application"

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
                "lawsite.context_processors.site",
            ],
        },
    },
]

# SQLite needs nothing installed; PostgreSQL by DATABASE_URL=postgres://…. Copies of it that serve
# anonymous readers: DATABASE_REPLICA_URL, several parted by commas.
DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'site.sqlite3'}")}
for _number, _url in enumerate(env.list("DATABASE_REPLICA_URL", default=[]), start=1):
    DATABASES[f"replica{_number}"] = env.db_url_config(_url) | {"TEST": {"MIRROR": "default"}}
DATABASE_ROUTERS = ["lawsite.replicas.Router"]
# Connections that the threads of one process share: for the server, where threads come and go.
# A command has one connection, and may fork.
DATABASE_POOL = env.int("DATABASE_POOL", default=0)
for _alias, _database in DATABASES.items():
    if _database["ENGINE"] == "django.db.backends.sqlite3":
        _database["CONN_MAX_AGE"] = None  # to open the file and set it up costs a query's time
        _database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                # What was published is on the disk, even if the power fails that moment. Every
                # thread has a cache of its own; the system keeps the file's pages for all.
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-8000;"
            ),
        }
        continue
    _database.setdefault("CONN_MAX_AGE", 0 if DATABASE_POOL else 60)
    _database.setdefault("CONN_HEALTH_CHECKS", True)
    _options = _database.setdefault("OPTIONS", {})
    _options.setdefault("connect_timeout", 3)  # seconds; a server that is gone must not hold us
    # After so many uses on a connection the plan of a query that is put together once
    # (statutes/compiled.py) is kept by the server; no other query's is.
    _options.setdefault("prepare_threshold", 2)
    if _alias != "default":
        _options["options"] = "-c default_transaction_read_only=on"
    if DATABASE_POOL:
        # Gives up soon, so that a request hears at once that the database is away.
        _options["pool"] = {
            "min_size": 1,
            "max_size": DATABASE_POOL,
            "timeout": 3,
            "reconnect_timeout": 3,
        }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

# --- Tags: Chinese separators, one spelling whatever the width or case -----------

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_TAGS_FROM_STRING = "articles.tags.parse_tags"
TAGGIT_STRING_FROM_TAGS = "articles.tags.join_tags"

# --- Security --------------------------------------------------------------------

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_TEMPLATE = "admin/locked.html"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False  # lock-outs end by themselves

# `frame-ancestors` and the rest: nothing from anywhere else, nothing inline.
# The admin's own pages are covered by the same policy.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = IS_HTTPS
if IS_HTTPS:  # TLS ends in the proxy in front of us, which must set this header itself
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
# A promise for every host under the domain: turn it off while one of them speaks plain http.
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = env.bool("HSTS_SUBDOMAINS", default=IS_HTTPS)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
