"""Verdicts: the predicates that say something is refused, made of a modal, "be" or "get", and a verb."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.base import rule
from governance.authoring.reading.verbs.phrases import Verbs
from governance.authoring.reading.words.sentences import FORBID, FORBIDDEN
from governance.authoring.reading.words.verbs import RESULTS

REFUSED = (
    "block|deny|reject|refuse|forbid|ban|prohibit|disallow|stop|decline|veto|turn down|turn away|throw out"
    "|send back|kick out|rule out|turn back|bounce|bounce back|outlaw|bar|keep out|halt|abort|shut out|knock back"
)
PARTICIPLES = frozenset("rejected blocked denied refused stopped forbidden banned prohibited failed".split())
ACCEPTED = (
    "allow|permit|accept|acceptable|accepted|ok|okay|fine|good|welcome|tolerate|support|possible|valid|legal|want|wanted"
    "|use|save|create|edit|change|store|sync|be use|be save|be create|be edit|be change|be accept|be allow|be permit|be there"
    "|be present|be possible|be tolerate|be set|exist|happen|occur|appear|show up|turn up|ship|pass|come in|go through"
    "|go in|get in|get through|be let through|be let in|be find|be ship|be merge|be deploy|be sync|be deliver|be release"
    "|be make|be define|be add|be take|be give|be pull in|be include|be run|be execute|be apply|be see|be fine|be ok|be okay"
)
INTOLERANT = (
    "zero tolerance for|no tolerance for|refrain from|say no to|no place for|put end to|break|break on|break if|impossible to"
    "|do away with|steer clear of|stay away from|nobody need"
)
SURELY = (
    "always|never|immediately|outright|automatically|all|also|simply|straight away|right away|at once|ever"
)
CHANGING = {
    "create",
    "change",
    "edit",
    "add",
    "make",
    "update",
    "delete",
    "destroy",
    "replace",
    "touch",
    "modify",
}
SUCH = "expensive|risky|dangerous|long|large|big|much|many|high|old|weak|broad|wide|late|early|slow|short|small|low|costly|dear"
MUST = "must|have to|should|shall|will|need to|be to|ought to|can|may|would"


STOPPING = ("block", "stop", "fail", "break", "abort", "halt")
RUNS = (
    "pipeline",
    "run",
    "build",
    "deployment",
    "release",
    "plan",
    "pipeline run",
    "apply",
    "step",
    "scan",
    "stage",
    "job",
)


class Verdicts(Verbs):
    """Grammar of refusals."""

    @rule
    def forbidden(self, i: int) -> Iterator[tuple[int, None]]:
        """The positions after "is not allowed", "must be turned down", "gets refused", "is too expensive"."""
        seen: set[int] = set()
        for j in (*self.says(i, FORBIDDEN), *self._refused(i), *self._not_accepted(i), *self._stops(i),
                  *self._in_short(i)):  # fmt: skip
            k = self.skip(
                j,
                "any more|either|anywhere|by anyone|by anybody|in any way|right away|again|outright|here|around here|in our company|with us",
            )
            for m in (j, k, *self._in_document(j)):
                if m not in seen:
                    seen.add(m)
                    yield m, None

    def _in_short(self, i: int) -> Iterator[int]:
        """More than 2 critical findings -> fail; GPL packages: blocked."""
        arrow = next(
            (sign for sign in ("->", "=>") if all(self.is_punct(i + n, c) for n, c in enumerate(sign))), ""
        )
        k = i + len(arrow) if arrow else i + 1 if self.is_punct(i, ":→") else i
        for j in self.says(self.skip(k, "be"), REFUSED + "|fail|no|break build|error") if k > i else []:
            j = self.skip(j, "|".join(RUNS))
            if j >= self.size or self.is_punct(j, ".;,"):
                yield j

    def _ends_subject(self, i: int) -> bool:
        """Whether a predicate or nothing follows, so that what stands before is no part of a noun phrase."""
        token = self.token(i)
        return token is None or token.kind == "punct" or token.base in ("be", "get") or self.skip(i, MUST) > i

    def _in_document(self, i: int) -> Iterator[int]:
        """... as secrets, in any SBOM, through the firewall: the kind of thing itself, which adds nothing."""
        for j in self.says(i, "in|of|inside|within|into|on|through|as|for|past"):
            for k, thing in self.things(j):
                if thing.plain and thing.kind.spec is None and not thing.none:
                    yield k

    def _says_more(self, k: int) -> bool:
        """Whether the verb in front of k is one of its own: what a plan creates is not all that there is."""
        return self.entity == "terraformPlan" and self.tokens[k - 1].base in CHANGING

    def _forbidding(self, i: int) -> Iterator[int]:
        """The positions after what forbids the thing that follows: block, there shall be no, zero tolerance for."""
        seen: set[int] = set()
        for j in (
            *self.says(i, FORBID + "|no|not any|zero|" + INTOLERANT),
            *self._none_there(i),
            *self._impossible(i),
        ):
            if j not in seen:
                seen.add(j)
                yield j

    def _none_there(self, i: int) -> Iterator[int]:
        for j in self.says(i, "there"):
            for k in self.says(self.skip(j, MUST), "not be|never be|be no|be not|be never"):
                yield self.skip(k, "any|a single|no|ever")

    def _impossible(self, i: int) -> Iterator[int]:
        """It should be impossible to save X; it must not be possible to save X."""
        j = self.skip(self.skip(self.skip(i, "it"), MUST), "not")
        negated = j > i and self.tokens[j - 1].base == "not"
        for k in self.says(
            j, "be possible|be allow|be permit" if negated else "be impossible|be not possible|be forbid"
        ):
            yield from self.says(
                k,
                "to|for anyone to|for anybody to|for user to|for people to|that somebody|that someone|that anyone",
            )

    def _stops(self, i: int) -> list[int]:
        """Block the pipeline, must fail the build: what a finding, a package or a resource does to the run."""
        if self.entity not in RESULTS:
            return []
        k = self.skip(i, MUST + "|always")
        return self.says(k, "|".join(f"{verb} {what}" for verb in STOPPING for what in RUNS) + "|block")

    def _refused(self, i: int) -> Iterator[int]:
        modal = self.skip(i, MUST)
        yield from (
            self.says(
                modal, "fail|not go through|not proceed|not continue|not get through|not be let through"
            )
            if modal > i
            else ()
        )
        token = self.token(i)
        if token is not None and token.text.lower() in PARTICIPLES:  # (we want) results rejected when ...
            k = i + 1
            if (
                k >= self.size
                or self.is_punct(k, ",.;")
                or self.says(k, "if|when|whenever|unless|as soon as|where")
            ):
                yield k
        j = self.skip(self.skip(i, MUST + "|to"), SURELY)
        for k in self.says(j, "be|get"):
            yield from self.says(self.skip(k, SURELY), REFUSED)
            for m in self.says(k, "too"):
                yield from self.says(m, SUCH)
            yield from self.says(
                k, "violation|a violation|no-no|a no-no|no-go|mistake|taboo|unacceptable|unwanted|undesirable"
            )

    def _not_accepted(self, i: int) -> Iterator[int]:
        for j in {self.skip(i, MUST), *self.says(i, "be|get|do")}:
            if j == i:
                continue
            for k in self.says(j, "not|never"):
                k = self.skip(k, "ever|longer|be|get")
                for m in (*self.says(k, ACCEPTED), *self.says(self.skip(k, "be to"), ACCEPTED)):
                    if not self._says_more(m):
                        yield m
                for m in [
                    k,
                    *self.says(k, "be part|be|end up|land|get|be list|be contain|be include|be mention"),
                ]:
                    yield from self._in_document(m) if m > k or self.tokens[k - 1].base == "be" else ()

    def accepted(self, i: int) -> Iterator[int]:
        """The positions after "may be used", "are allowed", "should show up in our SBOM"."""
        for j in self.says(self.skip(i, MUST), "be|be find|be use") if self.skip(i, MUST) > i else []:
            yield from self._in_document(j)  # may be in the SBOM
        for j in (self.skip(i, MUST), *self.says(i, "be|get")):
            for k in self.says(j, ACCEPTED) if j > i else []:
                if self._says_more(k):
                    continue
                yield k
                yield from self._in_document(k)
                if self.tokens[k - 1].base == "pass":  # pass the firewall
                    yield from (
                        m for m, t in self.things(k) if t.plain and t.kind.spec is None and not t.none
                    )
