"""Noun phrases: which things a phrase speaks about, with what is said in front of and behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from governance.authoring import rule as r
from governance.authoring.fields import CollectionSpec, FieldSpec
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning import (
    STEPS,
    At,
    Kind,
    Pred,
    Things,
    both,
    chain,
    either,
    exists,
    kind_at,
    negated,
)  # fmt: skip
from governance.authoring.reading.people import People
from governance.authoring.reading.props import Props, prop_of
from governance.authoring.reading.tokens import is_english
from governance.authoring.reading.values import tested

PRODUCTION = "production|prod"
QUANTIFIERS = "new|existing|one of|any one of|at least one of|some of|each of|each one of|every one of|every single|every|each|all of|all|any of|any|both|some|whichever|whatever|those|these|such|another|other|further"
SEVERITIES = {"critical": "CRITICAL", "high": "HIGH", "medium": "MEDIUM", "low": "LOW",
              "info": "INFO", "informational": "INFO", "moderate": "MEDIUM"}  # fmt: skip
FINDINGS = "finding|vulnerability|issue|security issue|security finding|result|one|cve|problem|hit|alert"
PERSONAL = "it|they|them|those|these|the one|one|this|the same"


class Nouns(Props, People):
    """Grammar of noun phrases. `vp` and `post` live in the verb grammar."""

    if TYPE_CHECKING:  # the grammar above this one fills these in

        def post(self, k: int, thing: Things) -> list[tuple[int, Things]]: ...
        def _harmless(self, j: int, k: int) -> bool: ...
        def _only_known(self, j: int, k: int) -> bool: ...

    topic: Things | None = None  # what the sentence before was about
    tag_keys: dict[str, str] = {}  # keys of tags the request names, by their base form

    def kind(self, name: str) -> Kind:
        """The kind for a collection of the entity, or the document itself."""
        return kind_at(self.entity, name)

    def has_collection(self, name: str) -> bool:
        from governance.authoring.fields import KINDS

        return any(c.name == name for c in KINDS[self.entity].collections)

    # --- whole phrases -----------------------------------------------------------------------
    @rule
    def things(self, i: int) -> Iterator[tuple[int, Things]]:
        """A noun phrase with quantifier, modifiers and what follows it; lists of one kind too."""
        for j, first in self._one(i):
            yield from self._coordinated(j, first)

    def _coordinated(self, j: int, first: Things) -> Iterator[tuple[int, Things]]:
        k = j + 1 if self.is_punct(j, ",/") else j
        required = first.role in ("scan", "approval")  # one and the other are two requirements
        k = self.skip(k, "or|nor|or any" if required else "or|and|nor|as well as|and any|or any")
        if k > j and (not required or self.tokens[k - 1].base in ("or", "nor", "any")):
            for m, nxt in self._one(k):
                if nxt.kind.name == first.kind.name and not nxt.how_many and not nxt.none:
                    union = either(both(*first.base, *first.only), both(*nxt.base, *nxt.only))
                    types = first.types + nxt.types if first.types and nxt.types else ()
                    joined = replace(first, base=(union,), only=(), types=types, plain=False,
                                     words=self.text(0, 0) or first.words)  # fmt: skip
                    yield from self._coordinated(m, joined)
        yield j, first

    @rule
    def _one(self, i: int) -> Iterator[tuple[int, Things]]:
        for j, how in self._quantifier(i):
            earlier = self.skip(j, "precede|preceding|previous|prior|earlier|upstream|preceed")
            if earlier > j:
                for k, thing in self.bare(earlier):
                    order = "" if thing.role in ("scan", "approval") else "before"
                    yield k, replace(thing, words=self.text(i, k), order=order, **how)
            for k, thing in self.bare(j):
                thing = replace(thing, words=self.text(i, k), **how)
                yield from self.post(k, thing)

    def _quantifier(self, i: int) -> Iterator[tuple[int, dict[str, object]]]:
        for j in self.says(i, "no|not any|not a single|zero|none of|not one"):
            yield self.skip_all(j, QUANTIFIERS), {"none": True}
        for j, comparison in self.comparison(i):
            if all(a.unit == "" for _, a in comparison.bounds):
                bounds = tuple((op, a.value) for op, a in comparison.bounds)
                yield self.skip(j, "of|different|distinct|separate"), {"how_many": bounds}
        j = self.skip_all(i, QUANTIFIERS)
        for k, number in self.number(j):
            if self.tokens[j].base != "single":
                yield k, {"how_many": (("at_least", number),)}
        for k in self.says(j, "single|one"):
            if self.tokens[j].base == "one" or self.tokens[j].base == "single":
                yield k, {}
        yield j, {}

    # --- heads -------------------------------------------------------------------------------
    @rule
    def bare(self, i: int) -> Iterator[tuple[int, Things]]:
        """Modifiers and the noun they belong to."""
        if i >= self.size:
            return
        if self.entity in ("pipeline", "template"):
            yield from self._deployments(i)
            yield from self._typed_steps(i)
        if self.entity.startswith("terraform"):
            yield from self._resources(i)
        if self.entity == "securityTests":
            yield from self._findings(i)
        if self.entity == "dbSql":
            yield from self._statements(i)
        if self.entity in ("sbom", "firewall"):
            yield from self._packages(i)
        yield from self._modified(i, 0)
        about = self.topic or (Things(self.kind("document")) if i > 2 else None)
        if about is not None:
            for j in self.says(i, PERSONAL):
                yield j, about

    def _modified(self, i: int, depth: int) -> Iterator[tuple[int, Things]]:
        yield from self._tag_modified(i)
        yield from self._step_template(i)
        for j, sense in self.senses(i, "noun"):
            kind: Kind = sense.payload
            yield j, Things(kind, words=self.text(i, j))
        for j, sense in self.senses(i, "value"):  # "SSH keys", "secret files": the type is the noun
            owner, spec, literal = sense.payload
            if (
                sense.words[-1] in ("key", "file")
                and owner.spec is None
                and spec.path == "type"
                and self.entity == "secret"
            ):
                yield j, Things(owner, only=(tested(prop_of(owner, spec), "is", (literal,)),), plain=False)
        if depth > 2:
            return
        for j, preds in self._modifier(i):
            k = j + 1 if self.is_punct(j, ",") else j
            for m, more in self._more_modifiers(k, preds):
                for n, thing in self._modified(m, depth + 1):
                    applied = [p for owner, p in more if owner.name == thing.kind.name]
                    if applied:
                        yield n, thing.narrowed(either(*applied))

    def _tag_modified(self, i: int) -> Iterator[tuple[int, Things]]:
        """Tier 1 services: a tag that was named before, with a value, in front of the noun."""
        token, value = self.token(i), self.token(i + 1)
        if token is None or value is None or value.kind == "punct" or token.base not in self.tag_keys:
            return
        for j, sense in self.senses(i + 2, "noun"):
            kind: Kind = sense.payload
            spec = next((f for f in kind.fields if f.path == "tags" and f.type == "map"), None)
            if spec is not None:
                path = (*spec.parts, self.tag_keys[token.base])
                yield j, Things(kind, only=(literal_at(path, (value.text,)),), plain=False)

    def _step_template(self, i: int) -> Iterator[tuple[int, Things]]:
        """Shell-script step templates."""
        if self.entity != "template":
            return
        document = self.kind("document")
        child = next(f for f in document.fields if f.path == "childType")
        for j, (types, _, _) in self._step_words(i):
            if types:
                for k in self.says(j, "step template|template"):
                    yield (
                        k,
                        Things(document, only=(tested(prop_of(document, child), "is", types),), plain=False),
                    )

    def _more_modifiers(self, k: int, preds: tuple[tuple[Kind, Pred], ...]
                        ) -> Iterator[tuple[int, tuple[tuple[Kind, Pred], ...]]]:  # fmt: skip
        m = self.skip(k, "or|and|/")
        if m > k or (k > 0 and self.is_punct(k - 1, ",")):
            for n, nxt in self._modifier(m):
                yield from self._more_modifiers(n + 1 if self.is_punct(n, ",") else n, preds + nxt)
        yield k, preds

    @rule
    def _modifier(self, i: int) -> Iterator[tuple[int, tuple[tuple[Kind, Pred], ...]]]:
        """A literal of an enumeration, or a state, in front of a noun."""
        ends: dict[int, list[tuple[Kind, Pred]]] = {}
        for j, sense in self.senses(i, "value"):
            kind, spec, literal = sense.payload
            if spec.path == "spec.infrastructure.environment.type" or spec.path.startswith("app.status."):
                continue
            if kind.element == "stage" and spec.path == "type":
                ends.setdefault(j, []).append((kind, stage_of_type(literal)))
                continue
            if spec.path.rpartition(".")[2].lower() in _CLASSIFYING or "ype" in spec.path:
                ends.setdefault(j, []).append((kind, tested(prop_of(kind, spec), "is", (literal,))))
        for j, sense in self.senses(i, "state"):
            kind, spec, value = sense.payload
            ends.setdefault(j, []).append((kind, state_pred(kind, spec, value)))
        for j, found in sorted(ends.items(), reverse=True):
            yield j, tuple(found)

    # --- pipelines ---------------------------------------------------------------------------
    def _deployments(self, i: int) -> Iterator[tuple[int, Things]]:
        stages = self.kind("stages")
        deploy = stage_of_type("Deployment")
        production = in_production
        for j in self.says(i, "production|prod|live"):
            for k in self.says(j, "deployment stage|deploy stage|deployment|deploy|stage|release|rollout|release stage"
                                  "|pipeline stage"):  # fmt: skip
                yield k, Things(stages, (production,), role="production", plain=False)
        for j, envs in self.environments(i):
            for k in self.says(j, "deployment stage|deploy stage|deployment|deploy|stage"):
                yield k, Things(stages, (deploy, to_environment(envs)), role="deployment", plain=False)
        for k in self.says(
            i, "deployment stage|deploy stage|deployment|deploy|cd stage|delivery stage|rollout"
        ):
            yield k, Things(stages, (deploy,), role="deployment")
        for k in self.says(i, "production|prod|production environment|prod environment"):
            yield k, Things(stages, (production,), role="production", plain=False)
        for k in self.says(i, "approval stage"):
            yield k, Things(stages, (stage_of_type("Approval"),), plain=False)
        for k in self.says(i, "ci build|build stage|ci job|ci run|build"):
            yield k, Things(stages, (stage_of_type("CI"),), plain=False)
        for k in self.says(i, "anything|everything"):
            for _ in self.says(k, "go|be|get|run|deploy|reach|that|which|to|move"):
                yield k, Things(stages, (deploy,), role="deployment")

    @rule
    def environments(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Environments by their names or identifiers, in a list."""
        i = self.skip_all(i, "environment|env")
        for j, first in self._environment(i):
            found, k = [first], j
            while True:
                m = k + 1 if self.is_punct(k, ",/") else k
                m = self.skip(m, "or to|and to|or|and|nor|nor to")
                nxt = self._environment(self.skip(m, "environment|env")) if m > k else []
                if not nxt:
                    break
                k = nxt[0][0]
                found.append(nxt[0][1])
            if len(found) > 1:
                yield self.skip(k, "environment|env"), tuple(found)
            yield self.skip(j, "environment|env"), (first,)

    @rule
    def _environment(self, i: int) -> Iterator[tuple[int, str]]:
        seen = False
        for j, sense in self.senses(i, "environment", names=True):
            seen = True
            yield j, sense.payload
        token = self.token(i)
        if token and not seen and (token.quoted or token.kind == "literal"):
            yield i + 1, token.text

    def _typed_steps(self, i: int) -> Iterator[tuple[int, Things]]:
        step = self.kind(STEPS)
        for j, words in self._step_words(i):
            types, role, alone = words
            k = self.skip_all(
                j, "pipeline step|steps|step|task|scanner step|scanner|scan step|step type|steps type|scan"
            )
            if k > j or alone:
                k = self._apposition(k, types)
                if types is None:
                    yield k, Things(step, (), role=role)
                    continue
                role = role if role != "approval" or k == j else ""
                each = len(types) > 1 and any(t.base in ("and", "both") for t in self.tokens[i:j])
                yield k, Things(step, (of_types(types),), role=role, types=types, plain=False, each_type=each)

    def _apposition(self, k: int, types: tuple[str, ...] | None) -> int:
        """(AquaTrivy or Grype step): names of the same types in brackets change nothing."""
        if not self.is_punct(k, "(") or types is None:
            return k
        m = k + 1
        while True:
            found = [(j, s) for j, s in self.senses(m, "step_type") if s.payload[0] in types]
            if not found:
                return k
            m = self.skip(found[0][0], "step|scan")
            if self.is_punct(m, ")"):
                return m + 1
            n = self.skip(m + 1 if self.is_punct(m, ",/") else m, "or|and")
            if n == m:
                return k
            m = n

    @rule
    def _step_words(self, i: int) -> Iterator[tuple[int, tuple[tuple[str, ...] | None, str, bool]]]:
        """Words in front of "step": (types, role, whether they can stand alone)."""
        for j, first in self._step_word(i):
            types, role, alone = first
            yield j, first
            k, found = j, list(types or ())
            while types is not None:
                m = k + 1 if self.is_punct(k, ",/") else k
                m = self.skip(self.skip_all(m, "step"), "or|nor|/" if role == "scan" else "or|and|nor|/")
                m = self.skip(m, "any|no|to")
                nxt = self._step_word(m) if m > k else []
                if not nxt or nxt[0][1][0] is None:
                    break
                k = nxt[0][0]
                found += nxt[0][1][0]
                alone = alone and nxt[0][1][2]
                yield k, (tuple(dict.fromkeys(found)), role, alone)

    @rule
    def _step_word(self, i: int) -> Iterator[tuple[int, tuple[tuple[str, ...] | None, str, bool]]]:
        facts = self.facts
        for j, sense in self.senses(i, "scan", names=True):
            for k in self.says(j, "scan|scanner|scanning|check|analysis|test|scan step"):
                yield k, (sense.payload[1], "scan", True)
            if sense.payload[0] in ("sast", "sca", "dast"):
                yield j, (sense.payload[1], "scan", True)
        for k in self.says(i, "security scan|scan|security scanner"):
            every = tuple(t for types in facts.scan_steps.values() for t in types)
            if every:
                yield k, (every, "scan", True)
        for j in self.says(i, "image|container image|docker image|pushed image"):
            if facts.image_push_steps and not self.says(j, "push|scan|tag|pull|build|registry"):
                yield j, (facts.image_push_steps, "push", True)
        for j in self.says(
            i, "approval|manual approval|sign-off|signoff|sign off|manual approval gate|approval gate"
        ):
            yield j, (facts.approval_steps or ("HarnessApproval",), "approval", True)
        for j in self.says(i, "image push|push|build and push|container image push|docker push|image build and push"
                              "|image publish"):  # fmt: skip
            if facts.image_push_steps:
                yield j, (facts.image_push_steps, "push", True)
        for j in self.says(i, "deploy|deployment"):
            if facts.deploy_steps and self.says(j, "step"):
                yield j, (facts.deploy_steps, "deploy", False)
        for j, sense in self.senses(i, "step_type"):
            literal = sense.payload[0]
            token = self.tokens[i]
            exact = j == i + 1 and (token.text == literal)
            multi = len(sense.words) > 1
            yield j, (sense.payload, "", (exact and len(literal) > 4) or multi or literal in _ALONE)

    # --- Terraform ---------------------------------------------------------------------------
    def _resources(self, i: int) -> Iterator[tuple[int, Things]]:
        names = {"terraformPlan": ("planned_resources", "resource_changes"),
                 "terraformState": ("instances",), "terraformPlanCost": ("cost_by_type",)}  # fmt: skip
        for j, literals in self._resource_types(i):
            k = self.skip_all(j, "resource|instance")
            k = self._resource_bracket(k, literals)
            for name in names.get(self.entity, ()):
                yield k, self._resource_things(name, literals)
        for words, action in (("deletion|destruction|removal", "delete"), ("creation", "create"), ("update|modification", "update"),
                              ("replacement", "delete")):  # fmt: skip
            for j in self.says(i, words) if self.entity == "terraformPlan" else []:
                yield j, Things(self.kind("resource_changes"), (does(action),), plain=False)
        for j in self.says(i, "resource|terraform resource|cloud resource"):
            for name in names.get(self.entity, ()):
                k = j
                for m, literals in self._resource_types(self.skip(j, "of type|type")):
                    if m > self.skip(j, "of type|type"):
                        yield m, self._resource_things(name, literals)
                yield k, Things(self.kind(name))

    def _resource_things(self, name: str, literals: tuple[str, ...]) -> Things:
        of_type = of_resource(literals, name)
        if name == "instances":  # the type stands on the resource that holds the instances
            return Things(self.kind(name), outer=(of_type,), types=literals, plain=False)
        return Things(self.kind(name), (of_type,), types=literals, plain=False)

    @rule
    def _resource_types(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        for j, first in self._resource_type(i):
            k, found = j, [first]
            yield j, (first,)
            while True:
                k = self._resource_bracket(k, tuple(found))
                m = k + 1 if self.is_punct(k, ",") else k
                m = self.skip(self.skip(m, "or|and"), "a")
                nxt = self._resource_type(m) if m > k else []
                if not nxt:
                    break
                k = nxt[0][0]
                found.append(nxt[0][1])
                yield k, tuple(found)

    @rule
    def _resource_type(self, i: int) -> Iterator[tuple[int, str]]:
        for j, sense in self.senses(i, "resource"):
            yield j, sense.payload
        token = self.token(i)
        if token and token.kind == "literal" and token.text.startswith(("aws_", "google_", "azurerm_")):
            yield i + 1, token.text

    def _resource_bracket(self, k: int, literals: tuple[str, ...]) -> int:
        if self.is_punct(k, "(") and self.is_punct(k + 2, ")") and self.tokens[k + 1].text in literals:
            return k + 3
        return k

    # --- scan results ------------------------------------------------------------------------
    def _findings(self, i: int) -> Iterator[tuple[int, Things]]:
        issue = self.kind("scan_issues")
        for j, levels in self._levels(i):
            k = self.skip(j, "severity|risk|severity level|level")
            for m in self.says(k, FINDINGS):
                yield m, severity(issue, levels)
            if (m_end := self.skip(j, "one")) and (m_end != j or self._ends_here(j)):
                yield m_end, severity(issue, levels)
        references = [t.text.upper() for t in self.tokens[i : i + 8] if t.base.startswith(("cve-", "cwe-"))]
        if references and self.tokens[i].base.startswith(("cve-", "cwe-")):
            for j, names in self._reference_list(i):
                yield j, Things(issue, only=(refers_to(names),), plain=False)
        for k in self.says(i, "finding|vulnerability|security finding|security issue|issue"):
            yield k, Things(issue, role="severity", types=("TOTAL",))

    def _reference_list(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        found: list[str] = []
        k = i
        while (token := self.token(k)) is not None and token.base.startswith(("cve-", "cwe-")):
            found.append(token.text.upper())
            k += 1
            m = k + 1 if self.is_punct(k, ",/") else k
            m = self.skip(m, "or|and|nor")
            if m == k or not (self.token(m) and self.tokens[m].base.startswith(("cve-", "cwe-"))):
                break
            k = m
        yield k, tuple(found)

    def _ends_here(self, j: int) -> bool:
        return (
            j >= self.size
            or self.tokens[j].text in ".,;"
            or self.tokens[j].base in ("be", "together", "and", "or", "plus")
        )

    @rule
    def _levels(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        found: list[str] = []
        k = i
        while (token := self.token(k)) is not None and token.base in SEVERITIES:
            found.append(SEVERITIES[token.base])
            k = self.skip(k + 1, "severity|finding|one")
            yield k, tuple(found)
            m = k + 1 if self.is_punct(k, ",/+") else k
            m = self.skip(m, "or|and|plus")
            if m == k:
                break
            k = m

    # --- SQL ---------------------------------------------------------------------------------
    def _statements(self, i: int) -> Iterator[tuple[int, Things]]:
        for j, pattern in self.sql_words(i):
            k = self.skip(j, "sql statement|statement|query|command|sql|statements")
            yield k, Things(self.kind("statements"), (sql_matches(pattern),), plain=False)

    @rule
    def sql_words(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """SQL verbs with their objects as patterns: DROP TABLE, TRUNCATE, DELETE or UPDATE."""
        first_token, second = self.token(i), self.token(i + 2)
        if (
            first_token
            and second
            and first_token.base in _SQL
            and second.base in _SQL
            and self.says(i + 1, "or|and")
        ):
            for j, shared in self._sql_word(i + 2):  # "alter or drop a column": the object belongs to both
                if r"\s+(" in shared:
                    yield j, (shared, shared.replace(second.base, first_token.base, 1))
        for j, first in self._sql_word(i):
            found, k = [first], j
            while True:
                m = k + 1 if self.is_punct(k, ",/") else k
                m = self.skip(m, "or|and|nor")
                nxt = self._sql_word(m) if m > k else []
                if not nxt:
                    break
                k = nxt[0][0]
                found.append(nxt[0][1])
            if len(found) > 1:
                yield k, tuple(found)
            yield j, (first,)

    @rule
    def _sql_word(self, i: int) -> Iterator[tuple[int, str]]:
        token = self.token(i)
        if token is None:
            return
        verb = token.base if token.kind == "word" else token.text.lower()
        if token.quoted and verb.split() and verb.split()[0] in _SQL:
            yield i + 1, r"(?i)\b" + r"\s+".join(verb.split()) + r"\b"
        if verb in _SQL:
            k = self.skip(i + 1, "any|all|whole|existing")
            objects: list[str] = []
            while (nxt := self.token(k)) is not None and nxt.base in _SQL_OBJECTS:
                objects.append(nxt.base)
                m = self.skip(k + 1 if not self.is_punct(k + 1, ",") else k + 2, "or|and")
                if m == k + 1:
                    k += 1
                    break
                k = m
            if objects:
                yield k, rf"(?i)\b{verb}\s+({'|'.join(objects)})\b"
            elif (nxt := self.token(i + 1)) is not None and nxt.base in ("all", "from", "into"):
                yield i + 2, rf"(?i)\b{verb}\s+{nxt.base}\b"
            else:
                yield i + 1, rf"(?i)\b{verb}\b"

    # --- packages ----------------------------------------------------------------------------
    def _packages(self, i: int) -> Iterator[tuple[int, Things]]:
        if self.entity == "firewall" and self.tokens[i].base.startswith("cve-"):
            for j, names in self._reference_list(i):
                yield j, Things(self.kind("cves"), only=(literal_at(("id",), names, True),), plain=False)
        package = self.kind("packages")
        name = next(f for f in package.fields if f.label == "name")
        licences = next(f for f in package.fields if f.label == "licences")
        for j in self.says(i, "package|dependency|library|component|artifact"):
            j = self.skip(j, "called|named")
            for k, found in self.literals(j, prop_of(package, name)):
                if self.tokens[j].kind == "literal" or self.tokens[j].quoted or "-" in self.tokens[j].text \
                        or k >= self.size or self.tokens[k].base in _AFTER_NAME:  # fmt: skip
                    yield k, Things(package, (tested(prop_of(package, name), "is", found),), plain=False)
        for j, found in self.licences(i):
            k = self.skip(j, "licence")
            for m in self.says(k, "package|dependency|library|component|code|software"):
                yield m, Things(package, (), (tested(prop_of(package, licences), "is", found),), plain=False)
        token = self.token(i)
        odd = token is not None and (
            "-" in token.text or token.base.startswith("log4j") or not is_english(token.text)
        )
        if (
            token
            and not token.base.startswith(("cve-", "cwe-"))
            and (
                token.quoted
                or token.kind == "literal"
                or (token.kind == "word" and odd and not self._known(i))
            )
            and not token.text.isupper()
        ):
            j = self.skip(i + 1, "package|library|dependency")
            yield j, Things(package, (tested(prop_of(package, name), "is", (token.text,)),), plain=False)

    def _known(self, i: int) -> bool:
        from governance.authoring.reading.values import STOP

        token = self.tokens[i]
        if "-" in token.text:
            return False
        return (
            token.base in STOP
            or any(
                next(self.senses(i, c), None) is not None for c in ("noun", "field", "value", "verb", "state")
            )
            or not token.text.isalpha()
            or token.base in _COMMON
        )

    @rule
    def licences(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Licence identifiers in a list: MIT, Apache-2.0 or GPL-3.0."""
        found: list[str] = []
        i = self.skip(i, "either|one of|any of")
        k = i
        while (token := self.token(k)) is not None and _licence(token.text):
            found.append(token.text)
            k = self.skip(k + 1, "licence")
            yield k, tuple(found)
            m = k + 1 if self.is_punct(k, ",/") else k
            m = self.skip(self.skip(m, "or|and|nor|and/or"), "under|the")
            if m == k:
                break
            k = m


_CLASSIFYING = {"type", "childtype", "provisioner", "apikeytype", "status", "severitycode", "reachability",
                "level", "package_manager", "ownertype"}  # fmt: skip
_ALONE = {"Gitleaks", "Semgrep", "Sonarqube", "Checkmarx", "CodeQL", "Bandit", "Snyk", "Grype", "AquaTrivy",
          "Checkov", "Brakeman", "Zap", "Owasp"}  # fmt: skip
_SQL = {"drop", "truncate", "delete", "update", "alter", "grant", "insert", "create", "select", "revoke",
        "rename", "merge"}  # fmt: skip
_SQL_OBJECTS = {"table", "column", "index", "database", "schema", "view", "user", "constraint", "function",
                "procedure", "trigger", "role", "sequence"}  # fmt: skip
_AFTER_NAME = {
    "below",
    "under",
    "older",
    "be",
    "before",
    "must",
    "may",
    "less",
    "in",
    "at",
    "above",
    "newer",
    "have",
    "can",
    "should",
}
_COMMON = {"security", "software", "source", "open", "team", "company", "anything", "everything", "code"}


def _licence(text: str) -> bool:
    import re

    return bool(re.fullmatch(r"(MIT|ISC|BSD|Unlicense|Zlib|CC0|MPL|EPL|GPL|AGPL|LGPL|SSPL|BUSL|WTFPL|Artistic"
                             r"|Apache|CDDL|EUPL|NOASSERTION|NONE|Elastic|CC)([-.][A-Za-z0-9.+-]+)*", text))  # fmt: skip


def _is(at: At, path: tuple[str, ...], literal: str) -> r.Condition:
    return r.Test(value=r.Field(of=at.ref, path=path), op="is", to=(literal,))


def literal_at(path: tuple[str, ...], to: tuple[str, ...], ignore_case: bool = False) -> Pred:
    """The value at a path is one of these."""
    return lambda at: r.Test(value=r.Field(of=at.ref, path=path), op="is", to=to, ignore_case=ignore_case)


def in_production(at: At) -> r.Condition:
    return r.DeploysToProduction(stage=at.ref)


def stage_of_type(literal: str) -> Pred:
    """Stages of a type; one from a template says it in the template's inputs."""

    def pred(at: At) -> r.Condition:
        return r.Any(
            of=(_is(at, ("type",), literal), _is(at, ("template", "templateInputs", "type"), literal))
        )

    return pred


def of_types(types: tuple[str, ...]) -> Pred:
    return lambda at: r.Test(value=r.Field(of=at.ref, path=("type",)), op="is", to=types)


def of_resource(literals: tuple[str, ...], collection: str) -> Pred:
    if collection == "cost_by_type":
        return lambda at: r.Test(value=r.Field(of=at.ref, path=("@key",)), op="is", to=literals)
    return of_types(literals)


def to_environment(identifiers: tuple[str, ...]) -> Pred:
    path = ("spec", "environment", "environmentRef")
    return lambda at: r.Test(
        value=r.Field(of=at.ref, path=path), op="is", to=identifiers, measure="reference"
    )


def severity(issue: Kind, levels: tuple[str, ...]) -> Things:
    names = tuple(level.capitalize() for level in levels)
    return Things(issue, (lambda at: r.Test(value=r.Field(of=at.ref, path=("severityCode",)), op="is", to=names),),
                  role="severity", types=levels, plain=True)  # fmt: skip


def refers_to(names: tuple[str, ...]) -> Pred:
    """The finding names one of these references (CVE or CWE)."""

    def pred(at: At) -> r.Condition:
        inner = at.fresh("reference")
        each = r.Items(of=at.ref, path=("details", "referenceIdentifiers"))
        return r.Exists(each=each, name=inner, where=r.Test(
            value=r.Field(of=inner, path=("id",)), op="is", to=names, ignore_case=True))  # fmt: skip

    return pred


def does(action: str) -> Pred:
    """The change does this to the resource."""

    def pred(at: At) -> r.Condition:
        inner = at.fresh("action")
        each = r.Items(of=at.ref, path=("change", "actions"))
        return r.Exists(each=each, name=inner, where=r.Test(value=r.Field(of=inner), op="is", to=(action,)))

    return pred


def sql_matches(patterns: tuple[str, ...]) -> Pred:
    return lambda at: r.Test(value=r.Field(of=at.ref), op="matches", to=patterns)


def state_pred(kind: Kind, spec: FieldSpec, value: object) -> Pred:
    if value == "@present":
        return tested(prop_of(kind, spec), "present")
    if value is False:
        return negated(tested(prop_of(kind, spec), "is", (True,)))
    return tested(prop_of(kind, spec), "is", (value,))  # type: ignore[arg-type]


__all__ = ["CollectionSpec", "Nouns", "chain", "exists"]
