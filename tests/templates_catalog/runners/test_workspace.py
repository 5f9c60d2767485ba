"""Only repositories an operator allowed, only commits, and nothing that git could take for an option."""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

import pytest

from templates_catalog.runners import workspace
from templates_catalog.runners.demo_repository import make, make_repository
from templates_catalog.runners.workspace import WorkspaceError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "repositories")


def connector(url: str, kind: str = "Account", type: str = "Git") -> dict:
    return {"identifier": "repos", "type": type, "spec": {"url": url, "connectionType": kind}}


def test_a_connector_names_a_folder_and_the_codebase_the_repository_in_it(folder):
    found = workspace.repository(connector(f"file://{folder}"), "tracking_eta", [folder])
    assert found == folder / "tracking_eta"


def test_a_connector_may_name_one_repository(folder):
    found = workspace.repository(connector(str(folder / "tracking_eta"), "Repo"), "", [folder])
    assert found == folder / "tracking_eta"


@pytest.mark.parametrize("name", ["../outside", "../../etc", "/etc", "link"])
def test_nothing_outside_the_allowed_folders_is_a_repository(folder, name):
    make(folder.parent / "outside")
    os.symlink(folder.parent / "outside", folder / "link")
    with pytest.raises(WorkspaceError, match="GIT_ALLOWED_PATHS"):
        workspace.repository(connector(f"file://{folder}"), name, [folder])


@pytest.mark.parametrize("url", ["https://git.example/x.git", "ssh://git@git.example/x", "file://host/x"])
def test_an_address_on_the_network_is_not_a_local_repository(folder, url):
    with pytest.raises(WorkspaceError, match="runs have no network"):
        workspace.repository(connector(url), "x", [folder])


def test_a_branch_a_tag_and_the_default_are_the_same_commit(folder):
    repository = folder / "tracking_eta"
    by_branch = workspace.commit_of(repository, {"type": "branch", "spec": {"branch": "main"}})
    assert by_branch == (workspace.commit_of(repository, None)[0], "main")
    by_hash = workspace.commit_of(repository, {"type": "commitSha", "spec": {"commitSha": by_branch[0]}})
    assert by_hash[0] == by_branch[0]


@pytest.mark.parametrize("name", ["--output=/tmp/x", "main..other", "$(id)", "no_such_branch", "-h"])
def test_a_strange_name_is_refused_and_never_an_option(folder, name):
    with pytest.raises(WorkspaceError):
        workspace.commit_of(folder / "tracking_eta", {"type": "branch", "spec": {"branch": name}})


def test_the_archive_holds_the_commit_and_nothing_of_git(folder):
    repository = folder / "tracking_eta"
    (repository / "not_committed.txt").write_text("x")
    commit, _ = workspace.commit_of(repository, None)
    with workspace.archive(repository, commit) as file:
        made = workspace.Workspace("tracking_eta", commit, file)
        with tarfile.open(made.archive) as archive:
            names = archive.getnames()
    assert "tracking/labels.py" in names
    assert not [name for name in names if ".git" in name or "not_committed" in name]


def test_the_demo_repository_has_the_same_commit_everywhere(tmp_path):
    assert make(tmp_path / "one") == make(tmp_path / "two") == make(tmp_path / "one")
