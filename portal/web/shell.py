"""What stands around every page: scope path and switcher, sections, what waits, the foot's facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from audit import seal
from governance import gate_query, rbac
from governance.actor import Actor
from governance.models import Scope
from portal import plugins
from portal.web import waiting

MOST_SCOPES = 300
# section → (title, name of its address, permission to open it, icon)
SECTIONS: dict[str, tuple[str, str, str, str]] = {
    "catalogue": ("Catalogue", "catalogue", "view_template", "tmpl"),
    "pipelines": ("Pipelines", "pipelines", "view_pipeline", "pipe"),
    "executions": ("Executions", "executions", "view_execution", "play"),
    "policies": ("Policies", "policies", "view_policy", "shut"),
    "exemptions": ("Exemptions", "exemptions", "view_exemption", "hand"),
    "audit": ("Audit trail", "audit", "view_audit", "scroll"),
    "settings": ("Settings", "settings", "view_setting", "gear"),
}
GROUPS = (
    ("Build", ("catalogue", "pipelines", "executions")),
    ("Govern", ("policies", "exemptions")),
    ("Prove", ("audit",)),
)


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    url: str
    icon: str = ""
    current: bool = False
    waiting: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    items: list[Item]
    end: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """One scope in the switcher."""

    name: str
    path: str
    level: str
    depth: int
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Shell:
    scope: Scope | None
    path: list[Scope]
    scopes: list[Place]
    groups: list[Group]
    dock: list[Item]
    mine: list[Item] = field(default_factory=list)
    gate: Any = None
    sealed: int = 0
    version: str = ""

    @property
    def dotted(self) -> str:
        return self.scope.dotted if self.scope else ""


def last_scope(request: HttpRequest, actor: Actor) -> Scope | None:
    """Where the person was last (or asks to be with ?at=), else where they work: a project, or what they look after."""
    known = rbac.known_scopes(actor)
    wanted = request.GET.get("at", "").replace(".", "/") or request.session.get("scope", "")
    found = known.filter(path=wanted).first() if wanted else None
    if found:
        return found
    held = known.filter(pk__in=rbac.bindings(actor.user).values("scope")).order_by("path")
    return held.filter(level=Scope.Level.PROJECT).first() or held.first() or known.order_by("path").first()


def remember(request: HttpRequest, scope: Scope) -> None:
    if request.session.get("scope") != scope.path:
        request.session["scope"] = scope.path


def visit(request: HttpRequest, title: str, meta: str, icon: str, url: str) -> None:
    """Remember a page that was opened, for "Go back to" on Home: the newest five, in the session."""
    others = [r for r in request.session.get("recent", []) if r["url"] != url]
    request.session["recent"] = [{"title": title, "meta": meta, "icon": icon, "url": url}, *others][:5]


def address(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page, "" when there is no such page: what does not work is not shown."""
    try:
        return reverse(name, args=args or None, kwargs=kwargs or None)
    except NoReverseMatch:
        return ""


def build(request: HttpRequest, actor: Actor, scope: Scope | None, section: str) -> Shell:
    known = list(rbac.known_scopes(actor)[:MOST_SCOPES])
    counts = waiting.counts(actor)
    open_here = _open_sections(actor, scope) if scope else {}
    items = {
        name: Item(SECTIONS[name][0], url, SECTIONS[name][3], name == section, counts.get(name, 0), name)
        for name, url in open_here.items()
    }
    return Shell(
        scope=scope,
        path=_path(scope, known),
        scopes=_places(known, scope, section),
        groups=_groups(items, section, _of_plugins(actor, scope)),
        dock=_dock(items, section),
        mine=_mine(scope),
        gate=_gate(),
        sealed=_sealed(),
        version=_version(),
    )


def _path(scope: Scope | None, known: list[Scope]) -> list[Scope]:
    if scope is None:
        return []
    by_path = {s.path: s for s in known}
    return [by_path[p] for p in reversed(scope.chain_paths) if p in by_path]


def _places(known: list[Scope], scope: Scope | None, section: str) -> list[Place]:
    name = SECTIONS[section][1] if section in SECTIONS else "scope_home"
    return [
        Place(
            s.name, s.path, s.level, s.path.count("/") + 1,
            address(name, s.dotted) or address("scope_home", s.dotted),
            scope is not None and s.pk == scope.pk,
        )
        for s in known
    ]  # fmt: skip


def _open_sections(actor: Actor, scope: Scope) -> dict[str, str]:
    """Sections the actor may open here, with their addresses; below counts for an account or organization."""
    held = rbac.permissions(actor, scope)
    below = Q(organization=scope) | Q(account=scope)
    found = {}
    for name, (_, url_name, permission, _) in SECTIONS.items():
        url = address(url_name, scope.dotted)
        if not url:
            continue
        if permission in held or rbac.scopes(actor, permission).filter(below).exists():
            found[name] = url
    return found


def _groups(items: dict[str, Item], section: str, added: dict[str, list[Item]]) -> list[Group]:
    groups = [Group("", [Item("Home", reverse("home"), "home", section == "home", 0, "home")])]
    for title, names in GROUPS:
        if shown := [*(items[n] for n in names if n in items), *added.get(title.lower(), [])]:
            groups.append(Group(title, shown))
    if "settings" in items:
        groups.append(Group("", [items["settings"]], end=True))
    return groups


def _of_plugins(actor: Actor, scope: Scope | None) -> dict[str, list[Item]]:
    """What enabled plugins add to the row, by group, for those who hold the permission it asks for."""
    found: dict[str, list[Item]] = {}
    held = rbac.permissions(actor, scope) if scope is not None and plugins.NAVIGATION else frozenset()
    for entry in plugins.NAVIGATION:
        url = address(entry.url_name, scope.dotted) if scope is not None else ""
        url = url or address(entry.url_name)
        if url and (not entry.permission or entry.permission in held):
            found.setdefault(entry.group, []).append(Item(entry.label, url, name=entry.name))
    return found


def _dock(items: dict[str, Item], section: str) -> list[Item]:
    dock = [Item("Home", reverse("home"), "home", section == "home")]
    for title, names in (*GROUPS, ("More", ("settings",))):
        if here := [items[n] for n in names if n in items]:
            inside = any(i.current for i in here)
            dock.append(Item(title, here[0].url, here[0].icon, inside))
    return dock


def _mine(scope: Scope | None) -> list[Item]:
    entries = [("API tokens", "tokens", "key")]
    urls = (
        (title, address(name) or (address(name, scope.dotted) if scope else ""), icon)
        for title, name, icon in entries
    )
    return [Item(title, url, icon) for title, url, icon in urls if url]


@dataclass(frozen=True, slots=True)
class GateFact:
    answers: bool
    revision: str
    words: str = ""


def _gate() -> GateFact | None:
    """What the gate says of itself; asked at most every 5 s."""

    def ask() -> GateFact:
        found = gate_query.gate_status()
        if not found.pinned:
            return GateFact(False, "", found.problem or "Gate has no revision yet")
        return GateFact(found.ready, found.pinned, found.problem or "Gate is getting ready")

    return _remembered("shell.gate", ask)


def _sealed() -> int:
    return int(_remembered("shell.sealed", lambda: seal.status().size))


def _remembered(key: str, ask: Any, seconds: int = 5) -> Any:
    found = cache.get(key)
    if found is None:
        found = ask()
        cache.set(key, found, seconds)
    return found


def _version() -> str:
    from django.conf import settings

    return str(settings.SPECTACULAR_SETTINGS["VERSION"])


def titles(names: Iterable[str]) -> list[str]:
    return [SECTIONS[n][0] for n in names if n in SECTIONS]
