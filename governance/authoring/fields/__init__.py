"""The field catalogue: every kind of entity, its paths, enums and collections.

It holds what is there and what it is called, nothing about how people say it.
"""

from governance.authoring.fields.access import (
    API_KEY,
    CONNECTOR,
    SECRET,
    SERVICE_ACCOUNT,
    TOKEN,
    VARIABLE,
)
from governance.authoring.fields.entities import ENVIRONMENT, INFRASTRUCTURE, OVERRIDE, SERVICE
from governance.authoring.fields.model import (
    CollectionSpec,
    EntityKind,
    FieldSpec,
    FieldType,
    specs,
)
from governance.authoring.fields.pipeline import PIPELINE, STAGE_TYPES, TEMPLATE
from governance.authoring.fields.platform import (
    FEATURE_FLAG,
    GITOPS,
    REPOSITORY,
    SQL,
    WORKSPACE,
)
from governance.authoring.fields.steps import STEP_TYPES
from governance.authoring.fields.supply_chain import SUPPLY_CHAIN

__all__ = [
    "KINDS", "METADATA_FIELDS", "STAGE_TYPES", "STEP_TYPES", "CollectionSpec", "EntityKind",
    "FieldSpec", "FieldType", "described", "kind_of", "specs",
]  # fmt: skip

KINDS: dict[str, EntityKind] = {
    kind.name: kind
    for kind in (
        PIPELINE, TEMPLATE, SERVICE, ENVIRONMENT, INFRASTRUCTURE, CONNECTOR, SECRET, VARIABLE,
        OVERRIDE, WORKSPACE, GITOPS, TOKEN, API_KEY, SERVICE_ACCOUNT, FEATURE_FLAG, REPOSITORY,
        SQL, *SUPPLY_CHAIN,
    )
}  # fmt: skip
METADATA_FIELDS: tuple[FieldSpec, ...] = specs(
    """
    type = kind of entity
    action = event
    timestamp:instant = time
    principalIdentifier = acting principal
    principalType = kind of principal [USER|SERVICE|SERVICE_ACCOUNT|API_KEY
    user.name = user
    user.email = email of the user
    user.uuid = identifier of the user
    userGroups:list = groups of the user
    roleAssignmentMetadata:list = roles of the user
    projectMetadata.identifier = project
    projectMetadata.name = project name
    projectMetadata.orgIdentifier = organisation
    channel = channel
    ai.generated:flag = made with AI
    ai.assisted:flag = changed with AI
    ai.model = model
    ai.mode = way it was drafted [model|deterministic
    """
)


def described(entity: str) -> EntityKind:
    """The kind with this name; for one the catalogue does not describe, one in which anything may stand.

    Policies, policy sets, custom documents and what plugins add are governed without being described.
    """
    return KINDS.get(entity) or EntityKind(
        name=entity, label=entity, package=entity, root=(), events=(), fields=(), described=False
    )


def kind_of(entity: str) -> EntityKind:
    """The kind with this name; KeyError naming the known ones."""
    if entity not in KINDS:
        raise KeyError(f"There is no entity kind '{entity}'; known are: {', '.join(KINDS)}")
    return KINDS[entity]
