"""A policy as a value: what it speaks about, when it applies and what must then hold.

A `Rule` is a small typed first-order language over collections ("every step") and paths
("its timeout"). It has two truth values: a test on something missing or null is false, its
negation is true, and nothing is ever undefined. `compile` turns it into Rego, `judge` decides
it in Python, `explain` says it in English; all three mean the same.

Names: a clause and every quantifier bind a name (`stage`, `step`, `tag`) that conditions below
refer to. Always bound are `document` (the entity itself), `metadata` and `input` (everything).
`step.stage` is the stage that holds `step`. The path segment `@key` is the key or index of the
element in its collection, and `[]` inside the path of `Items` walks a nested list.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic import Field as Schema

Name = Annotated[str, Schema(pattern=r"^[a-z][a-z0-9_]*$")]
Ref = Annotated[str, Schema(pattern=r"^[a-z][a-z0-9_]*(\.stage)?$")]
Scalar = str | int | float | bool
Path = tuple[str, ...]
Measure = Literal[
    "plain",  # as it stands; text compares as text, numbers as numbers
    "number",  # numbers that may be written as text: 5, "5", "79.9%"
    "duration",  # "10m", "1h 30m", "1w" -> seconds
    "quantity",  # "500m", "2", "500Mi", "1G" -> a plain number
    "version",  # dotted numbers, compared number by number; suffixes are ignored
    "instant",  # seconds or milliseconds since 1970, or a date as text -> seconds
    "reference",  # a scope prefix (account., org.) is ignored
    "licence",  # SPDX expressions, read id by id; -only, -or-later and + are ignored
]
Op = Literal[
    "is",  # equal to one of `to`
    "starts_with",
    "ends_with",
    "contains",
    "has_word",  # contains one of `to` as a word between non-letters, capitals ignored
    "matches",  # a regular expression (RE2) is found; anchor it yourself
    "present",  # not missing, null, empty or blank
    "exists",  # not missing and not null
    "runtime_input",  # <+input>
    "expression",  # holds a <+ ... >
    "scope_is",  # the reference is of scope account, org or project
    "less_than",
    "at_most",
    "more_than",
    "at_least",
]
Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
Clock = Annotated[str, Schema(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
MonthDay = Annotated[str, Schema(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")]
SPECIAL_NAMES = frozenset({"document", "metadata", "input"})


class Node(BaseModel):
    """Every part of a rule is a frozen value that refuses keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# --- what can be counted off -----------------------------------------------------------------


class Named(Node):
    """A collection of the entity by its name in `fields` (`stages`, `steps`, `texts`, ...)."""

    kind: Literal["named"] = "named"
    name: Name
    within: Ref | None = None  # only the elements inside this stage or step group


class Items(Node):
    """The entries of the list or map at a path of something bound; `[]` flattens lists."""

    kind: Literal["items"] = "items"
    of: Ref = "document"
    path: Path = ()


Collection = Annotated[Named | Items, Schema(discriminator="kind")]

# --- values ----------------------------------------------------------------------------------


class Field(Node):
    """The value at a path of something bound; missing and null are the same."""

    kind: Literal["field"] = "field"
    of: Ref = "document"
    path: Path = ()


class Constant(Node):
    kind: Literal["constant"] = "constant"
    value: Scalar


class Length(Node):
    """Entries of a list or map, characters of a text; 0 for anything else."""

    kind: Literal["length"] = "length"
    of: Field


class CountOf(Node):
    """How many elements of a collection satisfy `where`."""

    kind: Literal["count"] = "count"
    each: Collection
    name: Name
    where: Condition | None = None


class Fold(Node):
    """Sum, highest or lowest of a value over a collection; entries without a number are left out.

    A sum over nothing is 0, the highest and lowest of nothing are missing.
    """

    kind: Literal["fold"] = "fold"
    how: Literal["sum", "highest", "lowest"] = "sum"
    each: Collection
    name: Name
    where: Condition | None = None
    value: Value


class Arithmetic(Node):
    """left (minus, plus, times, over) right; missing when a side is, or when dividing by 0."""

    kind: Literal["arithmetic"] = "arithmetic"
    op: Literal["minus", "plus", "times", "over"]
    left: Value
    right: Value


Value = Annotated[Field | Constant | Length | CountOf | Fold | Arithmetic, Schema(discriminator="kind")]

# --- conditions ------------------------------------------------------------------------------


class All(Node):
    """Every part holds; without parts it always holds."""

    kind: Literal["all"] = "all"
    of: tuple[Condition, ...] = ()


class Any(Node):
    """One part holds; without parts it never holds."""

    kind: Literal["any"] = "any"
    of: tuple[Condition, ...] = ()


class Not(Node):
    kind: Literal["not"] = "not"
    of: Condition


class Test(Node):
    """A comparison. `to` are alternatives (any of them); `to_value` compares with another value.

    Literals are written as people write them under the measure: "10m", "500Mi", "2.17.1".
    """

    __test__ = False
    kind: Literal["test"] = "test"
    value: Value
    op: Op
    to: tuple[Scalar, ...] = ()
    to_value: Value | None = None
    measure: Measure = "plain"
    ignore_case: bool = False


class Exists(Node):
    """At least one element of the collection satisfies `where`."""

    kind: Literal["exists"] = "exists"
    each: Collection
    name: Name
    where: Condition | None = None


class Every(Node):
    """Each element that satisfies `where` satisfies `demand`; holds when there is none."""

    kind: Literal["every"] = "every"
    each: Collection
    name: Name
    where: Condition | None = None
    demand: Condition


class Order(Node):
    """How two stages or steps stand to each other.

    before: over when the second starts (members of one parallel block never are)
    directly_before: in the entry right in front of the second
    same_stage: in the same stage (or the stage itself)
    in_front_of_deploys: `first` is a step of the stage `second`, before every deploy step in it
    inside: `first` lies in the step group `second`, however deep
    """

    kind: Literal["order"] = "order"
    first: Ref
    second: Ref
    how: Literal["before", "directly_before", "same_stage", "in_front_of_deploys", "inside"] = "before"
    deploy_types: tuple[str, ...] = ()


class DeploysToProduction(Node):
    """The stage deploys, and the resolved environment type is Production; where no type is
    resolved, one word of the environment reference is prod or production, none is pre or non."""

    kind: Literal["deploys_to_production"] = "deploys_to_production"
    stage: Ref


class ApprovedBefore(Node):
    """An approval step of `types`, listing one of `groups` where groups are given, stands in an
    earlier stage or in the same stage in front of every deploy step."""

    kind: Literal["approved_before"] = "approved_before"
    stage: Ref
    groups: tuple[str, ...] = ()
    types: tuple[str, ...] = ("HarnessApproval",)
    deploy_types: tuple[str, ...] = ()


class RanBefore(Node):
    """A step of `types` runs in an earlier stage: a step that fails ends the run, so it passed."""

    kind: Literal["ran_before"] = "ran_before"
    stage: Ref
    types: tuple[str, ...]


class UserInGroup(Node):
    """The acting user is a member of one of the groups (identifiers)."""

    kind: Literal["user_in_group"] = "user_in_group"
    groups: tuple[str, ...]


class UserHasRole(Node):
    """The acting user holds one of the roles (identifiers)."""

    kind: Literal["user_has_role"] = "user_has_role"
    roles: tuple[str, ...]


class During(Node):
    """`metadata.timestamp` lies in the window; parts that are given must all hold, ends exclusive.

    Without a timestamp it does not hold. Dates are local to `zone` (an IANA name).
    """

    kind: Literal["during"] = "during"
    zone: str = "UTC"
    weekdays: tuple[Weekday, ...] = ()
    daily: tuple[tuple[Clock, Clock], ...] = ()  # ("22:00", "06:00") runs over midnight
    weekly: tuple[tuple[Weekday, Clock, Weekday, Clock], ...] = ()
    dates: tuple[tuple[str, str], ...] = ()  # "2025-12-20" or "2025-12-20T08:00", end exclusive
    yearly: tuple[tuple[MonthDay, MonthDay], ...] = ()  # first and last day, both included
    months: tuple[Annotated[int, Schema(ge=1, le=12)], ...] = ()
    days_of_month: tuple[Annotated[int, Schema(ge=1, le=31)], ...] = ()
    last_days_of_month: int = Schema(default=0, ge=0, le=31)


Condition = Annotated[
    All
    | Any
    | Not
    | Test
    | Exists
    | Every
    | Order
    | DeploysToProduction
    | ApprovedBefore
    | RanBefore
    | UserInGroup
    | UserHasRole
    | During,
    Schema(discriminator="kind"),
]

# --- the rule --------------------------------------------------------------------------------


class Clause(Node):
    """For each element (or the document): where `where` holds and `unless` does not, `demand`
    must hold. Every element that breaks it gives one violation.

    `message` and `fix` may name bound things: `{step}` is its name, `{step.spec.host}` a value.
    """

    each: Collection | None = None
    name: Name = "document"
    where: Condition = All()
    unless: Condition | None = None
    demand: Condition
    message: str
    fix: str = ""
    code: Annotated[str, Schema(pattern=r"^[a-z0-9_-]*$")] = ""


class Rule(Node):
    """One policy: clauses about one kind of entity at one event; any clause may deny."""

    entity: str
    event: str = "onsave"
    severity: Literal["error", "warning"] = "error"
    title: str
    clauses: Annotated[tuple[Clause, ...], Schema(min_length=1)]

    @model_validator(mode="after")
    def names_are_bound(self) -> Rule:
        from governance.authoring.scope import check_names

        check_names(self)
        return self


for _model in (CountOf, Fold, Arithmetic, All, Any, Not, Test, Exists, Every, Clause, Rule):
    _model.model_rebuild()
