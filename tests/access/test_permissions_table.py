import pytest
from django.test import Client
from tests import desk
from tests.access import sample
pytestmark = pytest.mark.django_db
def test_x():
    s = sample.build()
    who = ["", "wutong", "zhouyining", "zhaolang", "qiubai", "admin"]
    print(who)
    for name in sample.names():
        row=[]
        for login in who:
            c = desk.client_of(login) if login else Client()
            try:
                r = (c.post if name in sample.POSTED else c.get)(s.address(name))
                row.append(r.status_code)
            except Exception as e:
                row.append(repr(e)[:150])
        print(f'    "{name}": {tuple(row)},')
