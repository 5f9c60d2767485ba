"""What an installation knows about itself: groups, environments, step types, connectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any


@dataclass(frozen=True)
class Known:
    """Something with an identifier people also call by its name."""

    identifier: str
    name: str = ""
    type: str = ""  # Production | PreProduction for environments, the type of a connector
    scope: str = ""  # account | org | project


@dataclass(frozen=True)
class Facts:
    """The facts a request is read against; empty tuples where nothing is known."""

    groups: tuple[Known, ...] = ()
    environments: tuple[Known, ...] = ()
    roles: tuple[Known, ...] = ()
    connectors: tuple[Known, ...] = ()
    templates: tuple[Known, ...] = ()
    scan_steps: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # category -> types
    approval_steps: tuple[str, ...] = ()
    image_push_steps: tuple[str, ...] = ()
    deploy_steps: tuple[str, ...] = ()
    secret_managers: tuple[str, ...] = ()

    @classmethod
    def from_world(cls, world: Mapping[str, Any]) -> Facts:
        """Facts from a plain mapping with the keys of an exported installation."""
        return cls(
            groups=_known(world.get("user_groups", ())),
            environments=_known(world.get("environments", ())),
            roles=_known(world.get("roles", ())),
            connectors=_known(world.get("connectors", ())),
            templates=_known(world.get("templates", ())),
            scan_steps={k: tuple(v) for k, v in world.get("scan_steps", {}).items()},
            approval_steps=tuple(world.get("approval_steps", ())),
            image_push_steps=tuple(world.get("image_push_steps", ())),
            deploy_steps=tuple(world.get("deploy_steps", ())),
            secret_managers=tuple(world.get("secret_managers", ())),
        )

    def as_world(self) -> dict[str, Any]:
        """The mapping that `from_world` reads back."""
        world = {f.name: getattr(self, f.name) for f in fields(self)}
        world["user_groups"] = world.pop("groups")
        world["scan_steps"] = {k: list(v) for k, v in self.scan_steps.items()}
        return {k: v if isinstance(v, dict) else [_plain(e) for e in v] for k, v in world.items()}


def _plain(entry: Known | str) -> Any:
    return entry if isinstance(entry, str) else asdict(entry)


def _known(entries: Any) -> tuple[Known, ...]:
    """Entries as `Known`; a bare text is an identifier."""
    return tuple(
        Known(identifier=entry)
        if isinstance(entry, str)
        else Known(
            identifier=str(entry["identifier"]),
            name=str(entry.get("name", "")),
            type=str(entry.get("type", "")),
            scope=str(entry.get("scope", "")),
        )
        for entry in entries
    )
