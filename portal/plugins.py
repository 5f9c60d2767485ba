"""Find enabled plugins, let each register, refuse clashes.

A plugin is a package with an entry point in the group `portal.plugins` that points at `register(hooks)`.
Installed is not enabled: settings.PLUGINS names those that may register. Registration is all or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from django.conf import settings

from audit import actions
from governance import kinds
from governance.kinds import Kind

API_VERSION = 1


class PluginError(SystemExit):
    """A plugin that cannot be loaded stops the start with one line."""


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """group: "build", "govern" or "prove"; permission: who sees it; url_name: a named route."""

    name: str
    label: str
    group: str
    url_name: str
    permission: str = ""


@dataclass(slots=True)
class Hooks:
    """Everything a plugin may add. Nothing is kept until its `register` has returned without a clash."""

    plugin: str
    kinds: list[Kind] = field(default_factory=list)
    actions: list[tuple[str, str]] = field(default_factory=list)
    navigation: list[NavigationItem] = field(default_factory=list)
    starter_policies: list[Path] = field(default_factory=list)
    adapters: dict[tuple[str, str], Any] = field(default_factory=dict)
    api_version: int = API_VERSION

    def add_kind(self, kind: Kind) -> None:
        self.kinds.append(kind)

    def add_action(self, name: str, sentence: str) -> None:
        self.actions.append((name, sentence))

    def add_navigation(self, item: NavigationItem) -> None:
        self.navigation.append(item)

    def add_starter_policies(self, folder: Path) -> None:
        self.starter_policies.append(folder)

    def add(self, port: str, name: str, adapter: Any) -> None:
        if port not in PORTS:
            raise PluginError(f"plugin {self.plugin!r}: no port {port!r}; ports: {', '.join(PORTS)}")
        self.adapters[port, name] = adapter

    def requires(self, api_version: int) -> None:
        """Which version of this page of the product the plugin was written for."""
        self.api_version = api_version


PORTS = ("engine", "publisher", "language_model", "runner", "log_store", "event_sink")
NAVIGATION: list[NavigationItem] = []
STARTER_POLICIES: list[Path] = []
ADAPTERS: dict[tuple[str, str], Any] = {}
_owners: dict[tuple[str, str], str] = {}


def load() -> None:
    """Register every enabled plugin. Raises PluginError naming what is wrong and what there is."""
    if not settings.PLUGINS:
        return
    installed = {e.name: e for e in entry_points(group="portal.plugins")}
    for name in settings.PLUGINS:
        if name not in installed:
            there = ", ".join(sorted(installed)) or "none"
            raise PluginError(f"plugin {name!r} is enabled but not installed; installed: {there}")
        register(name, installed[name].load())


def register(name: str, function: Callable[[Hooks], None]) -> None:
    hooks = Hooks(name)
    function(hooks)
    if hooks.api_version != API_VERSION:
        raise PluginError(
            f"plugin {name!r} is written for plugin API {hooks.api_version}; this is {API_VERSION}"
        )
    _refuse_clashes(hooks)
    for kind in hooks.kinds:
        kinds.register(kind)
        _owners["kind", kind.name] = name
        for verb in kind.verbs:
            action = f"{kind.name}.{verb}"
            if action not in {a for a, _ in hooks.actions}:
                hooks.actions.append((action, f"{verb.replace('_', ' ')} {kind.title.lower()}"))
    for action, sentence in hooks.actions:
        actions.register(action, sentence, by=name)
        _owners["action", action] = name
    NAVIGATION.extend(hooks.navigation)
    _owners.update({("navigation item", item.name): name for item in hooks.navigation})
    STARTER_POLICIES.extend(hooks.starter_policies)
    ADAPTERS.update(hooks.adapters)


def _refuse_clashes(hooks: Hooks) -> None:
    wanted = [("kind", k.name) for k in hooks.kinds]
    wanted += [("action", a) for a, _ in hooks.actions]
    wanted += [("navigation item", i.name) for i in hooks.navigation]
    there = {("kind", k) for k in kinds.known()} | {("action", a) for a in actions.names()} | set(_owners)
    for what in wanted:
        if what in there or wanted.count(what) > 1:
            owner = _owners.get(what, "the portal")
            raise PluginError(f"{what[0]} {what[1]!r}: plugin {hooks.plugin!r} clashes with {owner}")
