"""The files that make a large company of an empty installation: regions, projects, two hundred people, their posts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from kesu.web.sheets import Book

REGIONS: Final = (("east", "东部"), ("west", "西部"), ("south", "南部"))
PROJECTS_EACH: Final = 4
STAFF: Final = 200
PROJECT: Final = "青棠湾一期"
"""The first of the first region: there the complaint comes in."""

_DEPARTMENTS: Final = (
    ("cs", "客户服务部"),
    ("engineering", "工程部"),
    ("design", "设计部"),
    ("sales", "营销部"),
    ("legal", "法务部"),
    ("leaders", "公司领导"),
)
_NAMED: Final = (
    ("zhouyining", "周以宁", "qingtang", "cs_specialist"),
    ("sunyan", "孙砚", "qingtang", "project_dept"),
    ("heqing", "何青", "east_cs", "cs_dept"),
    ("linsheng", "林声", "east_cs", "cs_dept"),
    ("linsheng", "林声", "east_cs", "cs_manager"),
    ("chenmuzhi", "陈牧之", "east_engineering", "dept_head"),
    ("chenmuzhi", "陈牧之", "east_engineering", "regional_dept"),
    ("gulan", "顾岚", "east_leaders", "regional_leadership"),
    ("yeting", "叶汀", "group_cs", "group_cs_center"),
    ("songwei", "宋未", "group_office", "vp_in_charge"),
    ("zhengyiran", "郑亦然", "east_legal", "legal_counsel"),
    ("jiangyu", "江屿", "east_contractor", "other_company"),
)
_HEADS: Final = {
    "单位": ("代码", "名称", "种类", "上级代码", "对客户公开", "已停用"),
    "人员": ("账号", "姓名", "邮箱"),
    "任职": ("账号", "单位代码", "岗位代码", "岗位名称", "从", "到"),
}

Rows = Iterator[Sequence[str]]


def units() -> Rows:
    yield "group_cs", "集团客户服务中心", "部门", "group", "", ""
    yield "group_office", "集团总裁办公室", "部门", "group", "", ""
    for code, name in REGIONS:
        yield code, f"{name}区域", "区域", "group", "", ""
        yield f"{code}_co", f"{name}公司", "公司", code, "", ""
        for department, called in _DEPARTMENTS:
            yield f"{code}_{department}", f"{name}{called}", "部门", f"{code}_co", "", ""
        for number in range(PROJECTS_EACH):
            yield project_code(code, number), project_name(code, number), "项目", f"{code}_co", "是", ""
    yield "east_property", "东部物业公司", "物业公司", "east_co", "", ""
    yield "east_service", "青棠湾服务站", "服务站", "qingtang", "", ""
    yield "east_contractor", "东部维修单位", "施工维修单位", "east_co", "", ""


def project_code(region: str, number: int) -> str:
    return "qingtang" if (region, number) == ("east", 0) else f"{region}_p{number}"


def project_name(region: str, number: int) -> str:
    return PROJECT if (region, number) == ("east", 0) else f"{dict(REGIONS)[region]}{number + 1}号项目"


def people() -> Rows:
    named = {login: name for login, name, _unit, _role in _NAMED}
    for login, name in named.items():
        yield login, name, f"{login}@example.invalid"
    for number in range(STAFF - len(named)):
        yield f"staff{number:03d}", f"职员{number:03d}", ""


def posts() -> Rows:
    for login, _name, unit, role in _NAMED:
        yield login, unit, role, "", "2025-01-01", ""
    projects = [project_code(code, n) for code, _name in REGIONS for n in range(PROJECTS_EACH)]
    for number in range(STAFF - len({login for login, *_ in _NAMED})):
        project = projects[1 + number % (len(projects) - 1)]
        yield f"staff{number:03d}", project, ("cs_specialist", "project_dept")[number % 2], "", "2025-01-01", ""


def organisation(folder: Path) -> Path:
    book = Book(datetime(2026, 11, 26, tzinfo=UTC))
    for (name, head), rows in zip(_HEADS.items(), (units(), people(), posts()), strict=True):
        sheet = book.sheet(name, [14] * len(head))
        sheet.row(head)
        for row in rows:
            sheet.row(row)
    return _written(folder / "组织.xlsx", book)


def estate(folder: Path, rooms: int, customers: int) -> Path:
    """Rooms spread over all projects, and customers who own them in turn."""
    projects = [project_name(code, n) for code, _name in REGIONS for n in range(PROJECTS_EACH)]
    flats = [
        (projects[n % len(projects)], f"{1 + n // 600}栋", f"{1 + n % 2}单元", f"{n // len(projects):04d}")
        for n in range(rooms)
    ]
    book = Book(datetime(2026, 11, 26, tzinfo=UTC))
    sheet = book.sheet("房产", [14] * 6)
    sheet.row(("项目", "栋", "单元", "房号", "交付日期", "使用情况"))
    for flat in flats:
        sheet.row((*flat, date(2025, 6, 30).isoformat(), "自住"))
    sheet = book.sheet("客户", [14] * 7)
    sheet.row(("姓名", "电话", "类别", "项目", "栋", "单元", "房号"))
    for n in range(customers):
        sheet.row((f"业主{n:05d}", f"139{n:08d}", "业主", *flats[n % rooms]))
    return _written(folder / "房产和客户.xlsx", book)


def _written(path: Path, book: Book) -> Path:
    path.write_bytes(book.close())
    return path
