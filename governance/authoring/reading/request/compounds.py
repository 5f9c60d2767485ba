"""Sentences of two parts, of which the second goes on, limits, explains or leaves its verb out."""

from __future__ import annotations

from dataclasses import replace

from governance.authoring.reading.meaning.lexicon import Lexicon
from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Things
from governance.authoring.reading.request.cuts import splits, without_frames
from governance.authoring.reading.request.ellipsis import VERBS, filled_gap
from governance.authoring.reading.request.explanations import explains
from governance.authoring.reading.request.preparing import Preparing
from governance.authoring.reading.request.remarks import remark
from governance.authoring.reading.request.standing import standing_at
from governance.authoring.reading.sentences.forms import Sentences
from governance.authoring.reading.words.tokens import Token

EXCEPT = "except for|except|other than|apart from|unless they be|unless it be|with exception of|except those|besides"
WHICH_MAY = (
    "which may have|which may be|which can have|which may wait|which may take|which may run|which may last|which may use|they may have|those may have"
    "|these may have|which may go|which can be|which can wait|which can run|which can take|they may wait|they may take|those may take|which be allow|which get"
    "|which have|which need|where it may be|there it may be|those can have|they can have|which may contain|those may contain|which may|they may|those may"
)


class Compounds(Preparing):
    """Reads sentences of two parts."""

    _tag_keys: dict[str, str]
    _earlier: tuple[Things, ...]

    def _other_limit(self, entity: str, lexicon: Lexicon, tokens: tuple[Token, ...], topic: Things | None
                     ) -> tuple[Statement, ...] | None:  # fmt: skip
        """At most 8, except X, which may have up to 12: the exception, and a limit of its own."""
        for left, right in splits(tokens):
            end = next((e for e, _ in standing_at(right, 0, WHICH_MAY)), 0)
            at = next((n for n in range(len(left) - 1, 0, -1) if any(standing_at(left, n, EXCEPT))), 0)
            if not end or not at or not any(t.kind == "number" for t in right):
                continue
            start = next(e for e, _ in standing_at(left, at, EXCEPT))
            gap = filled_gap(left[:at], (*left[start:], *right[end:]))
            lead = self._statements(entity, lexicon, left, topic)
            rest = self._statements(entity, lexicon, gap, topic) if gap and lead else None
            if lead and rest:
                return lead + rest
        return None

    def _explained(self, entity: str, lexicon: Lexicon, left: tuple[Token, ...], right: tuple[Token, ...],
                   topic: Things | None) -> tuple[Statement, ...] | None:  # fmt: skip
        """X has to be ours, so its url must be …: the second part says what the first means."""
        said = "so|i.e.|i.e|that be|which mean that|which mean|meaning that|that mean"
        end = next((e for e, _ in standing_at(right, 0, said)), 0)
        if not end:
            return None
        parser = Sentences(list(left), lexicon, self.names, self.facts, entity)
        subject = next((t for j, t in parser.things(0) if parser.says(j, "have to|must|should|need to")
                        and parser._only_known(j, parser.size)), None)  # fmt: skip
        if subject is None or any(t.kind in ("literal", "number") for t in left):
            return None
        meant = Sentences(list(right[end:]), lexicon, self.names, self.facts, entity)
        for j, (pred, _) in meant.objects(0, subject.kind):  # "that is at least one rollback step"
            if at_end(meant, j):
                return (Statement(subject, pred),)
        return self._statements(entity, lexicon, right[end:], subject)

    def _joined(self, entity: str, lexicon: Lexicon, left: tuple[Token, ...], right: tuple[Token, ...],
                topic: Things | None) -> tuple[Statement, ...] | None:  # fmt: skip
        """Two parts of a sentence that each stand for themselves; the second may be a remark."""
        lead = next(
            (s for t in without_frames(left) if (s := self._statements(entity, lexicon, t, topic))), None
        )
        if not lead:
            return None
        parser = Sentences(list(right), lexicon, self.names, self.facts, entity)
        parser.topic, parser.tag_keys = lead[-1].subject, self._tag_keys
        before = self._earlier
        self._earlier = parser.earlier = (*before, *(s.subject for s in lead))
        noted = remark(parser, lead)
        if noted is not None:
            self._earlier = before
            return lead + noted
        rest = self._statements(entity, lexicon, right, lead[-1].subject)
        if rest is None:
            gap = filled_gap(left, right)
            rest = self._statements(entity, lexicon, gap, None) if gap else None
            rest = rest or self._with_verb(entity, lexicon, left, right)
            rest = rest or self._about_its_end(entity, lexicon, left, right, lead[-1].subject)
        self._earlier = before
        if rest is None and self._explains(entity, lexicon, right, lead[-1].subject):
            return lead
        return lead + rest if rest else None

    def _with_verb(self, entity: str, lexicon: Lexicon, left: tuple[Token, ...], right: tuple[Token, ...]
                   ) -> tuple[Statement, ...] | None:  # fmt: skip
        """Names must be written in X; identifiers in Y: "must be" of the first is said again."""
        modal = next((t for t in left if t.base in ("must", "should", "shall")), None)
        if modal is None or any(t.base in (*VERBS, "not", "no") for t in right) or not 3 <= len(right) <= 12:
            return None
        be = replace(modal, text="be", base="be")
        tries = ((*right[:n], modal, be, *right[n:]) for n in range(len(right) - 1, 0, -1))
        return next((found for t in tries if (found := self._statements(entity, lexicon, t, None))), None)

    def _about_its_end(self, entity: str, lexicon: Lexicon, left: tuple[Token, ...], right: tuple[Token, ...],
                       subject: Things) -> tuple[Statement, ...] | None:  # fmt: skip
        """X needs a budget, and it may not exceed N; X needs an artifact, and its tag must …: what stood last."""
        parser = Sentences(list(left), lexicon, self.names, self.facts, entity)
        for n in range(len(left) - 1, 0, -1):
            if right[0].base in ("it", "they") and right[1:]:
                if any(at_end(parser, j) for j, _ in parser.field(n, subject.kind)):
                    return self._statements(entity, lexicon, (*left[n:], *right[1:]), subject)
            elif right[0].article in ("its", "their"):
                owned = next((t for j, t in parser.bare(n) if at_end(parser, j) and t.kind.spec), None)
                if owned is not None:
                    return self._statements(entity, lexicon, right, owned)
        return None

    def _explains(
        self, entity: str, lexicon: Lexicon, tokens: tuple[Token, ...], topic: Things | None
    ) -> bool:
        parser = Sentences(list(tokens), lexicon, self.names, self.facts, entity)
        parser.topic, parser.tag_keys = topic, self._tag_keys
        return explains(parser)

    def _statements(self, entity: str, lexicon: Lexicon, tokens: tuple[Token, ...], topic: Things | None
                    ) -> tuple[Statement, ...] | None:  # fmt: skip
        parser = Sentences(list(tokens), lexicon, self.names, self.facts, entity)
        parser.topic, parser.tag_keys, parser.earlier = topic, self._tag_keys, self._earlier
        return next((found for end, found in parser.sentence(0) if at_end(parser, end)), None)


def at_end(parser: Sentences, end: int) -> bool:
    while end < parser.size and parser.tokens[end].kind == "punct" and parser.tokens[end].text in ",-)":
        end += 1
    return end >= parser.size
