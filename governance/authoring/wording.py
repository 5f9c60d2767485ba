"""Rules in English: one phrase per part, with the words of the field catalogue."""

from __future__ import annotations

from typing import Any

from governance.authoring import measures
from governance.authoring import rule as r
from governance.authoring.fields import METADATA_FIELDS, kind_of
from governance.authoring.fields.model import CollectionSpec, EntityKind

COMPARISONS = {
    "less_than": "less than", "at_most": "at most", "more_than": "more than",
    "at_least": "at least",
}  # fmt: skip
TEXT_TESTS = {
    "starts_with": "starts with", "ends_with": "ends with", "contains": "contains",
    "has_word": "contains the word", "matches": "matches", "scope_is": "is of scope",
}  # fmt: skip
STATES = {
    "present": ("is given", "is missing or empty"),
    "exists": ("is set", "is not set"),
    "runtime_input": ("is a runtime input", "is no runtime input"),
    "expression": ("holds an expression", "holds no expression"),
}
NEGATED = {
    "starts with": "does not start with", "ends with": "does not end with",
    "contains": "does not contain", "contains the word": "does not contain the word",
    "matches": "does not match", "is of scope": "is not of scope",
}  # fmt: skip
MEASURED = {
    "version": " as a version", "reference": ", with or without a scope prefix",
    "licence": ", in any flavour of it",
}  # fmt: skip


def clause_text(rule: r.Rule, clause: r.Clause) -> str:
    """One clause as a sentence: whom it is about, when, and what must hold."""
    kind = kind_of(rule.entity)
    words = Words(kind)
    if clause.each is None:
        subject = f"the {kind.label}"
    else:
        subject = f"each of the {words.collection(clause.each)} ({clause.name})"
        words = words.bind(clause.name, clause.each)
    parts = [f"For {subject}"]
    if clause.where != r.All():
        parts.append(f"where {words.say(clause.where)}")
    if clause.unless is not None:
        parts.append(f"unless {words.say(clause.unless)}")
    if clause.demand == r.Any():
        return f"{', '.join(parts)}: it is always refused."
    return f"{', '.join(parts)}: it must hold that {words.say(clause.demand)}."


def exception_text(rule: r.Rule, clause: r.Clause) -> str:
    """When a clause does not apply: "where the name of the service starts with x"."""
    words = Words(kind_of(rule.entity))
    if clause.each is not None:
        words = words.bind(clause.name, clause.each)
    return f"where {words.say(clause.unless)}"


def condition_text(condition: Any, kind: EntityKind) -> str:
    """A condition as a sentence."""
    text = Words(kind).say(condition)
    return f"{text[:1].upper()}{text[1:]}."


class Words:
    """Says the parts of a rule about one kind of entity."""

    def __init__(self, kind: EntityKind, names: dict[str, CollectionSpec | None] | None = None):
        self.kind = kind
        self.names = names or {}

    def bind(self, name: str, each: r.Named | r.Items) -> Words:
        """The same words with one more name known."""
        return Words(self.kind, {**self.names, name: self._spec(each)})

    def _spec(self, each: r.Named | r.Items) -> CollectionSpec | None:
        if isinstance(each, r.Named):
            return next((c for c in self.kind.collections if c.name == each.name), None)
        path = ".".join(each.path)
        found = [c for c in self.kind.collections if c.path == path]
        whole = each.of in ("document", "input")  # variables of the pipeline, or of a stage
        return next((c for c in found if (c.of in ("document", "input")) == whole), next(iter(found), None))

    def collection(self, each: r.Named | r.Items) -> str:
        """What a collection is called."""
        spec = self._spec(each)
        if isinstance(each, r.Named):
            label = spec.label if spec else each.name
            return f"{label} in the {self.thing(each.within)}" if each.within else label
        if spec and each.of in ("document", "input"):
            return spec.label
        label = spec.label.split(" of ")[0] if spec else f"entries of {'.'.join(each.path)}"
        return f"{label} of {self.thing_of(each.of)}"

    def thing(self, ref: str) -> str:
        """What a name is called."""
        name, dot, _ = ref.partition(".")
        if name == "document":
            return self.kind.label
        if name == "input":
            return "input"
        if name == "metadata":
            return "request"
        return "stage of the " + name if dot else name.replace("_", " ")

    def thing_of(self, ref: str) -> str:
        return f"the {self.thing(ref)}"

    def label(self, field: r.Field) -> str:
        """What a field is called."""
        if field.path == ("@key",):
            return f"the key of {self.thing_of(field.of)}"
        if not field.path:
            return self.thing_of(field.of)
        path = ".".join(field.path)
        name, dot, _ = field.of.partition(".")
        if name == "metadata":
            specs = METADATA_FIELDS
        elif name in ("document", "input"):
            specs = self.kind.fields
        else:
            spec = None if dot else self.names.get(name)
            every = [c.fields for c in self.kind.collections]
            specs = spec.fields if spec else sum(every, ())
        known = next((s.label for s in specs if s.path == path), "")
        if not known and field.path[0] in ("tags", "labels") and len(field.path) == 2:
            known = f"{field.path[0][:-1]} {field.path[1]}"
        if not known and field.path[:2] == ("template", "templateInputs"):
            known = f"template input {'.'.join(field.path[2:])}"
        thing = self.thing(field.of)
        # "the type of the step", not "the step type of the step"
        return f"the {(known or path).removeprefix(f'{thing} ')} of the {thing}"

    def value(self, value: Any) -> str:
        """What a value is called."""
        match value:
            case r.Field():
                return self.label(value)
            case r.Constant():
                return quoted(value.value)
            case r.Length():
                return f"the length of {self.label(value.of)}"
            case r.CountOf():
                return f"the number of {self.quantified(value)}"
            case r.Fold():
                inner = self.bind(value.name, value.each)
                return f"the {value.how} of {inner.value(value.value)} over the {self.quantified(value)}"
            case r.Arithmetic():
                return f"{self.value(value.left)} {value.op} {self.value(value.right)}"
        raise TypeError(f"{value!r} is not a value")

    def quantified(self, over: Any) -> str:
        """The elements a quantifier speaks about."""
        text = self.collection(over.each)
        if over.where is None or over.where == r.All():
            return text
        return f"{text} where {self.bind(over.name, over.each).say(over.where)}"

    def say(self, condition: Any, want: bool = True) -> str:
        """A condition, or its opposite, as a phrase."""
        match condition:
            case r.Not():
                return self.say(condition.of, not want)
            case r.All() | r.Any():
                return self._joined(condition, want)
            case r.Test():
                return self._test(condition, want)
            case r.Exists():
                none = f"there is none of the {self.quantified(condition)}"
                return f"there is one of the {self.quantified(condition)}" if want else none
            case r.Every():
                inner = self.bind(condition.name, condition.each)
                each = f"for each of the {self.quantified(condition)}"
                if want:
                    return f"{each}, {inner.say(condition.demand)}"
                return f"not {each}, {inner.say(condition.demand)}"
        return self._predicate(condition, want)

    def _joined(self, condition: Any, want: bool) -> str:
        if not condition.of:
            return "true" if isinstance(condition, r.All) is want else "false"
        word = " and " if isinstance(condition, r.All) is want else " or "
        # A field that may stand in several places is one field to a reader.
        phrases = list(dict.fromkeys(self.say(part, want) for part in condition.of))
        if len(phrases) == 1:
            return phrases[0]
        return word.join(f"({p})" if " or " in p and word == " and " else p for p in phrases)

    def _test(self, test: r.Test, want: bool) -> str:
        subject = self.value(test.value)
        if test.op in STATES:
            return f"{subject} {STATES[test.op][0 if want else 1]}"
        if test.to_value is not None:
            options = self.value(test.to_value)
        else:
            options = listed([self._option(test, option) for option in test.to])
        tail = MEASURED.get(test.measure, "") + (", whatever the capitals" if test.ignore_case else "")
        if test.op in COMPARISONS:
            return f"{subject} is {'' if want else 'not '}{COMPARISONS[test.op]} {options}{tail}"
        if test.op == "is":
            one = "one of " if len(test.to) > 1 else ""
            return f"{subject} is {'' if want else 'not '}{one}{options}{tail}"
        verb = TEXT_TESTS[test.op]
        return f"{subject} {verb if want else NEGATED[verb]} {options}{tail}"

    def _option(self, test: r.Test, option: Any) -> str:
        """A literal; seconds between two moments as days where they are."""
        between = test.measure == "instant" and isinstance(test.value, r.Arithmetic)
        if between and isinstance(option, int) and option % 86400 == 0:
            return f"{option // 86400} days"
        return quoted(option)

    def _predicate(self, condition: Any, want: bool) -> str:
        no = "" if want else "not "
        match condition:
            case r.Order():
                how = {
                    "before": "comes before", "directly_before": "comes directly before",
                    "same_stage": "is in the same stage as", "inside": "is inside",
                    "in_front_of_deploys": "stands in front of every deploy step of",
                }[condition.how]  # fmt: skip
                first, second = self.thing_of(condition.first), self.thing_of(condition.second)
                return f"{'' if want else 'it is not so that '}{first} {how} {second}"
            case r.DeploysToProduction():
                verb = "deploys" if want else "does not deploy"
                return f"{self.thing_of(condition.stage)} {verb} to production"
            case r.ApprovedBefore():
                by = f" by {listed(list(condition.groups))}" if condition.groups else ""
                return f"{self.thing_of(condition.stage)} is {no}approved{by} before it deploys"
            case r.RanBefore():
                types = listed(list(condition.types))
                verb = "runs" if want else "does not run"
                return f"a step of type {types} {verb} in a stage before {self.thing_of(condition.stage)}"
            case r.UserInGroup():
                return f"the acting user is {no}in {listed(list(condition.groups))}"
            case r.UserHasRole():
                verb = "holds" if want else "does not hold"
                return f"the acting user {verb} the role {listed(list(condition.roles))}"
            case r.During():
                return f"the time is {no}{window_text(condition)}"
        raise TypeError(f"{condition!r} is not a condition")


def window_text(window: r.During) -> str:
    """A time window in words."""
    parts = []
    if window.weekdays:
        parts.append(f"on {listed(list(window.weekdays))}")
    for spans in (
        [f"between {start} and {end}" for start, end in window.daily],
        [f"from {a} {s} to {b} {e}" for a, s, b, e in window.weekly],
        [f"from {start} until {end}" for start, end in window.dates],
        [f"from {start} to {end} of any year" for start, end in window.yearly],
    ):
        parts += [" or ".join(spans)] if spans else []
    if window.months:
        parts.append(f"in the months {listed([str(m) for m in window.months])}")
    if window.days_of_month:
        parts.append(f"on the days {listed([str(d) for d in window.days_of_month])} of the month")
    if window.last_days_of_month:
        parts.append(f"in the last {window.last_days_of_month} days of the month")
    return f"{' and '.join(parts) or 'known'} ({window.zone})"


def quoted(value: Any) -> str:
    """A literal as it reads best."""
    return f'"{value}"' if isinstance(value, str) else measures.shown(value)


def listed(items: list[str]) -> str:
    """a, b or c"""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} or {items[-1]}"
