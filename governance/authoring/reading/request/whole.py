"""A whole request: sentence after sentence, each in the ways it can be taken, and the rule they make together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from governance.authoring.fields.steps import STEP_TYPES
from governance.authoring.reading.meaning.lexicon import Lexicon, lexicon_of
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Things
from governance.authoring.reading.request.candidates import candidates, names_other_document
from governance.authoring.reading.request.compounds import Compounds, at_end
from governance.authoring.reading.request.corrections import corrected, withdrawn
from governance.authoring.reading.request.cuts import halves, headings, splits, without_frames
from governance.authoring.reading.request.ellipsis import filled_gap
from governance.authoring.reading.request.explanations import only_names
from governance.authoring.reading.request.preparing import Sentence, tag_keys
from governance.authoring.reading.request.remarks import remark
from governance.authoring.reading.sentences.forms import Sentences
from governance.authoring.reading.words.tokens import Token

# titles of rules about times
PERIODS = (
    "maintenance window|deployment window|change window|release window|time window|freeze|change freeze|code freeze|deployment freeze"
    "|release freeze|freeze window|freeze period|holiday freeze|opening hour|business hour|office hour"
)
PIPELINE_WORDS = {"pipeline", "stage", "step", "deployment", "deploy", "production", "prod"}


@dataclass(frozen=True)
class Reading:
    """How one kind of entity reads the request: statements, or the sentence it stumbled over."""

    entity: str
    statements: tuple[Statement, ...]
    stuck: Sentence | None = None
    stuck_at: int = 0
    score: int = 0


class Requests(Compounds):
    """Reads requests for one installation."""

    def read(self, text: str) -> list[Reading]:
        """Readings by kind of entity, complete ones first, then those that got furthest."""
        sentences = self.sentences(text)
        self._tag_keys = tag_keys(sentences)
        readings: list[Reading] = []
        waiting = candidates(sentences) or self._by_names(sentences)
        for entity, score in waiting:
            readings.append(self._read_as(entity, sentences, score))
            rivals = entity == "template" and any(e == "pipeline" for e, _ in waiting)
            if readings[-1].stuck is None and not rivals:
                break  # candidates come best first
        whole = {x.entity for x in readings if x.stuck is None}
        # where "template" is something a pipeline uses, the pipeline is what the rule is about
        about_uses = _said(sentences) & PIPELINE_WORDS or _used(sentences)
        second = {"template"} if "pipeline" in whole and about_uses else set()
        return sorted(readings, key=lambda x: (x.stuck is not None, x.entity in second, -x.score))

    def _by_names(self, sentences: list[Sentence]) -> list[tuple[str, int]]:
        """Pipelines, where nothing but an environment is named: what happens there they do."""
        named = {w for s in sentences for t in s.tokens for w in (t.base, t.text.lower())}
        known = {e for f in self.facts.environments for e in (f.identifier.lower(), *f.name.lower().split())}
        kinds = {name.lower() for name in STEP_TYPES if not name.islower() and len(name) > 8}
        return [("pipeline", 1)] if named & (known | kinds) else []

    def _read_as(self, entity: str, sentences: list[Sentence], score: int) -> Reading:
        statements: list[Statement] = []
        topic: Things | None = None
        last: Sentence | None = None
        lexicon = lexicon_of(entity)
        self._earlier: tuple[Things, ...] = ()
        for sentence in sentences:
            self._earlier = tuple(s.subject for s in statements)
            found, furthest = self._read_one(entity, lexicon, sentence, topic, tuple(statements))
            if found is None and withdrawn(sentence):
                found = ()
                if len(sentence.tokens) <= 3:  # "Scratch that." takes back the sentence before
                    statements = [s for s in statements if last is None or s.start != last.start]
            if found is None and statements and self._explains(entity, lexicon, sentence.tokens, topic):
                found = ()
            if found is None and last is not None:
                gap = filled_gap(last.tokens, sentence.tokens)
                found = self._statements(entity, lexicon, gap, topic) if gap else None
                found = found or self._with_verb(entity, lexicon, last.tokens, sentence.tokens)
            last = sentence
            if found is None:
                return Reading(entity, tuple(statements), sentence, furthest, score)
            placed = [replace(s, start=sentence.start, end=sentence.end) for s in found]
            statements += placed
            if placed:
                topic = placed[-1].subject if not placed[-1].permits else topic
        return Reading(entity, tuple(statements), None, 0, score)

    def _read_one(self, entity: str, lexicon: Lexicon, sentence: Sentence, topic: Things | None,
                  before: tuple[Statement, ...]) -> tuple[tuple[Statement, ...] | None, int]:  # fmt: skip
        furthest = 0
        for tokens, heading in self._variants(sentence):
            parser = Sentences(list(tokens), lexicon, self.names, self.facts, entity)
            parser.topic, parser.earlier = topic, self._earlier
            parser.tag_keys = self._tag_keys
            if heading is not None:
                named = self._heading(entity, lexicon, heading)
                if named is None and not self._titles(entity, lexicon, heading, tokens):
                    continue
                if isinstance(named, Things):
                    parser.topic = named
                if named == "sentence":
                    whole = self._joined(entity, lexicon, heading, tokens, topic)
                    if whole is not None:
                        return whole, 0
                    continue
            noted = remark(parser, before)
            if noted is not None:
                return noted, 0
            whole = _whole(parser, heading is not None and isinstance(named, Things))
            if whole is not None:
                return whole, 0
            furthest = max(furthest, self._position(sentence, tokens, parser.furthest))
        whole = self._other_limit(entity, lexicon, sentence.tokens, topic)
        if whole is not None:
            return whole, 0
        for left, right in splits(sentence.tokens):
            whole = self._explained(entity, lexicon, left, right, topic)
            whole = whole or self._joined(entity, lexicon, left, right, topic)
            if whole is not None:
                return whole, 0
        for left, right in halves(sentence.tokens):
            gap = filled_gap(left, right)
            lead, _ = self._read_part(entity, lexicon, sentence, left, topic, before) if gap else (None, 0)
            rest = self._statements(entity, lexicon, gap, None) if gap and lead else None
            if lead and rest:
                return lead + rest, 0
        return None, furthest

    def _read_part(self, entity: str, lexicon: Lexicon, whole: Sentence, tokens: tuple[Token, ...],
                   topic: Things | None, before: tuple[Statement, ...]
                   ) -> tuple[tuple[Statement, ...] | None, int]:  # fmt: skip
        """The first part of a sentence, which may itself have several."""
        part = Sentence(tokens, whole.start, whole.end)
        return self._read_one(entity, lexicon, part, topic, before)

    @staticmethod
    def _position(sentence: Sentence, tokens: tuple[Token, ...], at: int) -> int:
        if at < len(tokens):
            return tokens[at].start
        return sentence.end

    def _titles(
        self, entity: str, lexicon: Lexicon, heading: tuple[Token, ...], rest: tuple[Token, ...]
    ) -> bool:
        one, other = (Sentences(list(t), lexicon, self.names, self.facts, entity) for t in (heading, rest))
        return only_names(one, other)

    def _heading(self, entity: str, lexicon: Lexicon, tokens: tuple[Token, ...]) -> Things | str | None:
        """What stands before a colon: things the rest is about, or a word that adds nothing."""
        parser = Sentences(list(tokens), lexicon, self.names, self.facts, entity)
        things: list[tuple[int, Things]] = parser.things(0)
        other = names_other_document(entity, tokens)  # "environments:" are no references of a pipeline
        for j, thing in things:
            if j == len(tokens):
                return None if other and thing.kind.spec is not None and thing.kind.spec.scalar else thing
        if any(parser.says(j, "rule|policy|check") == [len(tokens)] for j, t in parser.bare(0) if t.plain):
            return "field"  # "Firewall rule:"
        if any(j == len(tokens) for j in parser.says(0, PERIODS)):
            return "field"
        if any(at_end(parser, j) for j, _ in parser.sentence(0)):
            return "sentence"
        for kind in [] if other else parser._all_kinds():
            if any(j == len(tokens) for j, _ in parser.field(0, kind)):
                return "field"
        return None

    def _variants(self, sentence: Sentence) -> Iterator[tuple[tuple[Token, ...], tuple[Token, ...] | None]]:
        """Ways to take a sentence: as it stands, without its introduction, corrected, with a heading."""
        seen: set[tuple[str, ...]] = set()
        for tokens in corrected(sentence.tokens):
            for bare in without_frames(tokens):
                for candidate, heading in headings(bare):
                    mark = (*(t.base for t in candidate), "|", *(t.base for t in heading or ()))
                    if candidate and mark not in seen:
                        seen.add(mark)
                        yield candidate, heading


def _said(sentences: list[Sentence]) -> set[str]:
    """The words of a request; "stage" of a stage template tells what is saved, not where it is used."""
    pairs = ((t, after) for s in sentences for t, after in zip(s.tokens, (*s.tokens[1:], None), strict=True))
    return {t.base for t, after in pairs if after is None or after.base != "template"}


def _used(sentences: list[Sentence]) -> bool:
    """Templates that are used: by pipelines, not when they are saved."""
    said = [t.base for s in sentences for t in s.tokens]
    return "template" in said and ("be", "use") in pairwise(said)


def _whole(parser: Sentences, headed: bool) -> tuple[Statement, ...] | None:
    """The first reading to the end; behind "X steps:" one about X before one about the pipeline."""
    inner = headed and parser.topic is not None and parser.topic.kind.spec is not None
    found: list[tuple[int, tuple[Statement, ...]]] = [
        *(parser._topic_core(0) if inner else ()),
        *parser.sentence(0),
    ]
    return next((statements for end, statements in found if at_end(parser, end)), None)
