import threading, os
from datetime import timedelta, datetime, UTC
import pytest
from tests import world
from tests.world import said

def serve(settings):
    from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.handlers.wsgi import WSGIHandler
    class Q(WSGIRequestHandler):
        def log_message(self,*a): pass
    s = ThreadedWSGIServer(("127.0.0.1",0), Q)
    s.set_app(StaticFilesHandler(WSGIHandler()))
    threading.Thread(target=s.serve_forever, daemon=True).start()
    return s

def test_shot(fresh_database, settings, browser):
    settings.ROOT_URLCONF = "try_urls"; settings.DEBUG=True
    settings.STORAGES={**settings.STORAGES,"staticfiles":{"BACKEND":"django.contrib.staticfiles.storage.StaticFilesStorage"}}
    settings.SESSION_COOKIE_SECURE=False
    now = datetime.now(UTC)
    t0 = now - timedelta(days=2, hours=6)
    w = world.build(now - timedelta(days=30))
    W = w
    from kesu.commands.cases.add_note import add_note
    from kesu.commands.cases.add_words import add_words
    from kesu.commands.cases.register_case import register_case
    from kesu.core.uploads import Upload
    from PIL import Image; import io
    b=io.BytesIO(); Image.new("RGB",(800,600),(180,170,150)).save(b,"JPEG")
    case = register_case(actor=w.actor("wutong", now.date()), at=t0, happened_at=t0, unit_id=w.units["qingtang"], kind="complaint", given=said(**world.COMPLAINT | {"promised_feedback_at": (t0+timedelta(days=1)).astimezone().strftime("%Y-%m-%d %H:%M")}), uploads=[Upload("photos","墙.jpg",b.getvalue())], token="x")
    h=[0]
    def take(step, who, **g):
        h[0]+=1
        w2=w
        from kesu.commands.cases.take_step import take_step
        from kesu.store.models import Case
        v=Case.objects.values_list("version",flat=True).get(pk=case)
        take_step(actor=w.actor(who, now.date()), at=t0+timedelta(hours=h[0]), case_id=case, step=step, seen_version=v, given=said(**g))
    take("inform","wutong")
    take("register","zhouyining", customer_type="业主", demand="查明渗水点，彻底修复；恢复墙面")
    for i in range(2): take("join","zhouyining", person__name=f"邻居{i}", person__phone=f"1380000100{i}")
    take("classify","zhouyining", talk_note="已电话沟通，客户情绪平稳", track="质量类", category="工程质量")
    add_note(actor=w.actor("zhouyining", now.date()), at=t0+timedelta(hours=h[0]), case_id=case, text="淋水 40 分钟后 1702、1602 同时渗出，基本确定为东侧竖缝。", visibility="internal")
    add_note(actor=w.actor("zhouyining", now.date()), at=t0+timedelta(hours=h[0]), case_id=case, text="苏女士您好，节前勘察已确认渗水来自东侧外墙竖缝。", visibility="sent")
    from kesu.store.models import Account
    from django.test import Client
    s = serve(settings); base=f"http://127.0.0.1:{s.server_port}"
    def ctx(login, width):
        c=Client(); c.force_login(Account.objects.get(login=login), backend=settings.AUTHENTICATION_BACKENDS[-1])
        k=browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width":width,"height":900 if width>500 else 780})
        k.add_cookies([{"name":settings.SESSION_COOKIE_NAME,"value":c.cookies[settings.SESSION_COOKIE_NAME].value,"url":base}])
        return k
    def shot(login, path, name, width=1440, full=False):
        k=ctx(login,width); p=k.new_page()
        errs=[]
        p.on("console", lambda m: errs.append(m.text) if m.type in("error","warning") else None)
        p.on("pageerror", lambda e: errs.append(str(e)))
        r=p.goto(base+path); p.wait_for_timeout(900)
        over=p.evaluate("document.documentElement.scrollWidth-innerWidth")
        small=p.evaluate("[...document.querySelectorAll('a,button,summary,input,select,textarea')].filter(e=>{const r=e.getBoundingClientRect();return r.width&&r.height&&(r.height<40)&&!e.closest('.vh')&&e.type!='hidden'}).map(e=>e.outerHTML.slice(0,90))") if width<500 else []
        print(name, r.status, "overflow",over, errs, len(small), small[:12])
        p.screenshot(path=f"/tmp/shot_{name}.png", full_page=full); k.close()
    shot("heqing", f"/cases/{case}", "case")
    shot("heqing", f"/cases/{case}/steps/form_team", "team")
    shot("zhouyining", f"/cases/{case}/steps/state_facts", "facts")
    shot("heqing", f"/cases/{case}", "case360", 360, True)
    shot("zhouyining", f"/cases/new", "intake360", 360, True)
    exec(open("/tmp/more_shots.py").read(), {**globals(), **locals()}) if os.path.exists("/tmp/more_shots.py") else None
    s.shutdown()
