"""The only file that knows guardian: bases for object grants with a direct foreign key.

A generic grant row survives its object and is inherited by whoever reuses the key; a row with a foreign
key to the object goes with it. Other apps subclass these two bases, once for people and once for groups.
"""

from __future__ import annotations

from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

__all__ = ["GroupGrant", "UserGrant"]


class UserGrant(UserObjectPermissionBase):
    """A permission of one person on one object; subclasses add `content_object`."""

    class Meta(UserObjectPermissionBase.Meta):
        abstract = True


class GroupGrant(GroupObjectPermissionBase):
    """A permission of one group on one object; subclasses add `content_object`."""

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = True
