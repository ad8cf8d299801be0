"""The door for the server: `granian --interface wsgi lawsite.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lawsite.settings")

site = get_wsgi_application()

from lawsite import page_cache  # noqa: E402 - it needs the models, which are there only now

application = page_cache.in_front_of(site)

# All that is loaded by now stays. The collector of garbage need not look through it again and
# again, while a reader waits for a tenth of a second.
gc.freeze()
