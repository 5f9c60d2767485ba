"""Literals a field can be compared with: which words stand for one, and lists of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from governance.authoring import rule as r
from governance.authoring.fields.pipeline import DEPLOYMENT_TYPES, STAGE_TYPES
from governance.authoring.fields.steps import STEP_TYPES
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.typed import Prop
from governance.authoring.reading.values.naming import Naming
from governance.authoring.reading.words.tokens import is_english
from governance.authoring.reading.words.values import FALSE, JOINING, LEVELS, STOP, TRUE, VAGUE

# fields that hold a name somebody gave: a plain word can stand for their value
IDENTIFIERS = ("branch", "namespace", "region", "ref", "identifier", "project", "host", "engine", "manager", "stack",
               "trafficname", "typename", "server", "agent", "statusname", "licence", "license", "revision", "provisioner",
               "packagename", ".name", ".workspace", ".org", "spec.tags", "spec.tag", "chart", "shell", "key", "value", "path", "reponame")  # fmt: skip
# what things are called although the words say something: a step group named deploy
NAMEABLE = frozenset(
    "deploy deployment build run save create change update delete start trigger store sync launch stage".split()
)
NO_STEPS = frozenset((*STAGE_TYPES, *DEPLOYMENT_TYPES)) - frozenset(STEP_TYPES)
DAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday weekend weekday".split())
CAPITALS = "upper or lower|upper and lower|lower or upper|lower and upper|upper case|lower case|upper|lower"
# words of the grammar a tag can well have as its value
TAGGABLE = frozenset("deploy run build stage pipeline background group store execute".split())
NOT_BEFORE = frozenset({"allow", "permit", "forbid", "ok", "okay", "fine", "acceptable", "good", "nothing"})


class Literals(Naming):
    """Grammar of literals."""

    @rule
    def literal(self, i: int, prop: Prop) -> Iterator[tuple[int, r.Scalar]]:  # noqa: C901 - the alternatives of one grammar rule
        """One literal a field can be compared with."""
        own = [prop.spec, *(o.spec for o in prop.others)] if prop.spec is not None else []
        if not any(s.payload[1] in own for _, s in self.senses(i, "value")):
            start = i
            i = self.skip_all(i, "value|word|text|string|called|named|name|literal|of")
            told = self.token(i) if i > start and self.tokens[i - 1].base == "word" else None
            if told is not None and told.kind == "word" and prop.type in ("text", "reference"):
                yield i + 1, told.text  # the word pipeline
                return
        if prop.type == "reference" and i > 1 and self.tokens[i - 1].base in ("type", "kind"):
            return  # a connector of type Azure is not called Azure
        bare_type = (
            prop.spec is not None and prop.spec.path == "type" and prop.kind.element in ("resource", "change")
        )
        here = self.token(i)
        if bare_type and here is not None and "_" not in here.text:
            return  # t3.micro is an instance type, aws_instance a resource type
        if prop.type == "reference" and "nvironment" in prop.words + (prop.spec.path if prop.spec else ""):
            i = self.skip_all(i, "production environment|environment|production")
        token = self.token(i)
        if token is None:
            return
        if prop.spec is not None:
            for j, sense in self.senses(i, "value"):
                if sense.payload[1] in (prop.spec, *(o.spec for o in prop.others)):
                    yield j, sense.payload[2]
        yield from self._from_facts(i, prop)
        if prop.type == "any" and token.base in ("true", "false") and not token.quoted:
            yield i + 1, token.base == "true"
            return
        if prop.type == "flag":
            for words, value in ((TRUE, True), (FALSE, False)):
                for j in self.says(i, words):
                    yield j, value
        closed = prop.spec is not None and prop.spec.values and not token.quoted and token.kind == "word"
        if closed:
            return
        if (
            prop.spec is not None
            and prop.spec.path in ("spec.host", "spec.connectorRef")
            and self.registries(i)
        ):
            return  # ECR is a kind of registry, neither a host nor a connector
        if prop.measure == "licence" and token.base.startswith(("cve-", "cwe-")):
            return  # a finding, no licence
        address = prop.spec is not None and prop.spec.path.endswith("destination.server")
        if address and not re.search(r"://|\.", token.text):
            return  # kube-system is a namespace
        if self._elsewhere(i, prop) or (not token.quoted and self._ends_field(i)):
            return  # a connector is no environment; the URL of "repository URL" is none
        choices = {str(v) for p in (prop, *prop.others) if p.spec for v in p.spec.values}
        open_ended = (
            prop.spec is not None and prop.spec.path in ("type", "childType") and prop.kind.element == "step"
        )
        if choices and token.kind in ("literal", "number") and token.text not in choices and not open_ended:
            return  # a value the field never has
        if open_ended and token.text in NO_STEPS:
            return  # a type of stages or deployments
        end = self._slashed(i, prop)
        if end:
            yield end, "".join(t.text for t in self.tokens[i:end])
        if token.quoted or (
            token.kind == "literal" and token.text not in ("a-z", "A-Z", "0-9", "a-z0-9", "A-Za-z")
        ):
            if prop.measure in ("plain", "reference", "licence") and prop.type not in ("flag", "map"):
                yield i + 1, token.text
            elif prop.measure == "version" and re.fullmatch(
                r"[-.+_]?[A-Za-z][\w.-]*|v?\d+(\.\d+)*\.[xX*]", token.text
            ):
                yield i + 1, token.text  # what a version ends with
        elif token.kind == "number" and prop.type not in ("flag", "map"):
            for j, amount in self.amount(i):
                other = {"percent": "money", "money": "percent"}.get(prop.type)  # 200 dollars are no percents
                if prop.measure != "plain" and amount.unit != other:
                    yield j, amount.written(prop.measure)
            if prop.measure in ("plain", "reference"):
                yield i + 1, token.text
        elif token.kind == "word" and self._can_be_value(i, prop) and not self._part_of_name(i):
            yield i + 1, token.text

    def _slashed(self, i: int, prop: Prop) -> int:
        """The position after halden/deploy, where a repository, path or image is named."""
        path = prop.spec.path.lower() if prop.spec else ""
        if not path.endswith(
            ("reponame", "repository", "repo", "path", "image", "imagename", "url", "branch", "revision")
        ):
            return 0
        j = i
        while self.is_punct(j + 1, "/") and self.tokens[j].end == self.tokens[j + 1].start and self.token(j + 2) \
                and self.tokens[j + 1].end == self.tokens[j + 2].start:  # fmt: skip
            j += 2
        return j + 1 if j > i else 0

    def _can_be_value(self, i: int, prop: Prop) -> bool:
        token = self.tokens[i]
        if token.typed and token.base in JOINING:
            return False
        if token.base in ("upper", "lower") and self.says(i, CAPITALS):
            return False  # ..., upper or lower case
        token = (
            replace(token, base=token.text.lower()) if token.typed else token
        )  # changeme is no misspelt "change"
        if prop.type in ("flag", "map") or prop.measure not in ("plain", "reference", "licence", "version"):
            return False
        as_word = any(t.base in ("word", "string", "substring") for t in self.tokens[max(0, i - 7) : i])
        if as_word and token.base not in STOP:
            return True
        if prop.measure == "licence" and token.text.islower() and is_english(token.text):
            return False  # a licence has a name of its own
        if prop.measure == "version":
            return token.base in (
                "latest",
                "stable",
                "snapshot",
                "head",
                "alpha",
                "beta",
                "rc",
                "dev",
                "preview",
                "nightly",
                "canary",
            )
        if prop.spec is not None and prop.spec.values and not token.text.isupper():
            return False
        if re.fullmatch(
            r"q[1-4]|(account|org|organisation|project)-(level|wide)", token.base
        ) or self._is_time(i):
            return False  # a quarter of the year, a day of the week, where a reference points to
        shouted = token.text.isupper() and len(token.text) > 1
        if not shouted and self._class(i) is not None:
            return False  # spaces, digits: kinds of characters
        tag = prop.spec is not None and bool({"tags", "labels"} & set(prop.spec.parts[:-1]))
        level = token.base in LEVELS and tag
        if not shouted and (
            (token.base in VAGUE and not level)
            or token.text.endswith("ly")
            or (self._names_something(i) and not tag and not self._said_as_name(i))
        ):
            return False
        if not self._stands_for_itself(i, prop):
            return False
        letter = i > 1 and self.tokens[i - 1].base == "with" and token.base not in ("i", "a")
        given = i > 0 and self.tokens[i - 1].base in ("call", "named", "name") and token.base in NAMEABLE
        if token.base in STOP and not given and not (tag and token.base in TAGGABLE):
            return False
        return token.base not in NOT_BEFORE and (len(token.text) > 1 or letter)

    def _is_time(self, i: int) -> bool:
        """Whether the word is a day, and no name somebody gave."""
        day = self.tokens[i].base.removesuffix("s") in DAYS
        return day and not self._said_as_name(i)

    def _said_as_name(self, i: int) -> bool:
        """The project platform, the namespace search: behind its field even a noun is a name."""
        before = self.tokens[i - 1].base if i else ""
        return before in ("project", "organisation", "namespace", "branch", "group", "call", "named")

    def _part_of_name(self, i: int) -> bool:
        """Whether the word belongs to the name of a role of the installation: Project Admin."""
        return any(
            start < i < end
            for start in range(max(0, i - 3), i)
            for end, _ in self.senses(start, "role", names=True)
        )

    def _names_something(self, i: int) -> bool:
        """Whether the word is a noun or field of this kind of thing, said for what it is."""
        return any(
            j == i + 1 and len(sense.words) == 1
            for category in ("noun", "field")
            for j, sense in self.senses(i, category)
            if self.tokens[i].base not in ("main", "master", "user", "team", "account", "default", "latest")
        )

    def _stands_for_itself(self, i: int, prop: Prop) -> bool:
        """Whether a plain word can be meant as a literal here: after the noun of an identifier, or
        where the word is in no dictionary."""
        token = self.tokens[i]
        if "-" in token.text or token.text.isupper() or (not is_english(token.text) and not token.typed):
            return True
        if i and token.text[:1].isupper() and token.base not in STOP:
            return True
        if self.entity == "environment" and next(self.senses(i, "environment", names=True), None):
            return True
        if any(t.base in ("word", "string", "substring", "letter") for t in self.tokens[max(0, i - 7) : i]):
            return True
        path = (prop.spec.path if prop.spec else "").lower()
        named = prop.spec is None or path.endswith(IDENTIFIERS) or path.partition(".")[0] in ("tags", "labels") \
            or ".tags." in path or ".labels." in path  # fmt: skip
        listed = i > 0 and self.tokens[i - 1].base in ("or", "and", ",")
        before = {t.base for t in self.tokens[max(0, i - (12 if listed else 4)) : i]}
        return named or bool(before & {"call", "name", "named", "called"})

    def _wanted(self, prop: Prop) -> list[str]:
        """The categories of names of the installation a field can hold."""
        path = prop.spec.path if prop.spec else ""
        wanted = []
        if "nvironmentRef" in path or path.endswith("environment.identifier"):
            wanted.append("environment")
        if "onnector" in path:
            wanted.append("connector")
        if "secretManager" in path:
            wanted.append("manager")
        if "userGroups" in path or (path == "" and "approver" in prop.words):
            wanted.append("group")
        if "templateRef" in path:
            wanted.append("template")
        return wanted

    def _elsewhere(self, i: int, prop: Prop) -> bool:
        """Whether the identifier here is one of the installation's, of another kind than the field holds."""
        token, wanted = self.tokens[i], self._wanted(prop)
        path = prop.spec.path if prop.spec is not None else ""
        if path in ("serviceRef", "infraIdentifier") and re.fullmatch(
            "(non-?|pre-?)?prod(uction)?", token.base
        ):
            return True
        known = {
            category
            for category in ("environment", "connector", "manager", "template")
            for _, sense in self.senses(i, category, names=True)
            if sense.payload == token.text
        }
        return bool(wanted and known) and not known & set(wanted)

    def _ends_field(self, i: int) -> bool:
        """Whether the word is the last of the name of a field that begins in front of it."""
        return any(
            end == i + 1
            for start in range(max(0, i - 2), i)
            for end, sense in self.senses(start, "field")
            if len(sense.words) > 1
        )

    def _from_facts(self, i: int, prop: Prop) -> Iterator[tuple[int, r.Scalar]]:
        for category in self._wanted(prop):
            for j, sense in self.senses(i, category, names=True):
                yield self.skip(j, category), sense.payload

    @rule
    def literals(self, i: int, prop: Prop) -> Iterator[tuple[int, tuple[r.Scalar, ...]]]:
        """Literals in a list: a, b and c; either a or b; one of a/b."""
        among = self.skip(i, "one of following|one of|any of|either|the following|neither|both|following")
        if among > i and prop.spec is not None:  # one of the namespaces a and b
            among = max(
                (j for j, s in self.senses(among, "field") if s.payload[1] == prop.spec), default=among
            )
        i = among
        i = i + 1 if self.is_punct(i, ":") else i
        for j, first in self.literal(i, prop):
            for k, found in self._list_more(j, self._twins(i, j, first, prop), prop):
                yield self._echo(k, found), found

    def _twins(self, i: int, j: int, first: r.Scalar, prop: Prop) -> tuple[r.Scalar, ...]:
        """All literals of the field the words stand for: postgres is written in two ways."""
        same = [
            s.payload[2]
            for end, s in self.senses(i, "value")
            if end == j and s.payload[1] == prop.spec and s.payload[2] != first
        ]
        return (first, *same) if isinstance(first, str) and self.tokens[i].text != first else (first,)

    def _echo(self, k: int, found: tuple[r.Scalar, ...]) -> int:
        """Literals repeated in brackets, with or without the name of the field."""
        if not self.is_punct(k, "("):
            return k
        for m in range(k + 2, min(k + 8, self.size)):
            if self.is_punct(m, ")"):
                inside = [t for t in self.tokens[k + 1 : m] if t.kind == "literal" or t.quoted]
                return m + 1 if inside and all(t.text in found for t in inside) else k
        return k

    def _list_more(self, j: int, found: tuple[r.Scalar, ...], prop: Prop
                   ) -> Iterator[tuple[int, tuple[r.Scalar, ...]]]:  # fmt: skip
        k = j + 1 if self.is_punct(j, ",/") else j
        k = self.skip(k, "or|and|nor|and/or|&|or to|and to|or in|nor in")
        joined = k > j + 1 or not self.is_punct(j, ",/")  # "not A, only B": B is no more of them
        k = self.skip(k, "else|only" if joined else "else")
        if not joined and self.says(k, "only|just"):
            k = j
        if k > j:
            for m, nxt in self.literal(k, prop):
                yield from self._list_more(m, (*found, *self._twins(k, m, nxt, prop)), prop)
        yield j, found
