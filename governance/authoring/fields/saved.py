"""What every entity that is saved on its own has: a name, tags and a scope."""

from governance.authoring.fields.model import CollectionSpec, EntityKind, FieldSpec, specs
from governance.authoring.fields.pipeline import TEXTS

SAVED = specs(
    """
    identifier = identifier
    name = name
    description = description
    tags:map = tags
    orgIdentifier = organisation
    projectIdentifier = project
    """
)
TAGS = CollectionSpec("tags", "tags", "tag", path="tags", scalar=True, by_key=True)


def saved_kind(
    name: str,
    root: str,
    fields: tuple[FieldSpec, ...],
    *collections: CollectionSpec,
    label: str = "",
    package: str = "",
    events: tuple[str, ...] = ("onsave",),
) -> EntityKind:
    """An entity under one root key; what every saved thing has is added."""
    return EntityKind(
        name=name, label=label or name, package=package or name, root=(root,), events=events,
        fields=SAVED + fields, collections=(*collections, TAGS, *TEXTS),
    )  # fmt: skip
