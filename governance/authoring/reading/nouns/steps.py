"""Nouns of pipelines: deployments, environments, steps by type and by what they do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.fields.pipeline import STAGE_TYPES
from governance.authoring.fields.steps import STEP_TYPES
from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.relations import has
from governance.authoring.reading.meaning.typed import STEPS, Kind, Pred, Things, both
from governance.authoring.reading.nouns.people import People
from governance.authoring.reading.values.amounts import Comparison
from governance.authoring.reading.values.images import HOSTED, MODALS, at_hosts
from governance.authoring.reading.values.predicates import (
    in_production,
    of_types,
    stage_of_type,
    to_environment,
)
from governance.authoring.reading.values.props import Props, child_type, prop_of
from governance.authoring.reading.values.value_tests import compare, tested
from governance.authoring.reading.words.verbs import ALONE, WORDS_TOO

TYPE_LIKE = re.compile(r"([A-Z][a-z0-9]+){2,}")

# what tells that an environment stands for the deployments to it: staging must be deployed before production
BEING_DEPLOYED = "|".join(
    f"{modal}{verb}"
    for modal in (
        "must ",
        "have to ",
        "should ",
        "need to ",
        "may ",
        "may only ",
        "can only ",
        "must only ",
        "must not ",
        "may not ",
        "must never ",
    )
    for verb in (
        "be deploy",
        "be release",
        "be roll out",
        "come",
        "go out",
        "be deploy to",
        "be update",
        "precede",
        "follow",
    )
)
# words that tell templates that are used from templates that are saved
USING = frozenset("use pipeline stage come build reference link base run".split())


class StepNouns(Props, People):
    """Grammar of the nouns of pipelines."""

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
            placed = i > 0 and self.tokens[i - 1].base in ("before", "after", "between", "once")
            known = next(self.senses(self.skip(i, "environment"), "environment", names=True), None)
            kind_of = bool(self.says(i, "production|prod|live"))  # a type of environments
            if known is not None and not kind_of and (placed or self.says(j, BEING_DEPLOYED)):
                yield j, Things(stages, (deploy, to_environment(envs)), role="deployment", plain=False)
        yield from self._deployments_of(i, stages, deploy)
        for k in self.says(
            i, "deployment stage|deploy stage|deployment|deploy|cd stage|delivery stage|rollout"
        ):
            yield k, Things(stages, (deploy,), role="deployment")
        for k in self.says(i, "production|prod|production environment|prod environment"):
            yield k, Things(stages, (production,), role="production", plain=False)
        for j in self.says(i, "production|prod"):
            for k in self.says(j, "pipeline"):
                stage = Things(stages, (production,), role="production", plain=False)
                document = Things(self.kind("document"), via=(stage,), plain=False)
                yield k, replace(document, only=(has(stage, self.facts),))
        for k in self.says(i, "approval stage"):
            yield k, Things(stages, (stage_of_type("Approval"),), plain=False)
        for k in self.says(i, "ci build|build stage|ci job|ci run|build"):
            yield k, Things(stages, (stage_of_type("CI"),), plain=False)
        for k in self.says(i, "anything|everything"):
            for _ in self.says(k, "go|be|get|run|deploy|reach|that|which|to|move"):
                yield k, Things(stages, (deploy,), role="deployment")

    def _deployments_of(self, i: int, stages: Kind, deploy: Pred) -> Iterator[tuple[int, Things]]:
        """Kubernetes deployments, NativeHelm and ECS deployment stages; a Helm deployment is a step."""
        steps = {end for end, _ in self.senses(i, "step_type")}
        for spec in (f for f in stages.fields if f.path == "spec.deploymentType"):
            prop = prop_of(stages, spec)
            for j, found in self.literals(i, prop) if any(self.senses(i, "value")) else []:
                for k in self.says(j, "deployment stage|deploy stage|deployment"):
                    if k not in steps:
                        kept = tested(prop, "is", found)
                        yield k, Things(stages, (deploy,), (kept,), role="deployment", plain=False)
        for j, sense in self.senses(i, "value"):  # CI pipelines: those with such a stage
            owner, spec, literal = sense.payload
            for k in self.says(j, "pipeline") if owner.name == "stages" and spec.path == "type" else []:
                stage = Things(stages, (stage_of_type(literal),), plain=False)
                yield (
                    k,
                    Things(self.kind("document"), only=(has(stage, self.facts),), via=(stage,), plain=False),
                )

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
        literal = token is not None and token.kind == "literal" and token.text not in STAGE_TYPES
        if token and not seen and (token.quoted or literal):  # a FeatureFlag stage goes nowhere
            yield i + 1, token.text

    def _typed_steps(self, i: int) -> Iterator[tuple[int, Things]]:
        step = self.kind(STEPS)
        for j in self.says(i, "privileged container"):
            flag = next(f for f in step.fields if f.path == "spec.privileged")
            yield j, Things(step, only=(tested(prop_of(step, flag), "is", (True,)),), plain=False)
        yield from self._images_from(i, step)
        for j, words in self._step_words(i):
            types, role, alone = words
            k = self.skip_all(
                j, "pipeline step|steps|step|task|scanner step|scanner|scan step|step type|steps type|scan"
            )
            if k > j or alone:
                k, types = self._apposition(k, types)
                if types is None:
                    yield k, Things(step, (), role=role)
                    continue
                role = role if role != "approval" or k == j else ""
                each = len(types) > 1 and any(t.base in ("and", "both") for t in self.tokens[i:j])
                yield k, Things(step, (of_types(types),), role=role, types=types, plain=False, each_type=each)

    def _images_from(self, i: int, step: Kind) -> Iterator[tuple[int, Things]]:
        """Images from docker.io: the steps that run in one."""
        image = next(f for f in step.fields if f.path == "spec.image")
        for j in self.says(i, "image|container image|docker image|step image"):
            for k in self.says(j, "from|pull from|come from|host on|host at|take from"):
                for m, hosts in self._hosts(self.skip(k, "registry|host")):
                    yield m, Things(step, only=(at_hosts(prop_of(step, image), hosts),), plain=False)

    @rule
    def registries(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """ECR, GAR or GCR: registries by the steps that push to them, in a list."""
        found: list[str] = []
        while (token := self.token(i)) is not None and token.kind == "word":
            steps = [
                t
                for t in self.facts.image_push_steps
                if len(token.text) > 2 and t.endswith(token.text.upper())
            ]
            if not steps:
                return
            found += steps
            i = self.skip(i + 1, "registry")
            yield i, tuple(found)
            k = self.skip(i + 1 if self.is_punct(i, ",/") else i, "or to|and to|or|and|nor")
            if k == i:
                return
            i = k

    def _family(self, i: int) -> Iterator[tuple[int, tuple[tuple[str, ...] | None, str, bool]]]:
        """Terraform steps, Helm steps: every type whose name begins with the word."""
        token = self.token(i)
        known = next(self.senses(i, "step_type"), None) is not None
        if token is not None and not token.quoted and not known and TYPE_LIKE.fullmatch(token.text):
            yield i + 1, ((token.text,), "", False)  # a step type no catalogue knows
        if token is None or token.kind != "word" or len(token.text) < 3 or not self.says(i + 1, "step"):
            return
        if any(next(self.senses(i, c), None) is not None for c in ("noun", "step_type")):
            return
        kin = tuple(t for t in STEP_TYPES if t.lower().startswith(token.base) and t.lower() != token.base)
        if len(kin) > 1:
            yield i + 1, (kin, "", False)

    def _linked(self, i: int) -> Iterator[tuple[int, Things]]:
        """golden_deploy older than 2.0.0: uses of a template by its name, where a version follows."""
        for j in self.says(i, "version|template version"):
            for k, bounds in [
                *self.comparison(j),
                *((k, Comparison((("is", a),))) for k, a in self.amount(j)),
            ]:
                for m in self.says(k, "of template|of"):
                    name = self.token(m)
                    if name is not None and (name.quoted or name.kind == "literal"):
                        link = self.kind("templates_used")
                        ref, version = (
                            next(f for f in link.fields if f.path == p)
                            for p in ("templateRef", "versionLabel")
                        )
                        named = tested(prop_of(link, ref), "is", (name.text,))
                        yield (
                            m + 1,
                            Things(link, (named, compare(prop_of(link, version), bounds)), plain=False),
                        )
        yield from self._at_scope(i)
        start = self.skip(i, "template")
        token = self.token(start)
        if token is None or not (token.quoted or token.kind == "literal") or "." in token.text:
            return
        j = self.skip(start + 1, "template")
        k = self.skip(j, "in version|of version|version|at version|in a version|with version|at|in")
        if any(c.bounds[0][1].unit == "version" for _, c in self.comparison(k)):
            link = self.kind("templates_used")
            ref = next(f for f in link.fields if f.path == "templateRef")
            yield j, Things(link, (tested(prop_of(link, ref), "is", (token.text,)),), plain=False)

    def _at_scope(self, i: int) -> Iterator[tuple[int, Things]]:
        """Account-level templates, templates of the account level: uses of a template of that scope."""
        if self.entity != "pipeline" or not any(t.base in USING for t in self.tokens):
            return
        link = self.kind("templates_used")
        ref = prop_of(link, next(f for f in link.fields if f.path == "templateRef"))
        nouns = "template|stage template|step template|pipeline template"
        for j, pred in self.level(i, ref):
            for k in self.says(j, nouns):
                yield k, Things(link, only=(pred,), plain=False)
        for j in self.says(i, nouns):
            for k, pred in self.level(self.skip(j, "save"), ref):
                yield k, Things(link, only=(pred,), plain=False)

    def _apposition(self, k: int, types: tuple[str, ...] | None) -> tuple[int, tuple[str, ...] | None]:
        """(AquaTrivy or Grype step): brackets that say which of the types are meant."""
        if not self.is_punct(k, "(") or types is None:
            return k, types
        m = self.skip(k + 1, "either|i.e.|i.e|that be|meaning|so")
        named: list[str] = []
        own = len(types) == 1  # container steps (Run, Plugin): what is called so
        while True:
            found = [(j, s) for j, s in self.senses(m, "step_type") if s.payload[0] in types or own]
            if not found:
                return k, types
            named += found[0][1].payload
            m = self.skip(found[0][0], "step|scan")
            if self.is_punct(m, ")"):
                return m + 1, tuple(named)
            n = self.skip(m + 1 if self.is_punct(m, ",/") else m, "or|and")
            if n == m:
                return k, types
            m = n

    def _named_before(self, k: int) -> bool:
        """Whether "the scan" behind a comma speaks of a scan that was just named."""
        token = self.token(k)
        return (
            token is not None and token.article == "the" and token.base in {t.base for t in self.tokens[:k]}
        )

    @rule
    def _step_words(self, i: int) -> Iterator[tuple[int, tuple[tuple[str, ...] | None, str, bool]]]:
        """Words in front of "step": (types, role, whether they can stand alone)."""
        for j, first in self._step_word(i):
            types, role, alone = first
            lists = [(j, first)]
            k, found = j, list(types or ())
            while types is not None:
                m = k + 1 if self.is_punct(k, ",/") else k
                m = self.skip(self.skip_all(m, "step"), "or|nor|/" if role == "scan" else "or|and|nor|/")
                m = self.skip(m, "any|no|to")
                nxt = self._step_word(m) if m > k and not self._named_before(m) else []
                if not nxt or nxt[0][1][0] is None:
                    break
                mixed = nxt[0][1][1] != role and "approval" in (role, nxt[0][1][1])
                if mixed and self.tokens[m - 1].base == "and":
                    break  # a plan and an approval of any kind are two requirements
                k = nxt[0][0]
                found += nxt[0][1][0]
                alone = alone and nxt[0][1][2]
                lists.append((k, (tuple(dict.fromkeys(found)), role, alone)))
            either = not any(t.base == "and" for t in self.tokens[i:k])
            yield from reversed(lists) if either else lists  # A or B in a later step: the whole list first

    @rule
    def _step_word(self, i: int) -> Iterator[tuple[int, tuple[tuple[str, ...] | None, str, bool]]]:
        facts = self.facts
        for j, sense in self.senses(i, "scan", names=True):
            for k in self.says(j, "scan|scanner|scanning|check|analysis|test|scan step|detection"):
                yield k, (sense.payload[1], "scan", True)
            if sense.payload[0] in ("sast", "sca", "dast"):
                yield j, (sense.payload[1], "scan", True)
        for k in self.says(i, "security scan|scan|security scanner"):
            every = tuple(t for types in facts.scan_steps.values() for t in types)
            if every:
                yield k, (every, "scan", True)
        for j in self.says(i, "image|container image|docker image|pushed image"):
            # Where an image comes from is said of the ones that steps run in.
            comes = self.says(self.skip(j, MODALS), HOSTED)
            owned = [
                n
                for k in self.says(j, "of|in|for")
                for n in self.says(self.skip(k, "every|each|all|any"), "step")
            ]
            if (
                facts.image_push_steps
                and not comes
                and not owned
                and not self.says(j, "push|scan|tag|pull|build|registry")
            ):
                yield j, (facts.image_push_steps, "push", True)
        for j in self.says(
            i,
            "approval|manual approval|human approval|go-ahead|sign-off|signoff|sign off|manual approval gate|approval gate",
        ):
            yield j, (facts.approval_steps or ("HarnessApproval",), "approval", True)
        for j in self.says(i, "image push|push|build and push|container image push|docker push|image build and push|image build|container build|docker build"
                              "|image publish"):  # fmt: skip
            if facts.image_push_steps:
                yield j, (facts.image_push_steps, "push", True)
        for j in self.says(i, "deploy|deployment"):
            if facts.deploy_steps and self.says(j, "step"):
                yield j, (facts.deploy_steps, "deploy", False)
        yield from self._family(i)
        for j, sense in self.senses(i, "step_type"):
            literal = sense.payload[0]
            token = self.tokens[i]
            exact = j == i + 1 and (token.text == literal)
            multi = len(sense.words) > 1
            role = "approval" if multi and sense.words[-1] == "approval" else ""  # a Jira approval
            yield j, (sense.payload, role, (exact and literal not in WORDS_TOO) or multi or literal in ALONE)

    def _step_template(self, i: int) -> Iterator[tuple[int, Things]]:
        """Shell-script step templates, stage templates of type Custom."""
        if self.entity != "template":
            return
        for j in self.says(i, "step template"):
            for k in self.says(j, "of type|of step type|with type|with step type|for"):
                for m, (types, _, _) in self._step_words(k):
                    if types:
                        yield self.skip(m, "step"), self._of_held("Step", types)
        for j, (types, _, _) in self._step_words(i):
            for k in self.says(j, "step template|template") if types else []:
                yield k, self._of_held("Step", types or ())
        for j in self.says(i, "stage template"):
            for k in self.says(j, "of type|of stage type|with type|with stage type|for"):
                yield from (
                    (self.skip(m, "stage"), self._of_held("Stage", t)) for m, t in self.stage_types(k)
                )
        for j, types in self.stage_types(i):
            for k in self.says(j, "stage template"):
                yield k, self._of_held("Stage", types)

    def _of_held(self, what: str, types: tuple[str, ...]) -> Things:
        """Templates of a step or stage of one of these types."""
        document = self.kind("document")
        kind = next(prop_of(document, f) for f in document.fields if f.path == "type")
        held = both(tested(kind, "is", (what,)), tested(child_type(document), "is", types))
        return Things(document, only=(held,), plain=False)

    def stage_types(self, i: int) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Custom, CI or Approval: types of stages, in a list."""
        for j, sense in self.senses(i, "value"):
            owner, spec, literal = sense.payload
            if owner.name != "stages" or spec.path != "type":
                continue
            yield j, (literal,)
            k = self.skip(j + 1 if self.is_punct(j, ",/") else j, "or|and|nor")
            for m, more in self.stage_types(k) if k > j else []:
                yield m, (literal, *more)
