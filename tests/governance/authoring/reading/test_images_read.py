"""Where images come from, and plain sentences that look as if they were about something else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.governance.authoring.reading.decided import asked, denied


def running(*images: str) -> Any:
    steps = [{"step": {"type": "Run", "name": "r", "identifier": "r", "spec": {"image": i}}} for i in images]
    bare = {"step": {"type": "ShellScript", "name": "s", "identifier": "s", "spec": {"shell": "Bash"}}}
    stage = {"type": "CI", "name": "a", "identifier": "a", "spec": {"execution": {"steps": [bare, *steps]}}}
    return {"pipeline": {"identifier": "p", "name": "p", "stages": [{"stage": stage}]}, "metadata": {}}


@pytest.mark.parametrize(
    "text",
    [
        "Images must come from registry.halden.io/base",
        "All images must be pulled from registry.halden.io/base",
        "Images may only come from registry.halden.io/base",
        "Images of steps must come from registry.halden.io/base",
        "The image of every step must come from registry.halden.io/base",
        "Steps must use images from registry.halden.io/base",
    ],
)
def test_where_images_come_from_is_asked_of_the_images_there_are(text: str) -> None:
    assert not denied(text, running())
    assert not denied(text, running("registry.halden.io/base/node:20", "registry.halden.io/base:1"))
    assert denied(text, running("docker.io/node:20"))
    assert denied(text, running("registry.halden.io/baseline/node:20"))


@pytest.mark.parametrize(
    "text",
    [
        "No images from docker.io",
        "Images from docker.io are not allowed",
        "Images must not come from docker.io",
    ],
)
def test_images_from_somewhere_are_the_steps_that_run_in_one(text: str) -> None:
    assert denied(text, running("docker.io/node:20"))
    assert not denied(text, running("registry.halden.io/node:20"))
    assert not denied(text, running())


@pytest.mark.parametrize(
    "text",
    [
        "Developers may not run production pipelines",
        "Developers must not use the latest tag",
        "Overrides may not change the image tag",
        "BlueGreen deployments are mandatory for production",
        "Only connectors from the account level may be used",
        "Environment variables must not be called DEBUG",
        "If a stage deploys to production, it must have been scanned",
        "Secrets may not live in the internal manager",
    ],
)
def test_what_only_looks_plain_is_asked_about(text: str) -> None:
    assert asked(text)


def test_the_manager_that_is_built_in_goes_by_its_identifier() -> None:
    def kept(manager: str) -> Any:
        spec = {"secretManagerIdentifier": manager}
        return {
            "secret": {"type": "SecretText", "identifier": "s", "name": "s", "spec": spec},
            "metadata": {},
        }

    text = "Secrets must not be stored in the built-in secret manager"
    assert denied(text, kept("harnessSecretManager"))
    assert not denied(text, kept("vault_main"))
