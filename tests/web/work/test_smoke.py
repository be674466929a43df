import pytest
from django.test import Client
from datetime import datetime, UTC, timedelta
from tests import world
from kesu.core import clock

pytestmark = pytest.mark.django_db

def test_pages():
    now = clock.now()
    w = world.build(now - timedelta(days=30))
    t = now - timedelta(hours=5)
    for i in range(3):
        w.register(at=t, title=f"外墙渗水{i}", promised_feedback_at="2026-12-01 10:00")
    from kesu.store.models import Account
    for login in ("zhouyining", "gulan", "admin", "qiubai", "wutong"):
        c = Client()
        c.force_login(Account.objects.get(login=login), backend="django.contrib.auth.backends.ModelBackend")
        for url in ("/", "/work", "/work/live", "/approvals", "/approvals/live", "/cases", "/cases?q=外墙&rows=tight&sort=-level&kind=complaint", "/policies", "/sealed", "/nonsense"):
            r = c.get(url)
            print(login, url, r.status_code, len(r.content))
            if r.status_code == 500: raise SystemExit(r.content.decode())
    anon = Client()
    for url in ("/", "/sign-in", "/submit", "/report", "/report/status", "/work"):
        r = anon.get(url); print(url, r.status_code, len(r.content))
