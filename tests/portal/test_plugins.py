"""A plugin adds what it may; a clash is refused and names both sides."""

from __future__ import annotations

import pytest

from audit import actions
from governance import kinds
from governance.kinds import Kind, Verb
from portal import plugins


def keep_nothing(change, scope, prepared, actor):
    raise AssertionError("never called here")


def kind(name: str) -> Kind:
    return Kind(
        name=name, title="Runbook", plural="Runbooks", verbs={"save": Verb("edit_runbook", keep_nothing)}
    )


@pytest.fixture(autouse=True)
def _take_back():
    before = set(kinds.known())
    lists = (list(plugins.NAVIGATION), list(plugins.STARTER_POLICIES), dict(plugins._owners))
    yield
    for name in set(kinds.known()) - before:
        kinds.unregister(name)
        for owner in ("runbooks", "half", "evil", "other"):
            actions.unregister(owner)
    plugins.NAVIGATION[:], plugins.STARTER_POLICIES[:] = lists[0], lists[1]
    plugins._owners.clear()
    plugins._owners.update(lists[2])


def test_a_plugin_adds_a_kind_its_actions_a_page_and_a_policy(tmp_path):
    def register(hooks):
        hooks.add_kind(kind("runbook"))
        hooks.add_navigation(plugins.NavigationItem("runbooks", "Runbooks", "build", "runbooks"))
        hooks.add_starter_policies(tmp_path)

    plugins.register("runbooks", register)
    assert "edit_runbook" in kinds.permissions()
    assert "runbook.save" in actions.names()
    assert plugins.NAVIGATION[-1].label == "Runbooks"
    assert tmp_path in plugins.STARTER_POLICIES


def test_a_plugin_that_takes_our_kind_is_refused_naming_both():
    with pytest.raises(plugins.PluginError, match=r"pipeline.*evil.*the portal"):
        plugins.register("evil", lambda hooks: hooks.add_kind(kind("pipeline")))


def test_two_plugins_that_clash_are_both_named():
    plugins.register("runbooks", lambda hooks: hooks.add_kind(kind("runbook")))
    with pytest.raises(plugins.PluginError, match=r"other.*clashes with runbooks"):
        plugins.register("other", lambda hooks: hooks.add_kind(kind("runbook")))


def test_nothing_of_a_refused_plugin_is_kept():
    def register(hooks):
        hooks.add_kind(kind("runbook"))
        hooks.add_kind(kind("policy"))

    with pytest.raises(plugins.PluginError):
        plugins.register("half", register)
    assert "runbook" not in kinds.known()


def test_an_unknown_port_lists_the_ports():
    with pytest.raises(plugins.PluginError, match=r"runer.*runner"):
        plugins.register("typo", lambda hooks: hooks.add("runer", "k8s", object))


def test_an_enabled_plugin_that_is_not_installed_stops_the_start(settings):
    settings.PLUGINS = ["nowhere"]
    with pytest.raises(plugins.PluginError, match=r"nowhere.*not installed"):
        plugins.load()


def test_a_plugin_for_another_version_is_refused():
    with pytest.raises(plugins.PluginError, match="plugin API 99"):
        plugins.register("future", lambda hooks: hooks.requires(99))


def test_an_installed_and_enabled_plugin_is_found_and_loaded(settings, tmp_path, monkeypatch):
    """As pip would leave it: a module, and the metadata that names its entry point."""
    (tmp_path / "runbooks_plugin.py").write_text(PLUGIN, encoding="utf-8")
    about = tmp_path / "runbooks_plugin-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: runbooks-plugin\nVersion: 1.0\n", encoding="utf-8"
    )
    (about / "entry_points.txt").write_text(
        "[portal.plugins]\nrunbooks = runbooks_plugin:register\n", encoding="utf-8"
    )
    monkeypatch.syspath_prepend(tmp_path)
    settings.PLUGINS = ["runbooks"]
    plugins.load()
    assert "runbook.save" in actions.names()
    assert plugins.NAVIGATION[-1].url_name == "pipelines"


PLUGIN = """
from governance.kinds import Kind, Verb
from portal.plugins import NavigationItem


def keep(change, scope, prepared, actor):
    raise NotImplementedError


def register(hooks):
    hooks.requires(1)
    hooks.add_kind(Kind(name="runbook", title="Runbook", plural="Runbooks", verbs={"save": Verb("edit_runbook", keep)}))
    hooks.add_navigation(NavigationItem("runbooks", "Runbooks", "build", "pipelines"))
"""
