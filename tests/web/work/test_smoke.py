import threading, os, json
import pytest
from datetime import timedelta
from kesu.core import clock
OUT="/tmp/shots2"; os.makedirs(OUT, exist_ok=True)

def serve():
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
    settings.DEBUG=True
    settings.STORAGES={**settings.STORAGES,"staticfiles":{"BACKEND":"django.contrib.staticfiles.storage.StaticFilesStorage"}}
    import time
    from kesu.config.demonstration import build
    t=time.time(); build(clock.now()); print("demo", time.time()-t)
    from kesu.store.models import Account, PolicyVersion, Unit
    from django.test import Client
    s = serve(); base=f"http://127.0.0.1:{s.server_port}"
    def ctx(login, width):
        k=browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", viewport={"width":width,"height":900 if width>500 else 780})
        if login:
            c=Client(); c.force_login(Account.objects.get(login=login), backend=settings.AUTHENTICATION_BACKENDS[-1])
            k.add_cookies([{"name":settings.SESSION_COOKIE_NAME,"value":c.cookies[settings.SESSION_COOKIE_NAME].value,"url":base}])
        return k
    def shot(login, path, name, width=1440, full=False):
        k=ctx(login,width); p=k.new_page()
        errs=[]
        p.on("console", lambda m: errs.append(m.text) if m.type in("error","warning") else None)
        p.on("pageerror", lambda e: errs.append(str(e)))
        t=time.time(); r=p.goto(base+path); el=time.time()-t; p.wait_for_timeout(400)
        ov=p.evaluate("document.documentElement.scrollWidth-innerWidth")
        small=p.evaluate("""[...document.querySelectorAll('a,button,input,select,summary')].filter(e=>{const r=e.getBoundingClientRect();return r.width&&r.height<40&&innerWidth<500&&!e.matches('.cl,input[type=radio],input[type=checkbox],.k-skip,.skip')}).slice(0,8).map(e=>e.outerHTML.slice(0,80)+e.getBoundingClientRect().height)""")
        rows=p.evaluate("[...document.querySelectorAll('table.k-t tbody tr')].filter(e=>e.getBoundingClientRect().bottom<=innerHeight).length")
        p.screenshot(path=f"{OUT}/{name}.png", full_page=full)
        print(name, r.status, f"{el:.2f}s overflow={ov} rows={rows}", errs[:3], small)
        k.close()
    h=PolicyVersion.objects.get(pack="p10").hash
    u=Unit.objects.get(code="qingtang")
    only=os.environ.get("ONLY","")
    for login,path,name in (("zhouyining","/work","work"),("linsheng","/work","work-mgr"),("zhouyining","/cases","list"),("linsheng","/cases?rows=tight&size=50","list-tight"),("linsheng","/cases?kind=suggestion&state=","list-kind"),("gulan","/approvals","approvals"),("zhouyining","/policies","policies"),("zhouyining",f"/policies/{h}","policy"),("qiubai","/sealed","sealed"),("","/sign-in","sign-in")):
        for w in (1440,360):
            if only in name: shot(login,path,f"{name}-{w}",w)
    for path,name in (("/","front"),("/submit","submit"),(f"/submit?place={u.pk.hex}","submit2"),(f"/submit/{u.pk}/complaint","submit-form"),(f"/report/{u.pk}/whistle_report","report"),("/report/status","status"),("/nonsense","404")):
        if only in name: shot("",path,f"{name}-360",360,full=True)
    if only in "follow":
        from kesu.commands.cases.submit_case import submit_case
        from kesu.commands.sealed.submit_report import submit_report
        from tests.world import said
        n=clock.now()
        d=submit_case(at=n,unit_id=u.pk,kind="complaint",given=said(title="外墙渗水",content="渗",person__name="苏女士",person__phone="13800002016",room="3-1-1702"),uploads=(),token="q1")
        shot("",f"/submitted/{d.secret}","submitted-360",360,True); shot("",f"/follow/{d.secret}","follow-360",360,True)
        shot("",f"/follow/{d.secret}/steps/withdraw","follow-step-360",360,True)
        from kesu.store.models import SealedCase
        k=ctx("qiubai",1440); p=k.new_page(); p.goto(base+"/sealed"); href=p.locator("a.rowlink").first.get_attribute("href"); k.close()
        shot("qiubai",href,"sealed-case-1440",1440); shot("qiubai",href,"sealed-case-360",360,True)
        shot("qiubai",href+"/steps/route","sealed-step-1440",1440)
