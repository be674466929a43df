import time
from datetime import timedelta
import pytest
from tests import world
from tests.world import MONDAY, said

@pytest.fixture
def w(db):
    return world.build()

def test_try(w, client, settings, django_assert_max_num_queries):
    settings.ROOT_URLCONF = "try_urls"
    from kesu.store.models import Account
    t=time.time()
    case = w.register()
    print("registered", time.time()-t)
    client.force_login(Account.objects.get(login="zhouyining"), backend=settings.AUTHENTICATION_BACKENDS[-1])
    for url in [f"/cases/{case}", f"/cases/{case}/panel", f"/cases/{case}/timeline", f"/cases/{case}/steps/inform", f"/cases/{case}/steps/register", f"/cases/{case}/steps/state_facts", "/cases/new", f"/cases/{case}?write=sent", f"/cases/{case}?write=matter"]:
        t=time.time()
        r = client.get(url)
        print(url, r.status_code, len(r.content), round(time.time()-t,3))
        open("/tmp/try_"+url.replace("/","_").replace("?","_")[-40:]+".html","wb").write(r.content)
        assert r.status_code == 200
