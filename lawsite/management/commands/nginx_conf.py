"""Print nginx's configuration of this site, filled in from its settings."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.core.wsgi import get_wsgi_application
from django.template import Context, Engine

from lawsite import page_cache

TEMPLATE = settings.BASE_DIR / "deploy" / "nginx.conf"


class Command(BaseCommand):
    help = "Print nginx's configuration of this site. Print it anew when settings change."

    def add_arguments(self, parser):
        parser.add_argument("--upstream", default="127.0.0.1:8000", help="where the site listens")
        parser.add_argument("--listen", default="80", help="where nginx listens, without https")
        parser.add_argument("--log", default="/var/log/nginx/lawsite.log")

    def handle(self, upstream, listen, log, **options):
        home = page_cache.ask(get_wsgi_application(), page_cache.own_request("/"))
        page = page_cache.as_page("/", "0", home)
        if page is None:
            raise CommandError("The home page cannot be made: is the database there, and migrated?")
        headers = [(name, value) for name, value in page.headers if name != "Content-Type"]
        if any(set('"$\\') & set(value) for _, value in headers):
            raise CommandError("A header of the site holds what nginx would read as its own.")
        scheme, _, netloc = settings.SITE_URL.partition("://")
        context = {
            "host": netloc.partition(":")[0],
            "scheme": scheme,
            "is_https": settings.IS_HTTPS,
            "upstream": upstream,
            "listen": listen,
            "log": log,
            "session_cookie": settings.SESSION_COOKIE_NAME,
            "pages": settings.PAGE_CACHE_DIR,
            "word": page_cache.headers_word(page.headers),
            "headers": headers,
            "static_url": settings.STATIC_URL,
            "static_root": settings.STATIC_ROOT,
            "media_url": settings.MEDIA_URL,
            "media_root": settings.MEDIA_ROOT,
        }
        template = Engine(autoescape=False).from_string(TEMPLATE.read_text())
        self.stdout.write(template.render(Context(context, autoescape=False)))
