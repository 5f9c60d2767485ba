"""What people do to things, and what is done to them by whom: run a pipeline, "may only be edited by"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from governance.authoring.reading.base import rule
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Things, both, negated
from governance.authoring.reading.nouns.people import EVERYBODY_BUT
from governance.authoring.reading.sentences.forbidding import Forbidding
from governance.authoring.reading.values.predicates import acts, deployment, literal_at
from governance.authoring.reading.values.value_tests import tested
from governance.authoring.reading.words.sentences import ACTIONS, DONE, MODALS
from governance.authoring.reading.words.verbs import RESULTS

# what people do to resources, as the actions of a plan
EVERY = ("create", "update", "delete")
DOES: dict[str, tuple[str, ...]] = {
    "create": ("create",), "add": ("create",), "make": ("create",), "provision": ("create",), "launch": ("create",),
    "delete": ("delete",), "destroy": ("delete",), "remove": ("delete",), "update": ("update",), "modify": ("update",),
    "edit": ("update",), "alter": ("update",), "change": EVERY, "touch": EVERY, "manage": EVERY, "maintain": EVERY,
}  # fmt: skip


class Actions(Forbidding):
    """Grammar of what is done to things."""

    @rule
    def _action_on(self, i: int) -> Iterator[tuple[int, Things]]:
        """Run a pipeline that …; deploy to production; touch production."""
        if self.entity in RESULTS:
            for j in self.says(
                i, "go on|continue|proceed|go ahead|run it|apply it|run them|apply them|do it|do this|do so"
            ):
                yield j, Things(self.kind("document"))
        for j in self.says(i, ACTIONS):
            if self.tokens[j - 1].base == "approve" and self.entity in ("pipeline", "template"):
                continue  # what an approval step allows, not who acts
            if self.tokens[j - 1].text.lower().endswith("ing"):
                j = self.skip(j, "of")  # the saving of pipelines
            k = self.skip(self.skip(j, "or|and"), ACTIONS)
            for start in {j, k}:
                made = self.entity == "terraformPlan" and self.tokens[start - 1].base in DOES
                found = self.things(start)  # what somebody makes changes; what there will be does not
                for m, thing in (
                    sorted(found, key=lambda t: t[1].kind.name != "resource_changes") if made else found
                ):
                    yield m, self._brought(start, thing)
                yield from self._those(start)
                deploying = self.tokens[start - 1].base in ("deploy", "ship") and self.entity == "pipeline"
                what = Things(self.kind("stages"), (deployment,), role="deployment") if deploying else None
                for m in self.says(start, "anything|something|everything|whatever"):
                    yield from self.post(m, what or Things(self.kind("document")))
        if self.entity in ("pipeline", "template"):
            for j in self.says(i, "deploy|release|ship|roll out|run|deploy anything|do deploy|push|make change"
                                  "|run deployment|start deployment|be allow to deploy"):  # fmt: skip
                base = next((t for k, t in self._deployments(j - 1) if t.role == "deployment"), None)
                base = base or Things(self.kind("stages"), (deployment,), role="deployment")
                for k in self.says(j, "to|into|in|on"):
                    for m, thing in self._production_or_env(k, base):
                        yield m, thing
                yield j, Things(self.kind("stages"), (deployment,), role="deployment")

    def _those(self, i: int) -> Iterator[tuple[int, Things]]:
        """(Run) the ones tagged release, those that deploy: pipelines are meant."""
        acting = i > 0 and self.tokens[i - 1].base in ("run", "execute", "start", "save")
        for j in self.says(i, "those|one") if self.entity == "pipeline" and acting else []:
            yield from ((k, t) for k, t in self.post(j, Things(self.kind("document"))) if k > j and t.only)

    def _object_action(self, k: int) -> Iterator[tuple[int, Statement]]:
        """Nobody may use the tag latest when pushing images: a field of steps of some kind."""
        for j in self.says(k, "use|set|put|have|give|choose|push"):
            if self.entity not in ("pipeline", "template"):
                continue
            step = self.kind("all_steps")
            for m, prop in self.field(j, step):
                for n, found in self.literals(m, prop):
                    for p in self.says(n, "when|while|for|on|if|in"):
                        for q, (_, via) in self._pushing(self.skip(p, "you|they|we"), self.kind("document")):
                            yield (
                                q,
                                Statement(replace(via[0], none=False), negated(tested(prop, "is", found))),
                            )
                        for q, thing in self.things(p):
                            if thing.kind.name == step.name:
                                yield q, Statement(thing, negated(tested(prop, "is", found)))

    def _acting(self, m: int) -> Iterator[int]:
        """(Only X may) edit, create or change them: what was named before is what they act on."""
        for j in self.says(m, ACTIONS):
            k = self.skip(j + 1 if self.is_punct(j, ",/") else j, "or|and|and/or")
            if k > j:
                yield from self._acting(k)
            end = self.skip(j, "it|them|these|those|this|one")
            if end >= self.size or self.is_punct(end, ".;,"):
                yield end

    def _done(self, k: int) -> Iterator[int]:
        """Positions after what is done: be created, changed or deleted."""
        for m in self.says(k, DONE):
            yield m
            following = self.skip(m + 1 if self.is_punct(m, ",") else m, "or|and|and/or")
            for n in self.says(following, ACTIONS) if following > m else []:
                yield n
                yield from self._done_more(n)

    def _brought(self, m: int, thing: Things) -> Things:
        """Flags that are killed or archived: those that come to be so, not every flag that is saved."""
        planned = thing.kind.name == "planned_resources" and not thing.only
        if self.entity == "terraformPlan" and (planned or thing.kind.name == "resource_changes"):
            return self._changed(m, thing)
        wanted = {"kill": "KILLED", "archive": "ARCHIVED"}.get(self.tokens[m - 1].base)
        if self.entity != "featureFlag" or wanted is None or thing.kind.spec is not None:
            return thing
        return thing.narrowed(literal_at(("status",), (wanted,)))

    def _as_changes(self, m: int, thing: Things) -> bool:
        """Whether the same phrase is better read as changes: what is said of planned resources narrows those too."""
        made = self.entity == "terraformPlan" and self.tokens[m - 1].base in DOES
        return made and thing.kind.name == "planned_resources" and bool(thing.only)

    def _changed(self, m: int, thing: Things) -> Things:
        """VPCs somebody creates or deletes: the changes of a plan, not what there will be anyway."""
        done: list[str] = []
        k = m - 1
        while k >= 0 and (self.tokens[k].base in (*DOES, "or", "and", "be") or self.is_punct(k, ",/")):
            done += [self.tokens[k].base] if self.tokens[k].base in DOES else []
            k -= 1
        if not done:
            return thing
        apart = len(set(done)) > 1  # create or change: an update is meant
        actions = tuple(
            dict.fromkeys(
                a for verb in done for a in (("update",) if apart and verb == "change" else DOES[verb])
            )
        )
        return replace(
            thing, kind=self.kind("resource_changes"), base=(*thing.base, acts(actions)), plain=False
        )

    def _done_more(self, m: int) -> Iterator[int]:
        following = self.skip(m + 1 if self.is_punct(m, ",") else m, "or|and|and/or")
        for n in self.says(following, ACTIONS) if following > m else []:
            yield n
            yield from self._done_more(n)

    def _done_by_only(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """X may only be edited by G; X may be started by G and by nobody else; X must be run by G."""
        for j, thing in self.things(i):
            for k in self.says(j, MODALS):
                only = self.skip(k, "only|exclusively")
                for m in self._done(only):
                    if self._as_changes(m, thing):
                        continue
                    brought = self._brought(m, thing)
                    m2 = self.skip(m, "only|exclusively")
                    for n in self.says(m2, "by"):
                        for p, who in self.who(self.skip(n, "only|somebody in|someone in|member of")):
                            if thing.none:  # no X may be changed by anybody except G
                                yield p, (Statement(replace(brought, none=False, how_many=()), negated(who)),)
                                continue
                            comma = p + 1 if self.is_punct(p, ",(") else p
                            closed = self.says(comma, "only|exclusively|alone|and by nobody else|and nobody else|and by no one else|by nobody else"
                                                      "|and no one else|nobody else|no one else|and by no other|and not by anyone else")  # fmt: skip
                            for q in (q for q in closed if not self.times_follow(q)):
                                yield self._close(p, q), (Statement(brought, who),)
                            for q in self.says(
                                comma, "and never by|and not by|never by|but not by|but never by"
                            ):
                                for s, other in self.who(q):
                                    yield s, (Statement(brought, both(who, negated(other))),)
                            strong = self.tokens[j].base in ("must", "have", "should", "need", "shall")
                            if (
                                only > k
                                or m2 > m
                                or self.says(n, EVERYBODY_BUT)
                                or (strong and self.tokens[k - 1].base != "not")
                            ):
                                yield p, (Statement(brought, who),)
