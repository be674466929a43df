"""The web application, for any WSGI server."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kesu.config.settings")

application = get_wsgi_application()

# What is loaded now stays as long as the process: the collector need not look at it again at every page, nor look so
# often at pages that leave nothing behind.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
