"""A whole request: its sentences, what introduces them, corrections, and the kind of thing it is about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from governance.authoring.facts import Facts
from governance.authoring.fields import KINDS
from governance.authoring.reading import vocabulary as v
from governance.authoring.reading.base import phrases
from governance.authoring.reading.explanations import explains, only_names
from governance.authoring.reading.lexicon import EMPTY_WORDS, Lexicon, facts_lexicon, key, lexicon_of
from governance.authoring.reading.meaning import Statement, Things
from governance.authoring.reading.remarks import remark
from governance.authoring.reading.sentences import Sentences
from governance.authoring.reading.tokens import Token, repair, tokenize
from governance.authoring.reading.value_words import STOP
from governance.authoring.reading.words import CORRECTIONS, FILLERS, FRAMES, KNOWN, WITHDRAWN

ENDS = ".;!?"
# things that are saved one at a time: a rule about them names them
SAVED = frozenset(
    "service environment infrastructure connector secret variable override workspace template apiKey "
    "serviceAccount repository featureFlag token gitopsApplication".split()
)
# titles of rules about times
PERIODS = (
    "maintenance window|deployment window|change window|release window|time window|freeze|change freeze|code freeze|deployment freeze"
    "|release freeze|freeze window|freeze period|holiday freeze|opening hour|business hour|office hour"
)
PIPELINE_WORDS = {"pipeline", "stage", "step", "deployment", "deploy", "production", "prod"}
# kinds of things that are only meant where one of these words is said
GATES = {
    "firewall": {"firewall", "upstream", "cvss", "oss", "registry", "proxy"},
    "terraformState": {"state"},
    "apiKey": {"api"},
}


@dataclass(frozen=True)
class Sentence:
    """Tokens of one sentence and the part of the request they come from."""

    tokens: tuple[Token, ...]
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """How one kind of entity reads the request: statements, or the sentence it stumbled over."""

    entity: str
    statements: tuple[Statement, ...]
    stuck: Sentence | None = None
    stuck_at: int = 0
    score: int = 0


@lru_cache(maxsize=1)
def _all_words() -> tuple[str, ...]:
    words: set[str] = set(KNOWN)
    for entity in KINDS:
        words |= lexicon_of(entity).all_words()
    for module in _grammar_texts():
        words |= {w for phrase in module.split("|") for w in key(phrase)}
    return tuple(sorted(w for w in words if len(w) > 3 and w.isalpha()))


def _grammar_texts() -> Iterator[str]:
    """Phrases of the grammar modules, so that their words can be repaired to as well."""
    from governance.authoring.reading import amounts, verb_words
    from governance.authoring.reading import sentence_words as said

    yield from (FILLERS, FRAMES, CORRECTIONS)
    yield from (w for w, _ in (*amounts.BEFORE, *amounts.AFTER))
    yield from (said.FORBID, said.FORBIDDEN, said.ALLOWED, said.ACTIONS, said.MODALS)
    yield from (verb_words.HAVE, verb_words.INSIDE, "approval|between|before|anybody|somebody")


class Requests:
    """Reads requests for one installation."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.names = facts_lexicon(facts)
        self._known = frozenset(_all_words()) | self.names.all_words()
        self._vocabulary = [w for w in _all_words()] + [
            w for w in self.names.all_words() if len(w) > 3 and w.isalpha()
        ]

    # --- preparing ---------------------------------------------------------------------------
    def sentences(self, text: str) -> list[Sentence]:
        """The sentences of a request with spelling repaired and fillers taken out."""
        tokens = repair(tokenize(text), lambda w: w in self._known, self._vocabulary)
        out: list[Sentence] = []
        current: list[Token] = []
        for n, token in enumerate(tokens):
            if token.kind == "punct" and token.text in ENDS and not self._inside_brackets(tokens, n):
                out += _sentence(current)
                current = []
            else:
                current.append(token)
        return out + _sentence(current)

    @staticmethod
    def _inside_brackets(tokens: list[Token], n: int) -> bool:
        depth = 0
        for token in tokens[:n]:
            depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind == "punct" else 0
        return depth > 0

    # --- reading -----------------------------------------------------------------------------
    def read(self, text: str) -> list[Reading]:
        """Readings by kind of entity, complete ones first, then those that got furthest."""
        sentences = self.sentences(text)
        self._tag_keys = _tag_keys(sentences)
        readings: list[Reading] = []
        waiting = self.candidates(sentences)
        for entity, score in waiting:
            readings.append(self._read_as(entity, sentences, score))
            rivals = entity == "template" and any(e == "pipeline" for e, _ in waiting)
            if readings[-1].stuck is None and not rivals:
                break  # candidates come best first
        whole = {x.entity for x in readings if x.stuck is None}
        # where "template" is something a pipeline uses, the pipeline is what the rule is about
        words = {t.base for s in sentences for t in s.tokens}
        second = {"template"} if "pipeline" in whole and words & PIPELINE_WORDS else set()
        return sorted(readings, key=lambda x: (x.stuck is not None, x.entity in second, -x.score))

    def candidates(self, sentences: list[Sentence]) -> list[tuple[str, int]]:
        """Kinds of entities a request may be about, with how much of it points to them."""
        scored = []
        words = [w for s in sentences for t in s.tokens for w in t.words]
        for entity in KINDS:
            score = _score(entity, words)
            if entity in GATES and not GATES[entity] & set(words):
                continue
            if entity in SAVED and not _names_document(entity, words):
                continue
            if score:
                scored.append((entity, score))
        if "codebase" in words:  # only pipelines have one
            scored = [e for e in scored if e[0] in ("pipeline", "template")]
        if "firewall" in words and "sbom" not in words:  # packages are what passes it, not what it is about
            scored = [e for e in scored if e[0] != "sbom"]
        scored.sort(key=lambda e: -e[1])
        likely = scored[0][1] / 2 if scored and scored[0][0] in SAVED else 0
        return [e for e in scored[:7] if e[1] >= likely]

    def _read_as(self, entity: str, sentences: list[Sentence], score: int) -> Reading:
        statements: list[Statement] = []
        topic: Things | None = None
        last: Sentence | None = None
        lexicon = lexicon_of(entity)
        self._earlier: tuple[Things, ...] = ()
        for sentence in sentences:
            self._earlier = tuple(s.subject for s in statements)
            found, furthest = self._read_one(entity, lexicon, sentence, topic, tuple(statements))
            if found is None and _withdrawn(sentence):
                found = ()
                if len(sentence.tokens) <= 3:  # "Scratch that." takes back the sentence before
                    statements = [s for s in statements if last is None or s.start != last.start]
            if found is None and statements and self._explains(entity, lexicon, sentence.tokens, topic):
                found = ()
            if found is None and last is not None:
                gap = _filled_gap(last.tokens, sentence.tokens)
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
        for left, right in _splits(sentence.tokens):
            whole = self._explained(entity, lexicon, left, right, topic)
            whole = whole or self._joined(entity, lexicon, left, right, topic)
            if whole is not None:
                return whole, 0
        for left, right in _halves(sentence.tokens):
            gap = _filled_gap(left, right)
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

    def _other_limit(self, entity: str, lexicon: Lexicon, tokens: tuple[Token, ...], topic: Things | None
                     ) -> tuple[Statement, ...] | None:  # fmt: skip
        """At most 8, except X, which may have up to 12: the exception, and a limit of its own."""
        for left, right in _splits(tokens):
            end = next((e for e, _ in _standing_at(right, 0, WHICH_MAY)), 0)
            at = next((n for n in range(len(left) - 1, 0, -1) if any(_standing_at(left, n, EXCEPT))), 0)
            if not end or not at or not any(t.kind == "number" for t in right):
                continue
            start = next(e for e, _ in _standing_at(left, at, EXCEPT))
            gap = _filled_gap(left[:at], (*left[start:], *right[end:]))
            lead = self._statements(entity, lexicon, left, topic)
            rest = self._statements(entity, lexicon, gap, topic) if gap and lead else None
            if lead and rest:
                return lead + rest
        return None

    def _explained(self, entity: str, lexicon: Lexicon, left: tuple[Token, ...], right: tuple[Token, ...],
                   topic: Things | None) -> tuple[Statement, ...] | None:  # fmt: skip
        """X has to be ours, so its url must be …: the second part says what the first means."""
        said = "so|i.e.|i.e|that be|which mean that|which mean|meaning that|that mean"
        end = next((e for e, _ in _standing_at(right, 0, said)), 0)
        if not end:
            return None
        parser = Sentences(list(left), lexicon, self.names, self.facts, entity)
        subject = next((t for j, t in parser.things(0) if parser.says(j, "have to|must|should|need to")
                        and parser._only_known(j, parser.size)), None)  # fmt: skip
        if subject is None or any(t.kind in ("literal", "number") for t in left):
            return None
        meant = Sentences(list(right[end:]), lexicon, self.names, self.facts, entity)
        for j, (pred, _) in meant.objects(0, subject.kind):  # "that is at least one rollback step"
            if _at_end(meant, j):
                return (Statement(subject, pred),)
        return self._statements(entity, lexicon, right[end:], subject)

    def _joined(self, entity: str, lexicon: Lexicon, left: tuple[Token, ...], right: tuple[Token, ...],
                topic: Things | None) -> tuple[Statement, ...] | None:  # fmt: skip
        """Two parts of a sentence that each stand for themselves; the second may be a remark."""
        lead = next(
            (s for t in _without_frames(left) if (s := self._statements(entity, lexicon, t, topic))), None
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
            gap = _filled_gap(left, right)
            rest = self._statements(entity, lexicon, gap, None) if gap else None
            rest = rest or self._with_verb(entity, lexicon, left, right)
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
        return next((found for end, found in parser.sentence(0) if _at_end(parser, end)), None)

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
        for j, thing in things:
            if j == len(tokens):
                return thing
        if any(j == len(tokens) for j in parser.says(0, PERIODS)):
            return "field"
        if any(_at_end(parser, j) for j, _ in parser.sentence(0)):
            return "sentence"
        for kind in parser._all_kinds():
            if any(j == len(tokens) for j, _ in parser.field(0, kind)):
                return "field"
        return None

    def _variants(self, sentence: Sentence) -> Iterator[tuple[tuple[Token, ...], tuple[Token, ...] | None]]:
        """Ways to take a sentence: as it stands, without its introduction, corrected, with a heading."""
        seen: set[tuple[str, ...]] = set()
        for tokens in self._corrected(sentence.tokens):
            for bare in _without_frames(tokens):
                for candidate, heading in _headings(bare):
                    mark = (*(t.base for t in candidate), "|", *(t.base for t in heading or ()))
                    if candidate and mark not in seen:
                        seen.add(mark)
                        yield candidate, heading

    def _corrected(self, tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
        """Sentences in which somebody corrected themselves, with the correction put in place."""
        at = _phrase_at(tokens, CORRECTIONS)
        if at is None:
            yield tokens
            return
        start, end = at
        while (more := _phrase_at(tokens[end:], CORRECTIONS)) is not None and more[0] <= 1:
            end += more[1]
        left, right = list(tokens[:start]), list(tokens[end:])
        while left and left[-1].kind == "punct" and left[-1].text in ",-.":
            left.pop()
        while right and right[0].kind == "punct" and right[0].text in ",-:":
            right.pop(0)
        if not right:
            return
        yield from _put_right(left, right)


def _without_articles(tokens: list[Token]) -> list[Token]:
    """Tokens without empty words; what stood behind an article remembers it."""
    kept: list[Token] = []
    article = ""
    for t in tokens:
        if (
            t.kind == "literal"
            or t.quoted
            or t.base not in EMPTY_WORDS
            or (t.text.isupper() and len(t.text) > 1)
        ):
            kept.append(replace(t, article=article) if article else t)
            article = ""
        else:
            article = {"an": "a", "a": "a", "the": "the", "its": "its", "their": "their"}.get(t.base, article)
    return kept


def _withdrawn(sentence: Sentence) -> bool:
    """Whether somebody took back what they had begun to say: "... scratch that"."""
    tokens = sentence.tokens
    return any(e == len(tokens) for n in range(len(tokens)) for e, _ in _standing_at(tokens, n, WITHDRAWN))


def _put_right(left: list[Token], right: list[Token]) -> Iterator[tuple[Token, ...]]:
    """The correction in place of what it corrects: first where the two look alike, then anywhere."""
    for end in range(len(left), 0, -1):  # "deployment stages need ..., I meant CI stages": the same noun
        start = end - len(right)
        if start >= 0 and len(right) > 1 and left[end - 1].base == right[-1].base:
            yield (*left[:start], *right, *left[end:])
    for cut in range(len(left) - 1, -1, -1):  # a number for a number, "from B" for "from A"
        same = left[cut].base == right[0].base
        if same or (left[cut].kind == right[0].kind and right[0].kind in ("number", "literal")):
            yield (*left[:cut], *right)
    if right[0].article or any(t.base in ("least", "most", "more") for t in right[:2]):
        for cut in range(len(left), 0, -1):  # "must have a tag ..., I mean a description": another object
            if left[cut - 1].base in ("have", "need", "require", "contain", "use", "define"):
                yield (*left[:cut], *right)
    if any(t.base in SAYING_MORE for t in right):
        yield tuple(right)
    for cut in range(len(left), 0, -1):
        yield (*left[:cut], *right)


def _sentence(tokens: list[Token]) -> list[Sentence]:
    kept = _without_articles(tokens)
    kept = _without(kept, FILLERS)
    while kept and kept[-1].kind == "punct" and kept[-1].text in ",-:":
        kept.pop()
    while kept and kept[0].kind == "punct" and kept[0].text in ",-:)":
        kept.pop(0)
    if not kept:
        return []
    return [Sentence(tuple(kept), tokens[0].start, tokens[-1].end)]


def _matches_at(tokens: Sequence[Token], i: int, phrase: tuple[str, ...]) -> int:
    """The position after a phrase at i, 0 where it does not stand there."""
    words: list[str] = []
    for j in range(i, min(len(tokens), i + len(phrase))):
        if tokens[j].quoted:
            return 0
        words += tokens[j].words
        if len(words) >= len(phrase):
            return j + 1 if tuple(words) == phrase else 0
    return 0


def _standing_at(tokens: Sequence[Token], i: int, text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The phrases that stand at a position, longest first, with the position after them."""
    for phrase in phrases(text).get(tokens[i].words[0], ()) if i < len(tokens) else ():
        if end := _matches_at(tokens, i, phrase):
            yield end, phrase


def _without(tokens: list[Token], empty: str) -> list[Token]:
    out: list[Token] = []
    i = 0
    while i < len(tokens):
        end = next((e for e, _ in _standing_at(tokens, i, empty)), 0)
        if end:
            i = end
        else:
            out.append(tokens[i])
            i += 1
    return out


def _phrase_at(tokens: tuple[Token, ...], wanted: str) -> tuple[int, int] | None:
    """The first place where one of the phrases stands, after a comma, dash or the beginning."""
    for i in range(len(tokens)):
        free = i == 0 or (tokens[i - 1].kind == "punct" and tokens[i - 1].text in ",-.(…")
        if not free:
            continue
        for end, phrase in _standing_at(tokens, i, wanted):
            single = len(phrase) == 1 and phrase[0] in ("no", "rather", "wait", "sorry", "correction")
            if end and not (single and (i == 0 or (end < len(tokens) and tokens[end].text not in ",-:"))):
                return i, end
    return None


def _without_frames(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """The sentence without its introduction first, then as it stands."""
    rest = tokens
    shorter: list[tuple[Token, ...]] = []
    for _ in range(4):
        end = next((e for e, _ in _standing_at(rest, 0, FRAMES)), 0)
        if not end or end >= len(rest):
            break
        rest = rest[end:]
        while rest and rest[0].kind == "punct" and rest[0].text in ",:-":
            rest = rest[1:]
        shorter.append(rest)
    yield from reversed(shorter)
    yield tokens


def _headings(tokens: tuple[Token, ...]) -> Iterator[tuple[tuple[Token, ...], tuple[Token, ...] | None]]:
    if not any(t.kind == "punct" and t.text == ":" for t in tokens):
        yield tokens, None
    for n, token in enumerate(tokens):
        if token.kind == "punct" and token.text in ":" and 0 < n <= 7:
            rest = tokens[n + 1 :]
            must = replace(token, text="must", base="must", kind="word")
            be = replace(token, text="be", base="be", kind="word")
            yield rest, tokens[:n]
            yield (*tokens[:n], *rest), None
            yield (*tokens[:n], must, *rest), None
            yield (*tokens[:n], must, be, *rest), None
            yield (*tokens[:n], must, replace(token, text="have", base="have", kind="word"), *rest), None
            break
    yield tokens, None


def _splits(tokens: tuple[Token, ...]) -> Iterator[tuple[tuple[Token, ...], tuple[Token, ...]]]:
    """The sentence in two at a comma, a dash or a colon, later ones first."""
    depth = 0
    for n in range(len(tokens) - 1, 0, -1):
        token = tokens[n]
        depth += {")": 1, "(": -1}.get(token.text, 0) if token.kind == "punct" else 0
        if token.kind == "punct" and token.text in ",-:" and not depth and n + 1 < len(tokens):
            rest = tokens[n + 1 :]
            yield tokens[:n], rest
            if rest[0].base in ("and", "but", "so") and len(rest) > 1:
                yield tokens[:n], rest[1:]


def _filled_gap(left: tuple[Token, ...], right: tuple[Token, ...]) -> tuple[Token, ...] | None:
    """Y for 7 days, all others in X, after Z must be valid for 30 days: the verb of the first is taken over."""
    modal = next((n for n, t in enumerate(left) if t.base in VERBS), 0)
    kind = "number" if any(t.kind == "number" for t in right) else "literal"
    first = next((n for n, t in enumerate(left) if n > modal and t.kind == kind), 0)
    named = sum(t.kind == kind for t in left[:modal])  # "for prod_eu" belongs to what is spoken of
    places = [n for n, t in enumerate(right) if t.kind == kind]
    second = places[named] if named < len(places) else 0
    if not (first and modal and second) or any(t.base in VERBS for t in right):
        return None
    subject = list(right[:second])
    bound: list[Token] = []
    while subject and (subject[-1].base in BEFORE_VALUE or subject[-1].text in ":,"):
        bound.insert(0, subject.pop())
    verb = left[modal:first]
    sides = _upper(verb), _upper(tuple(bound))
    if None not in sides and sides[0] != sides[1]:  # A at least 2, B at most 5: each has a bound of its own
        while verb and verb[-1].base in BEFORE_VALUE:
            verb = verb[:-1]
        own = tuple(t for t in bound if t.text not in ":,")
        verb = (*(t for t in verb if t.base != "not"), *own)
    while subject and first > modal and subject[-1].base == left[first - 1].base:
        subject.pop()
    of = next((n for n, t in enumerate(left[:modal]) if t.base in VALUE_OF), 0)
    if of and len(subject) > 1 and subject[0].base in VALUE_OF:  # the timeout of X must be 1d, for Y 2h
        subject = [*left[: of + 1], *subject[1:]]
    tail = left[first + 1 :]
    after = right[second + 1 :]
    return (*subject, *verb, right[second], *(after or tail))


def _upper(words: tuple[Token, ...]) -> bool | None:
    """Whether a bound is one from above; None where no bound is said."""
    said = {t.base for t in words}
    high, low = bool(said & HIGH), bool(said & LOW)
    return None if high == low else high != bool(said & {"not", "no"})


def _halves(tokens: tuple[Token, ...]) -> Iterator[tuple[tuple[Token, ...], tuple[Token, ...]]]:
    """The sentence in two at an "and" behind which numbers stand."""
    for n in range(len(tokens) - 2, 1, -1):
        if tokens[n].base in ("and", "while", "whereas") and any(t.kind == "number" for t in tokens[n:]):
            yield tokens[:n], tokens[n + 1 :]


EXCEPT = "except for|except|other than|apart from|unless they be|unless it be|with exception of|except those|besides"
WHICH_MAY = (
    "which may have|which may be|which can have|which may wait|which may take|which may run|which may last|which may use|they may have|those may have"
    "|these may have|which may go|which can be|which can wait|which can run|which can take|they may wait|they may take|those may take|which be allow|which get"
    "|which have|which need|where it may be|there it may be|those can have|they can have|which may contain|those may contain|which may|they may|those may"
)
VERBS = ("may", "must", "can", "should", "be", "need", "have", "require")
# without one of these a correction is no sentence of its own
SAYING_MORE = frozenset(
    "must may can should shall have be need require block deny forbid refuse reject ban no not never only allow permit use".split()
)
VALUE_OF = ("of", "for", "on", "in")
HIGH = frozenset("most less under below up maximum".split())
LOW = frozenset("least more over above exceed minimum".split())
BEFORE_VALUE = frozenset(
    "not no under over above below for at to of by most least up in on from with through than more less only".split()
)


@lru_cache(maxsize=64)
def _hints(entity: str) -> frozenset[str]:
    return frozenset(w for p in v.HINTS.get(entity, "").split("|") for w in key(p))


def _score(entity: str, words: list[str]) -> int:
    score = 0
    lexicon = lexicon_of(entity)
    i = 0
    if any(tuple(words[i : i + len(p)]) == p for i in range(len(words)) for p in _document_nouns(entity)):
        score += 3
    while i < len(words):
        best = 0
        for sense in lexicon.at(words[i : i + 6], "noun"):
            weight = 4 if sense.payload.spec is None else 2
            score += weight + len(sense.words)
            best = max(best, len(sense.words))
            break
        if not best and next(lexicon.at(words[i : i + 6], "field"), None) is not None:
            score += 1
        if (
            entity.startswith("terraform")
            and next(lexicon.at(words[i : i + 6], "resource"), None) is not None
        ):
            score += 2
        if words[i] in _hints(entity):
            score += 2
        i += max(best, 1)
    return score


def _tag_keys(sentences: list[Sentence]) -> dict[str, str]:
    """Keys that stand beside the word tag anywhere in the request."""
    out: dict[str, str] = {}
    for sentence in sentences:
        for n, token in enumerate(sentence.tokens):
            if token.base == "tag":
                listed = _listed(sentence.tokens[n + 1 :])
                for near in (*sentence.tokens[max(0, n - 1) : n], *sentence.tokens[n + 1 : n + 3], *listed):
                    if near.kind != "punct" and near.base not in NO_KEYS | STOP:
                        out[near.base] = near.text
    return out


NO_KEYS = frozenset("tag call name and or".split())


def _listed(tokens: Sequence[Token]) -> Iterator[Token]:
    """The words of a list: owner, team and tier."""
    for n, token in enumerate(tokens):
        joint = token.base in NO_KEYS or token.text in (",", ":")
        if not joint and n and not (tokens[n - 1].base in NO_KEYS or tokens[n - 1].text in (",", ":")):
            return
        if not joint:
            yield token


def _names_document(entity: str, words: list[str]) -> bool:
    return any(tuple(words[i : i + len(p)]) == p for i in range(len(words)) for p in _document_nouns(entity))


@lru_cache(maxsize=64)
def _document_nouns(entity: str) -> tuple[tuple[str, ...], ...]:
    said = v.NOUNS.get(entity, {}).get("document") or KINDS[entity].label
    said += "|" + v.KINDS_BY_TYPE[entity] if entity in v.KINDS_BY_TYPE else ""
    return tuple(key(p) for p in said.split("|"))


def _whole(parser: Sentences, headed: bool) -> tuple[Statement, ...] | None:
    """The first reading to the end; behind "X steps:" one about X before one about the pipeline."""
    inner = headed and parser.topic is not None and parser.topic.kind.spec is not None
    found: list[tuple[int, tuple[Statement, ...]]] = [
        *(parser._topic_core(0) if inner else ()),
        *parser.sentence(0),
    ]
    return next((statements for end, statements in found if _at_end(parser, end)), None)


def _at_end(parser: Sentences, end: int) -> bool:
    while end < parser.size and parser.tokens[end].kind == "punct" and parser.tokens[end].text in ",-)":
        end += 1
    return end >= parser.size
