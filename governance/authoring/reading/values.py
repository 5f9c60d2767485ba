"""Values of fields: literals, lists of them, and what can be said about a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from governance.authoring import measures
from governance.authoring import rule as r
from governance.authoring.reading.amounts import BEFORE, Amount, Comparison
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning import (
    At,
    Pred,
    Prop,
    all_of,
    any_of,
    both,
    either,
    negated,
    through,
)  # fmt: skip
from governance.authoring.reading.naming import Naming, example_of, matches, pattern_like
from governance.authoring.reading.tokens import is_english

# words that never stand for a value on their own
STOP = frozenset(
    """be have do not no and or but if when unless except only must may can should shall will need the a an
    of in on at to for from by with without as than that which who whose it they them this these those there
    every each all any some none other else more less least most every time never always also too either
    require allow forbid block deny refuse reject ban prohibit accept permit use contain set present missing empty blank value name type at, least
    before after until while because later newer higher greater above below fewer longer so then otherwise where same own one ones at-least exactly over under
    above below between edit save run create change make delete update deploy start trigger execute store keep modify approve sync launch again still yet even just still same such very start begin end match like look
    parallel sequence background version branch tag label group step stage pipeline deployment environment""".split()
)
LICENCE_FAMILIES = ("GPL", "AGPL", "LGPL", "MPL", "BSD", "Apache", "EPL", "CDDL", "CC", "EUPL")
LONG = frozenset({"long", "longer", "shorter", "character", "char", "letter", "sign", "symbol", "length"})
VAGUE = frozenset(
    """good bad reasonable sensible proper appropriate suitable adequate meaningful descriptive unique valid invalid correct
    clear short long secure safe unsafe recent fresh modern stable consistent approved official standard usual normal small large
    big huge high low enough sufficient well fine nice clean wrong right current up-to-date outdated latest-ish trusted known
    common ordinary important critical sensitive regular frequent quick fast slow expensive cheap documented tested reviewed
    helpful useful useless strange suspicious dangerous risky responsible senior junior experienced organisation company team
    secret secrets text manual automatic healthy broken random arbitrary weird long-lived short-lived""".split()
)
# of these the ones a tag can well have as its value
LEVELS = frozenset(
    "high low critical important sensitive standard normal small large regular manual automatic".split()
)
# fields that hold a name somebody gave: a plain word can stand for their value
IDENTIFIERS = ("branch", "namespace", "region", "ref", "identifier", "project", "host", "engine", "manager", "stack",
               "trafficname", "typename", "server", "agent", "statusname", "licence", "license", "revision", "provisioner",
               "packagename", ".name", ".workspace", ".org", "spec.tags", "spec.tag", "chart", "shell", "key", "value", "path", "reponame")  # fmt: skip
FORMS = (
    "email address|mail address|url|address|name|text|string|value|identifier|path|number|word|version|date"
)
NOT_BEFORE = frozenset({"allow", "permit", "forbid", "ok", "okay", "fine", "acceptable", "good", "nothing"})
TRUE = "true|on|yes|enable|activate|turn on|switch on|turned on|switched on|enabled|active"
FALSE = "false|off|no|disable|deactivate|turn off|switch off|turned off|switched off|disabled|inactive"
CASE = (
    "no matter how it be write|no matter how write|however it be write|no matter how it be spell|"
    "in any capitalise|in any case|in whatever case|no matter how they be capitalise|regardless of case"
    "|ignoring case|ignore case|case insensitive|case-insensitive|no matter the case|whatever the case"
    "|upper or lower-case|in upper or lower-case|no matter how it be capitalise|however capitalise"
    "|whatever case|no matter how they be write|however they be capitalise|whichever case|no matter what case"
    "|regardless of capitalise|in either case|irrespective of case|independent of case"
    "|upper or lower-case do not matter|case do not matter|capitalise do not matter|upper-case and lower-case do not matter"
    "|upper-case or lower-case do not matter|case be irrelevant|case be ignore|do not matter upper or lower-case"
    "|regardless of how they be capitalise|no matter the capitalise|whatever the capitalise|upper-case or lower-case"
)
PARTED = re.compile(r"[A-Za-z0-9]+([-_.:/][A-Za-z0-9]+)+")
HOSTED = (
    "come from|be pull from|be from|be host on|be host at|be take from|originate from|be store in|be store on|be load from|be fetch from"
    "|live on|live in|live at|stem from|be pull out of|point to|be locate in|be locate on|be in|be on"
)
ValueTest = Callable[[r.Value, At], r.Condition]


def _tests(prop: Prop, test: ValueTest) -> Pred:
    return lambda at: through(at, prop, test)


def compare(prop: Prop, comparison: Comparison) -> Pred:
    """A test of a value against one or two bounds, under the measure of the value."""
    upper: dict[r.Op, r.Op] = {"at_most": "more_than", "less_than": "at_least"}
    findings = prop.kind.name == "scan_outputs" and prop.type == "number" and prop.spec is not None
    if findings and all(op in upper for op, _ in comparison.bounds) and "COVERAGE" not in prop.spec.path:  # type: ignore[union-attr]
        over = Comparison(tuple((upper[op], a) for op, a in comparison.bounds))
        if len(over.bounds) == 1:  # a result without the number breaks no upper bound
            return negated(compare(prop, over))
    measure = prop.measure
    factor = _per_second(prop)
    if factor and comparison.bounds[0][1].unit == "duration":
        bounds = tuple(
            (op, Amount(a.value * factor, "", f"{a.value * factor:g}")) for op, a in comparison.bounds
        )
        comparison = Comparison(bounds)
    if (own := _unit_of_size(prop)) and comparison.bounds[0][1].unit == "size":
        sized = (
            (op, float(measures.quantity(a.text.removesuffix("i")) or 0) / own) for op, a in comparison.bounds
        )
        comparison = Comparison(tuple((op, Amount(n, "", f"{n:g}")) for op, n in sized))
    if measure == "plain" and prop.type in ("any", "text"):
        measure = "version" if comparison.bounds[0][1].unit == "version" else "number"

    long = prop.type == "text" and comparison.bounds[0][1].unit == "character"  # names longer than 30

    def test(value: r.Value, _: At) -> r.Condition:
        if long and isinstance(value, r.Field):
            value = r.Length(of=value)
        return all_of([
            r.Test(value=value, op=op, to=(amount.written(measure),), measure=measure)
            for op, amount in comparison.bounds
        ])  # fmt: skip

    return lambda at: through(at, prop, test)


def _in_any_link(prop: Prop, to: tuple[r.Scalar, ...]) -> Pred | None:
    """A template a pipeline must not use must not be linked from its stages and steps either."""
    spec = prop.spec
    if (
        spec is None
        or spec.path != "template.templateRef"
        or prop.kind.spec
        or prop.kind.entity.name != "pipeline"
    ):
        return None

    def linked(at: At) -> r.Condition:
        inner = at.fresh("link")
        test = r.Test(value=r.Field(of=inner, path=("templateRef",)), op="is", to=to, measure="reference")
        return r.Exists(each=r.Named(name="templates_used"), name=inner, where=test)

    return linked


def tested(prop: Prop, op: r.Op, to: tuple[r.Scalar, ...] = (), *, ignore_case: bool = False) -> Pred:  # noqa: PT028
    if prop.type == "flag" and to == (False,):  # what is not set is off
        return negated(tested(prop, "is", (True,)))

    def test(value: r.Value, _: At) -> r.Condition:
        measure = prop.measure if op in ("is",) else "reference" if prop.type == "reference" else "plain"
        if op == "is" and prop.measure in ("number", "duration", "quantity", "version", "instant"):
            measure = prop.measure
        if measure == "version" and any(not re.match(r"v?[0-9]", str(x)) for x in to):
            measure = "plain"
        return r.Test(value=value, op=op, to=to, measure=measure, ignore_case=ignore_case)

    if patterns := shapes(prop, op, to):
        return lambda at: through(at, prop, lambda value, _: r.Test(value=value, op="matches", to=patterns))
    if prop.type == "licence" and op == "is":
        families = tuple(str(x) for x in to if str(x) in LICENCE_FAMILIES)
        if families:  # GPL alone stands for every version of it
            rest = tuple(x for x in to if x not in families)
            pattern = tuple(f"^{f}-" for f in families)

            def whole(at: At) -> r.Condition:
                return through(at, prop, lambda value, _: r.Test(value=value, op="matches", to=pattern))

            return either(whole, tested(prop, "is", rest)) if rest else whole
    if prop.type == "licence" and op == "present":  # "no assertion" is no information

        def known(value: r.Value, _: At) -> r.Condition:
            nothing = r.Test(value=value, op="is", to=("NOASSERTION", "NONE"))
            return r.All(of=(r.Test(value=value, op="present"), r.Not(of=nothing)))

        return lambda at: through(at, prop, known)
    linked = _in_any_link(prop, to) if op == "is" else None
    if linked is not None:  # forbidden, or what is looked for: wherever it is used
        return lambda at: through(at, prop, test) if at.asked else linked(at)
    return lambda at: through(at, prop, test)


def shapes(prop: Prop, op: r.Op, to: tuple[r.Scalar, ...]) -> tuple[str, ...]:
    """Patterns for values that stand for many: names with stars, hosts where the field holds an address."""
    said = tuple(str(x) for x in to)
    if prop.type not in ("text", "reference") or op not in ("is", "starts_with"):
        return ()
    if op == "is" and any(re.fullmatch(r"[\w.*-]*\*[\w.*-]*", x) for x in said):
        return tuple("^" + re.escape(x).replace("\\*", ".*") + "$" for x in said)
    address = prop.spec is not None and prop.spec.path.lower().endswith(("url", "source", "full_name"))
    if address and any(re.fullmatch(f"{HOST}|({SCHEME})(://)?", x) for x in said):
        return tuple(_address(x, op) for x in said)
    return ()


# docker.io, github.com/northgate: an address without its scheme
HOST = r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]+)?(/[^:\s]*)?"


SCHEME = "https?|ssh"


def _address(text: str, op: r.Op) -> str:
    """The pattern of all addresses at a host, or below a path there; with any scheme, user and port."""
    if re.fullmatch(f"({SCHEME})(://)?", text):
        return f"^{text.removesuffix('://')}://"
    if not re.fullmatch(HOST, text):
        return f"^{re.escape(text)}" + ("$" if op == "is" else "")
    host, _, path = text.rstrip("/").partition("/")
    port = "" if ":" in host else "(:[0-9]+)?"
    below = f"/{re.escape(path)}" if path else ""
    ends = "" if op == "starts_with" and path and not text.endswith("/") else "(/|\\.git$|$)"
    over_ssh = f":{re.escape(path)}" if path else ":"
    return (f"^([a-z+]+::)?([a-z+]+://)?([^/@]*@)?([^/@]*\\.)?{re.escape(host)}"
            f"({port}{below}{ends}|{over_ssh}{ends if path else '[^0-9]'})")  # fmt: skip


def only_among(prop: Prop, to: tuple[r.Scalar, ...], op: r.Op = "is") -> Pred:
    """Every value there is must be one of these; a missing one breaks nothing."""

    def outside(value: r.Value, _: At) -> r.Condition:
        present = r.Test(value=value, op="present")
        patterns = shapes(prop, op, to)
        inside = r.Test(value=value, op="matches", to=patterns) if patterns else \
            r.Test(value=value, op=op, to=to, measure=prop.measure)  # fmt: skip
        return r.All(of=(present, r.Not(of=inside)))

    return lambda at: r.Not(of=through(at.negated(), prop, outside))


class Values(Naming):
    """Grammar of values and of what is said about them."""

    # --- literals ----------------------------------------------------------------------------
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
        choices = {str(v) for p in (prop, *prop.others) if p.spec for v in p.spec.values}
        open_ended = (
            prop.spec is not None and prop.spec.path in ("type", "childType") and prop.kind.element == "step"
        )
        if choices and token.kind == "literal" and token.text not in choices and not open_ended:
            return  # a value the field never has
        end = self._slashed(i, prop)
        if end:
            yield end, "".join(t.text for t in self.tokens[i:end])
        if token.quoted or (
            token.kind == "literal" and token.text not in ("a-z", "A-Z", "0-9", "a-z0-9", "A-Za-z")
        ):
            if prop.measure in ("plain", "reference", "licence") and prop.type not in ("flag", "map"):
                yield i + 1, token.text
            elif prop.measure == "version" and re.fullmatch(r"[-.+_]?[A-Za-z][\w.-]*", token.text):
                yield i + 1, token.text  # what a version ends with
        elif token.kind == "number" and prop.type not in ("flag", "map"):
            for j, amount in self.amount(i):
                if prop.measure != "plain":
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
        token = (
            replace(token, base=token.text.lower()) if token.typed else token
        )  # changeme is no misspelt "change"
        if prop.type in ("flag", "map") or prop.measure not in ("plain", "reference", "licence", "version"):
            return False
        as_word = any(t.base in ("word", "string", "substring") for t in self.tokens[max(0, i - 7) : i])
        if as_word and token.base not in STOP:
            return True
        if prop.measure == "version":
            return token.base in ("latest", "stable", "snapshot", "head")
        if prop.spec is not None and prop.spec.values and not token.text.isupper():
            return False
        if re.fullmatch(r"q[1-4]", token.base):
            return False  # a quarter of the year
        shouted = token.text.isupper() and len(token.text) > 1
        if not shouted and self._class(i) is not None:
            return False  # spaces, digits: kinds of characters
        level = (
            token.base in LEVELS and prop.spec is not None and prop.spec.path.startswith(("tags.", "labels."))
        )
        tag = prop.spec is not None and prop.spec.path.partition(".")[0] in ("tags", "labels")
        if not shouted and (
            (token.base in VAGUE and not level)
            or token.text.endswith("ly")
            or (self._names_something(i) and not tag and not self._said_as_name(i))
        ):
            return False
        if not self._stands_for_itself(i, prop):
            return False
        letter = i > 1 and self.tokens[i - 1].base == "with" and token.base not in ("i", "a")
        return token.base not in STOP and token.base not in NOT_BEFORE and (len(token.text) > 1 or letter)

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
        if any(t.base in ("word", "string", "substring", "letter") for t in self.tokens[max(0, i - 7) : i]):
            return True
        path = (prop.spec.path if prop.spec else "").lower()
        named = prop.spec is None or path.endswith(IDENTIFIERS) or path.partition(".")[0] in ("tags", "labels") \
            or ".tags." in path or ".labels." in path  # fmt: skip
        before = {t.base for t in self.tokens[max(0, i - 4) : i]}
        return named or bool(before & {"call", "name", "named", "called"})

    def _from_facts(self, i: int, prop: Prop) -> Iterator[tuple[int, r.Scalar]]:
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
        for category in wanted:
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
            for k, found in self._list_more(j, (first,), prop):
                yield self._echo(k, found), found

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
                yield from self._list_more(m, (*found, nxt), prop)
        yield j, found

    # --- what is said about a value -----------------------------------------------------------
    @rule
    def about(self, i: int, prop: Prop, modals: bool = True) -> Iterator[tuple[int, Pred]]:
        """A predicate on a value, after the modal: "be at least 2", "start with prod-".

        Without `modals` a second modal ends it: "not be empty | and may not contain X".
        """
        for j, pred in self._about_one(i, prop, modals):
            yield from self._about_more(j, pred, prop, modals)

    def _about_more(self, j: int, pred: Pred, prop: Prop, modals: bool) -> Iterator[tuple[int, Pred]]:
        comma = j + 1 if self.is_punct(j, ",") else j
        for words, joined in (("and|but|and also|and have to|and must|and should", both),
                              ("or|nor|or have to|or must", either)):  # fmt: skip
            for k in self.says(comma, words):
                k2 = self.skip(k, "it must|they must|it|they|must|should|may|can")
                if not modals and (k2 > k or self.tokens[k - 1].base in ("to", "must", "should")):
                    continue
                for m, nxt in self._about_one(k2, prop, modals):
                    yield from self._about_more(m, joined(pred, nxt), prop, modals)
        if prop.type == "text":
            for m, nxt in self.naming(comma, prop) if comma > j and modals else []:
                yield m, both(pred, nxt)
            for m, nxt in self._refined(j, pred, prop, 0) if modals else []:
                said = self.tokens[j:m]
                if m > j and (all(t.kind != "number" for t in said) or any(t.base in LONG for t in said)):
                    yield m, nxt
        yield j, pred

    @rule
    def _about_one(self, i: int, prop: Prop, refined: bool = True) -> Iterator[tuple[int, Pred]]:
        for j in self.says(i, "not|never|no|be not|be never"):
            if self.tokens[j - 1].base == "no" and self.letters(j):
                continue  # no spaces: not one of them, rather than not of them alone
            for k, pred in self._about_one(j, prop, False):
                yield k, negated(pred)
        for j in self.says(i, "be"):
            for k in self.says(self.skip(j, FORMS), "that|which") if self.skip(j, FORMS) > j else []:
                yield from self._about_one(self.skip(k, "must|have to|should"), prop, refined)
        if prop.spec is not None and prop.spec.path == "BASE_IMAGE_APPROVED":
            for j in self.says(
                i, "be approve|be approve one|be one of approve one|be approve by us|be on approve list"
            ):
                yield j, tested(prop, "is", ("true",))
        yield from self._presence(i, prop)
        yield from self._of_image(i, prop)
        yield from self._shape_of_text(i, prop, refined)
        yield from self._bounds(i, prop)
        closed = prop.spec is not None and bool(prop.spec.values)  # "of type Number" is no shape
        if prop.type in ("text", "version", "reference", "any", "list") and not closed:
            yield from self.naming(i, prop, refined)
        if prop.type != "flag":
            yield from self._equal(i, prop)
        yield from self._flags(i, prop)

    def _of_image(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Where an image comes from, and what it is pinned by."""
        path = prop.spec.path.lower() if prop.spec is not None else ""
        if not path.endswith(("image", "imagepath", "imagename")):
            return
        for j in self.says(i, HOSTED):
            j = self.skip(j, "registry|image registry|host|only")
            for k, hosts in self._hosts(j):
                yield k, matches(prop, "^(" + "|".join(map(re.escape, hosts)) + ")[/:]")
        for j in self.says(
            i,
            "be pin|be pin by|be pin to|be pin with|use|have|contain|carry|include|be reference by|be give by|be fix by|be fix to|be specify by",
        ):
            for k in self.says(j, "digest|sha256 digest|sha digest|image digest|sha256|sha-256 digest"):
                yield self._echoed_mark(k, "@sha256"), matches(prop, "@sha256:")
        for j in self.says(
            i, "be tag|be tag as|be tag with|use tag|have tag|carry tag|be of tag|come with tag|use version"
        ):
            token = self.token(j)
            if token is not None and token.kind in ("word", "literal") and token.base not in STOP:
                yield j + 1, tested(prop, "ends_with", (f":{token.text.lstrip(':')}",))

    def _hosts(self, j: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Registries by their hosts, in a list."""
        found: list[str] = []
        while (token := self.token(j)) is not None and (token.kind == "literal" or token.quoted):
            if "." not in token.text:
                return
            found.append(token.text.rstrip("/"))
            j += 1
            if self.is_punct(j, "/"):
                j += 1
            yield j, tuple(found)
            k = self.skip(j + 1 if self.is_punct(j, ",") else j, "or from|or|and|and from")
            if k == j:
                return
            j = k

    def _echoed_mark(self, k: int, mark: str) -> int:
        """(@sha256:...): the same as a mark in brackets."""
        for m in range(k + 1, min(k + 6, self.size)) if self.is_punct(k, "(") else ():
            if self.is_punct(m, ")"):
                return m + 1 if any(mark in t.text for t in self.tokens[k + 1 : m]) else k
        return k

    def _presence(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        if prop.type == "flag":
            return
        k = self.skip(i, "be|have to be|stay|remain|count as")
        for j in self.says(k, "set|present|give|fill|fill in|define|specify|declare|provide|non-empty|there"
                              "|not empty|not blank|mandatory|require|compulsory|know|exist"
                              "|set explicitly|explicitly set|report|available|measure"):  # fmt: skip
            yield self.skip(j, "explicitly|always"), tested(prop, "present")
        for j in self.says(k, "miss|missing|empty|blank|absent|unset|null|lack|undefined|leave empty|leave blank"
                              "|leave out|unspecified"):  # fmt: skip
            j = self.skip(j, "or empty|or blank|or missing|or null")
            yield j, negated(tested(prop, "present"))
        for j in self.says(k, "runtime input|a runtime input|<+input>|as a runtime input"):
            yield j, tested(prop, "runtime_input")
        for j in self.says(k, "expression|an expression"):
            yield j, tested(prop, "expression")
        yield from self.level(k, prop)

    def level(self, k: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """At account level: the scope a reference points to."""
        for words, scope in (("account", "account"), ("organisation", "org"), ("project", "project")):
            for j in self.says(self.skip(k, "on|of|at|from|in|define on|define at"), f"{words} level|{words} scope|{words}-level|level of {words}"
                               f"|{words}-wide|scope to {words}"):  # fmt: skip
                yield j, tested(prop, "scope_is", (scope,))

    def _below(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Under infra/: a folder or an address stands for all below it."""
        for j in self.says(self.skip(i, "be|live|lie|sit|reside|stay|be locate|be place"),
                           "under|below|in|inside|within|beneath|underneath|somewhere under|somewhere below"):  # fmt: skip
            token = self.token(j)
            if token and token.text.endswith("/"):  # a folder or an address stands for all below it
                for k, found in self.literals(j, prop):
                    yield k, tested(prop, "starts_with", found)

    def _shape_of_text(self, i: int, prop: Prop, positive: bool) -> Iterator[tuple[int, Pred]]:
        if prop.type in ("duration", "quantity", "number", "money", "percent", "instant", "lifetime", "flag"):
            return  # an amount has no beginning: "under 1 day" bounds it
        i = self.skip(i, "have to|have prefix that")
        yield from self._below(i, prop)
        for words, op in (
            ("start with|begin with|start by|be prefix with|have prefix|have the prefix|carry prefix"
             "|be under|live under|start off with|prefix with", "starts_with"),
            ("end with|end in|finish with|have suffix|carry suffix|be suffix with", "ends_with"),
            ("contain|include|have|mention|contain anywhere|have in it|carry", "contains"),
        ):  # fmt: skip
            for j in self.says(i, words):
                if op != "contains":
                    yield from self._edge_of_text(j, prop, op)
                elif prop.type in ("text", "any", "reference", "version"):
                    yield from self._holding(j, prop)
                    yield from self._containing(j, prop, positive)
                elif prop.type == "list":
                    for k, found in self.literals(j, prop):
                        yield k, tested(prop, "is", found)
        for j in self.says(i, "match|satisfy|follow|comply with|conform to"):
            k = self.skip(j, "regex|pattern|regular expression|expression|format|against")
            token = self.token(k)
            if token and not token.quoted and PARTED.fullmatch(token.text):
                yield k + 1, matches(prop, f"^{example_of(token.text)}$")  # type_purpose stands for its parts
            elif token and (token.quoted or token.kind == "literal"):
                whole = k == j and not token.quoted and not token.text.startswith("^")
                yield k + 1, matches(prop, f"^{token.text}$" if whole else token.text)

    def _holding(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Delegate selectors must contain "prod": a list holds the whole of it, not a part of an entry."""
        token = self.token(j)
        if (
            prop.through
            and prop.spec is not None
            and prop.spec.type == "list"
            and token
            and "<+" not in token.text
        ):
            for k, found in self.literals(j, prop):
                yield k, tested(prop, "is", found)

    def _edge_of_text(self, j: int, prop: Prop, op: str) -> Iterator[tuple[int, Pred]]:
        """Start (or end) with prod-, with a letter, with the value of another field."""
        yield from self._edge_of_field(j, prop, op)
        words = "prefix|suffix|letter|text|string|word|either|team name|name of team|environment|name of environment"
        j = self.skip_all(j, words)
        j = j + 1 if self.is_punct(j, ":,") else j
        j = self.skip(j, "either|i.e.|i.e|that be|namely|so")
        for k, letters in self.letters(j):
            yield k, matches(prop, f"^[{letters}]" if op == "starts_with" else f"[{letters}]$")
        for k, found in self.literals(j, prop):
            for m, ignore in self._case(k):
                if op == "starts_with":
                    yield from self._followed(m, prop, found)
                m = self.skip(m, "and nothing else|and with nothing else|nothing else")
                yield m, tested(prop, op, found, ignore_case=ignore)  # type: ignore[arg-type]

    def _edge_of_field(self, j: int, prop: Prop, op: str) -> Iterator[tuple[int, Pred]]:
        """A name that starts with its environment: the value of another field."""
        for k, other in self.field(j, prop.kind):
            same = other.spec == prop.spec or other.through or prop.through or other.others
            more = self.says(
                k + 1 if self.is_punct(k, ",") else k, "then|follow by|and then|plus|and|with|join"
            )
            classes = self.letters(k + 1) if self.is_punct(k, ",") else []
            if (
                same
                or more
                or classes
                or other.type not in ("text", "reference")
                or self.tokens[j].kind != "word"
            ):
                continue

            def test(value: r.Value, at: At, other: Prop = other) -> r.Condition:
                return r.Test(value=value, op=op, to_value=other.build(at))  # type: ignore[arg-type]

            yield k, _tests(prop, test)

    def _followed(self, m: int, prop: Prop, found: tuple[r.Scalar, ...]) -> Iterator[tuple[int, Pred]]:
        """vault- followed by lower case letters: what the whole text looks like."""
        for k in self.says(m + 1 if self.is_punct(m, ",") else m, "follow by|and then|then|plus"):
            for n, letters in self.letters(self.skip(k, "only|at least one|one or more")):
                heads = "|".join(re.escape(str(x)) for x in found)
                yield n, matches(prop, f"^({heads})[{letters}]+$")

    def _containing(self, j: int, prop: Prop, positive: bool) -> Iterator[tuple[int, Pred]]:
        words = self.says(j, "word|either word|any of word|one of word")
        start = words[0] if words else self.skip_all(j, "text|string|substring|letter|sequence|either|any of")
        for k, found in self.literals(start, prop):
            for m, ignore in self._case(k):
                whole = self.skip(
                    m,
                    "as word|as whole word|as separate word|as word of its own|as one of words|as full word",
                )
                if whole > m:
                    yield whole, tested(prop, "has_word", found)
                    continue
                m = self.skip(m, "in it|in them|anywhere|in its name")
                yield m, tested(prop, "contains", found, ignore_case=ignore)
        yield from self._doubled(j, prop)
        for k, found in self._telling_words(start):
            for m, ignore in self._case(k):
                yield m, tested(prop, "contains", found, ignore_case=ignore)
        named = self.skip_all(
            j, "ticket|issue|jira|reference|number|id|key|change|incident|something|pattern|link to|string"
        )
        for k in self.says(named, "like|such as|of form|in form|e.g.|e.g|for example|as in|of kind"):
            token = self.token(k)
            if token:
                yield k + 1, matches(prop, pattern_like(token.text))
        for k in self.says(
            self.skip(j, "link|url|address|reference|text"),
            "that start with|that begin with|which start with|to",
        ):
            if k > j + 1:
                for m, found in self.literals(k, prop):
                    yield m, tested(prop, "contains", found)
        for k in self.says(j, "expression|an expression|harness expression|variable expression"):
            yield k, tested(prop, "expression")
        for k, letters in self.letters(j):
            if not positive or len(letters) <= 3:  # "contain letters and digits" says what it is made of
                yield k, matches(prop, f"[{letters}]")
        yield from self._plain_http(j, prop)

    def _plain_http(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        for k in self.says(j, "http address|http:// url|http url|plain http url|http:// address|http link"
                              "|unencrypted url|plain http address"):  # fmt: skip
            yield k, tested(prop, "contains", ("http://",))
        for k in self.says(j, "http://"):
            k = self.skip(k, "address|url|link")
            yield k, tested(prop, "contains", ("http://",))

    def _doubled(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Two underscores in a row, consecutive hyphens."""
        for names, sign in (("underscore", "_"), ("hyphen|dash", "-"), ("dot", "."), ("space", " ")):
            for one in names.split("|"):
                said = ("double {}", "consecutive {}", "repeated {}", "two {} in row", "two consecutive {}")
                for k in self.says(j, "|".join(words.format(one) for words in said)):
                    yield k, tested(prop, "contains", (sign * 2,))

    def _telling_words(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """(A name that contains) secret, old or test: words that elsewhere stand for no value."""
        found: list[str] = []
        while (token := self.token(i)) is not None and token.kind == "word" and token.text.islower():
            if token.base in STOP or (token.base not in VAGUE and token.text.endswith("ly")):
                return
            found.append(token.text)
            i += 1
            joint = self.skip(i + 1 if self.is_punct(i, ",") else i, "or|and|nor")
            if joint == i:
                break
            i = joint
        following = self.token(i)
        ends = (
            following is None
            or following.kind == "punct"
            or following.base in (*STOP, "must", "may", "should")
        )
        if found and ends and any(lemma in VAGUE for lemma in found):
            yield i, tuple(found)

    def _case(self, k: int) -> Iterator[tuple[int, bool]]:
        m = k
        if self.is_punct(m, ",(-"):
            m += 1
        for n in self.says(m, CASE):
            while self.is_punct(n, ")-,"):
                n += 1
                if self.tokens[n - 1].text == ",":
                    break
            yield n, True
        yield k, False

    def _bounds(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        if prop.type in ("flag", "list", "map"):
            return
        k = self.skip(i, "be set to|be|stay|remain|lie|have value of|cost|grow by|increase by|rise by|last|take"
                         "|amount to|be limit to|be cap at|go|drop|fall|sink|dip|decline|climb|get|reach|be valid for|run|live|run for|live for"
                         "|sum up to|come to|have to be|use")  # fmt: skip
        yield from self._limited(i, prop)
        for j, comparison in self.comparison(k):
            unit = comparison.bounds[0][1].unit
            if not _fits(prop, comparison):
                continue
            if unit == "character" or (prop.type == "text" and unit == "" and self._about_length(k, j)):
                continue
            yield j, compare(prop, comparison)
        if prop.measure in ("number", "version", "instant"):
            yield from self._against_field(k, prop)
        if prop.measure in ("number", "duration", "quantity", "version"):
            k = self.skip(i, "be set to|be|equal|have value")
            for j, amount in self.amount(k):
                if k > i and _fits(prop, Comparison((("is", amount),))):
                    yield j, compare(prop, Comparison((("is", amount),)))
        if prop.type == "text":
            for j, pred in self.text_length(i, prop):
                if self._about_length(i, j) or any(t.base in LONG for t in self.tokens[i:j]):
                    yield j, pred

    def _limited(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """... are limited to 90 days: a bound without a word that compares."""
        for j in (
            self.says(i, "be limit to|be cap at|be restrict to|be limit at|limit to")
            if prop.type != "text"
            else []
        ):
            for m, amount in self.amount(j):
                bound = Comparison((("at_most", amount),))
                if _fits(prop, bound):
                    yield m, compare(prop, bound)

    def _about_length(self, k: int, j: int) -> bool:
        return any(t.base in ("longer", "shorter", "long") for t in self.tokens[k:j])

    def _equal(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        if prop.type == "map":
            return
        for j in self.says(
            i,
            "be same as|be equal to|equal|match|be identical to|be identical with|be exactly|coincide with|agree with",
        ):
            yield from self._other_field(j, prop)
        k = self.skip(i, "have to be set to|be set to|set to|be equal to|equal|be exactly|be|read|be call|be name"
                         "|have value|have the value|use|have|be of|be one of|be either|=|be of type|carry"
                         "|be from|point to|refer to|take")  # fmt: skip
        for op, j in self._only(k):
            for m, found in self.literals(j, prop):
                yield from self._followed(m, prop, found)
                for n, ignore in self._case(m):
                    n = self.skip(n, "and nothing else|nothing else|only|be allow|exactly")
                    if op == "only":
                        yield n, only_among(prop, found)
                    else:
                        yield n, tested(prop, "is", found, ignore_case=ignore)
        for j in self.says(i, "look like|be like|be of form|have form|have format|be in format"):
            token = self.token(j)
            if token and token.kind in ("number", "literal"):
                yield j + 1, matches(prop, f"^{example_of(token.text)}$")
        for j in self.says(k, "exactly"):
            for m, found in self.literals(j, prop):
                yield m, tested(prop, "is", found)

    def _against_field(self, k: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """Higher than the cost before; more than twice the previous cost."""
        for words, op in BEFORE:
            for j in self.says(k, words):
                for m, factor in self._multiple(j):
                    for n, other in self.field(m, prop.kind):
                        if other.spec == prop.spec or other.measure != prop.measure or other.through:
                            continue

                        def beside(
                            value: r.Value, at: At, other: Prop = other, op: r.Op = op, factor: float = factor
                        ) -> r.Condition:
                            right = other.build(at)
                            if factor != 1:
                                right = r.Arithmetic(op="times", left=right, right=r.Constant(value=factor))
                            return r.Test(value=value, op=op, to_value=right, measure=prop.measure)

                        yield n, _tests(prop, beside)

    def _multiple(self, j: int) -> Iterator[tuple[int, float]]:
        for m in self.says(j, "twice|double|two time"):
            yield self.skip(m, "of|as much as|as high as"), 2
        for m, number in self.number(j):
            for n in self.says(m, "time|fold"):
                yield n, number
        yield j, 1

    def _other_field(self, j: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        """... the same as the name: a value compared with another one of the same thing."""
        for k, other in self.field(j, prop.kind):
            if other.type == prop.type and not other.through and not prop.through and other.spec != prop.spec:

                def same(value: r.Value, at: At, other: Prop = other) -> r.Condition:
                    return r.Test(value=value, op="is", to_value=other.build(at), measure=prop.measure)

                yield k, _tests(prop, same)

    def _only(self, k: int) -> Iterator[tuple[str, int]]:
        for j in self.says(k, "only|nothing but|exclusively|only be|only have|nothing other than|solely"):
            yield "only", self.skip(j, "be|have|use|one of")
        yield "is", k

    def _flags(self, i: int, prop: Prop) -> Iterator[tuple[int, Pred]]:
        if prop.type != "flag":
            if prop.spec and prop.spec.type in ("map", "list"):
                k = self.skip(i, "be|have to be|stay")
                for j in self.says(k, TRUE):
                    yield j, tested(prop, "present")
                for j in self.says(k, FALSE):
                    yield j, negated(tested(prop, "present"))
            return
        k = self.skip(i, "be set to|be|have to be|stay|remain|equal|=|set to")
        for j in self.says(k, TRUE):
            yield j, tested(prop, "is", (True,))
        for j in self.says(k, FALSE):
            yield j, negated(tested(prop, "is", (True,)))
        for j in self.says(k, "set|allow|use|permit|possible|require"):
            yield j, tested(prop, "is", (True,))


def _per_second(prop: Prop) -> float:
    """How often the unit of a plain number goes into a second: days of backups, lifetimes in milliseconds."""
    label = prop.spec.label if prop.spec is not None and prop.type == "number" else ""
    return 1000 if "milliseconds" in label else 1 / 86400 if label.startswith("days") else 0


def _unit_of_size(prop: Prop) -> float:
    """How many thousandths of a byte one of it is: storage in GB, memory in MB."""
    label = prop.spec.label if prop.spec is not None and prop.type == "number" else ""
    return {"GB": 10.0**12, "MB": 10.0**9}.get(label.rpartition(" in ")[2], 0)


def _fits(prop: Prop, comparison: Comparison) -> bool:
    """Whether the units of the bounds can be compared with the value."""
    allowed = {
        "duration": {"duration"}, "quantity": {"size", "core", ""}, "version": {"version", ""},
        "number": {"", "percent", "core"}, "money": {"money", ""}, "instant": {"duration"},
        "percent": {"percent"}, "lifetime": {"duration"}, "text": {"version", "character"}, "any": {"", "size", "percent"},
    }  # fmt: skip
    if (
        prop.spec is not None
        and prop.spec.path.endswith("spec.count")
        and comparison.bounds[0][1].unit == "percent"
    ):
        return False  # a share is no number of instances
    kinds = allowed.get(prop.type, set()) | ({"duration"} if _per_second(prop) else set())
    kinds |= {"size"} if _unit_of_size(prop) else set()
    return all(a.unit in kinds for _, a in comparison.bounds)


def written(amount: Amount) -> str:
    return amount.text or f"{amount.value:g}"


__all__ = ["STOP", "Values", "any_of", "compare", "only_among", "re", "tested"]
