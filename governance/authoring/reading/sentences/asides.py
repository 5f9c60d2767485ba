"""Remarks inside a sentence that change nothing: the same in other words, for every case, in brackets."""

from __future__ import annotations

from collections.abc import Iterator

from governance.authoring.reading.meaning.adjuncts import Adjuncts
from governance.authoring.reading.meaning.typed import Prop, Things
from governance.authoring.reading.verbs.verdicts import MUST, Verdicts
from governance.authoring.reading.words.sentences import FORBIDDEN

# what ends a time of day, which no value of a field does
NO_VALUES = frozenset("time utc gmt cet hour o'clock day week month weekday weekend".split())

NOT_BLANK = (
    "neither of them may be blank|neither of them may be empty|none of them may be blank|none of them may be empty|neither may be blank"
    "|neither may be empty|they may not be blank|they may not be empty|they must not be blank|they must not be empty|they must not be missing"
    "|it may not be blank|it may not be empty|it must not be blank|it must not be empty|none may be empty|none may be blank"
    "|neither of two may be empty|neither of two may be blank|neither of them can be blank|neither of them can be empty"
    "|they can not be blank|they can not be empty|it can not be blank|it can not be empty|neither can be empty|it have to be non-empty"
    "|neither of these may be blank|neither of these may be empty|both have to be fill|both must be fill|both have to be non-empty"
)


class Asides(Verdicts):
    """Grammar of remarks inside a sentence."""

    def _value_said(self, i: int, prop: Prop, found: tuple[object, ...]) -> bool:
        """Whether another value of the field was asked for in front, so that these are out anyway."""
        said: set[object] = set()
        for n in range(i):
            token = self.tokens[n]
            own = any(s.payload[1] == prop.spec for _, s in self.senses(n, "value"))
            named = token.kind == "literal" or token.quoted or any(True for _ in self._from_facts(n, prop))
            plain = n == i - 1 and token.base not in NO_VALUES
            if own or named or plain:
                said |= {value for end, values in self.literals(n, prop) if end <= i for value in values}
        return bool(said) and not said & set(found)

    def _remarks(self, i: int, comma: int, subject: Things) -> Iterator[tuple[int, Adjuncts]]:  # noqa: C901 - the alternatives of one grammar rule
        """Remarks that change nothing: that it holds for every case, or the same in other words."""
        if self.is_punct(i, "("):
            for k in range(i + 2, min(i + 14, self.size)):
                if self.is_punct(k, ")"):
                    if self._only_field(i + 1, k, subject):
                        break
                    if (
                        self._harmless(i + 1, k)
                        or self._said_before(i, k)
                        or self._named_again(i, k, subject)
                    ):
                        yield k + 1, Adjuncts()
                    break
        for j in self.says(self.skip(comma, "and|but"), NOT_BLANK):
            yield self._close(i, j), Adjuncts()
        joint = self.skip(comma, "and|but")
        named = self.token(joint)
        joint += bool(named is not None and joint > i and named.base in self.tag_keys)
        for j in (
            self.says(
                self.skip(joint, "it|they|none of them|all of them"),
                "must not be|may not be|can not be|should not be",
            )
            if joint > i
            else []
        ):
            for k in self.says(
                j, "empty|blank|null|missing|empty or blank|blank or empty|left empty|leave empty|leave blank"
            ):
                yield self._close(i, k), Adjuncts()  # what must be there must not be blank anyway
        if comma > i or i == comma:
            for j in self.says(comma, "and that go for|and same go for|that go for|same go for|this go for|and this apply to|this apply to"
                                      "|and that include|that include|and this include|this include|and it include|and that cover|and that mean"
                                      "|and do count|do count|count|counting|and count|check every text|check everywhere|look everywhere"
                                      "|use|prefer|take|rather use|instead use|we prefer|we want|it live on"
                                      "|- only and - or-later|both - only and - or-later|both only and or-later|and everything in it"
                                      "|after security scan|after scan|as early as|so that|because|since|as we|for|and also for"):  # fmt: skip
                if self.tokens[comma].base in (
                    "use",
                    "count",
                    "for",
                    "take",
                    "prefer",
                    "since",
                    "because",
                ) and not self.is_punct(i, ",-:("):
                    continue
                k = j
                while k < self.size and not self.is_punct(k, ".;,)-"):
                    k += 1
                if k - j <= 12 and self._harmless(j, k):
                    yield self._close(i, k), Adjuncts()
        for j in self.says(comma, "whichever|whatever|no matter|regardless of|not even|even|irrespective of|even if"
                                  "|even when|include|also|independent of|i.e.|i.e|that be to say|in other word"
                                  "|meaning|be it"):  # fmt: skip
            k = j
            while k < self.size and not self.is_punct(k, ".;,)-"):
                k += 1
            if k - j <= 14 and self._only_known(j, k):
                yield self._close(i, k), Adjuncts()

        for j in self.says(comma, "if|when|where|whenever|in case|as long as"):
            for k in self.says(
                j,
                "it be|they be|it be use|they be use|it be include|they be include|it appear|they appear|it be present",
            ):
                for m in self._in_document(k):
                    yield self._close(i, m), Adjuncts()
        positive = not any(t.base in ("not", "never", "no", "nobody") for t in self.tokens[:i])
        for j in (
            self.says(comma, "not|never|and not|and never|rather than|instead of")
            if positive and comma > i
            else self.says(i, "and not|and never|rather than|instead of")
            if positive
            else []
        ):
            start = self.skip(j, "from|in|on|to|by|with|via|through|over|under|at|use|via")
            if next(self.senses(start, "group", names=True), None) is not None:
                continue  # not by contractors: people are no value of a field
            for spec in subject.kind.fields:
                prop = self._grouped(subject.kind, spec)
                for k, found in (
                    self.literals(start, prop) if prop.type in ("text", "reference", "version") else []
                ):
                    if (k >= self.size or self.is_punct(k, ".;,)")) and self._value_said(i, prop, found):
                        yield self._close(i, k), Adjuncts()
        for j in self.says(comma, "nowhere else|and nowhere else|and only there|not day more|not minute more|not hour more|not cent more"
                                  "|not one more|and not more|nobody else|and nobody else|no one else|and no one else"):  # fmt: skip
            yield self._close(i, j), Adjuncts()
        name_before = any(
            end == i
            for start in range(max(0, i - 4), i)
            for kind in ("environment", "group", "role")
            for end, _ in self.senses(start, kind, names=True)
        )
        if i and (
            name_before
            or self.tokens[i - 1].kind in ("literal", "number")
            or any(True for _ in self.senses(i - 1, "value"))
        ):
            for j in self.says(
                comma,
                "nothing else|no other|no others|and nothing else|and no other|anything else be wrong|only|exclusively",
            ):
                if (
                    j >= self.size
                    or self.is_punct(j, ",.;:)")
                    or self.tokens[j - 1].base not in ("only", "exclusively")
                ):
                    yield self._close(i, j), Adjuncts()
        for j in self.says(comma, "otherwise|or else|if not|else"):
            k = self.skip(j, "it|they|that|pipeline|run|save|this")
            for m in self.says(
                k,
                FORBIDDEN
                + "|stop|block|deny|reject|refuse|stop build|stop pipeline|fail|be block|can not run|may not run|must not run|will not run|will not be save|will fail",
            ):
                yield self._close(i, m), Adjuncts()
        yield from self._examples(i, comma)
        for j in self.says(
            comma,
            "when they be push|when be push|when it be push|when push|when you push them|when we push them",
        ):
            yield self._close(i, j), Adjuncts()
        for j in self.says(comma, "and that go for one create inside module|and that go for|as well|too|in module too"
                                  "|also in module|each of them|everywhere|in total|altogether|together|anywhere"
                                  "|in any form|for any reason|at any time|any more|no exception|without exception"
                                  "|rollback include|include rollback|rollback step include|rollback step too|rollback too|also in rollback|and in rollback|rollback as well"
                                  "|in same pipeline|of same pipeline|within same pipeline|in that pipeline|in all case|no matter which scope|whatever the scope|regardless of scope|in whatever scope|with or without scope prefix"
                                  "|so reject it|so reject them|reject it|reject them|so block it|so block them|block it|block them|deny it|deny them|so deny them"
                                  "|please|thanks|on save|on every save|today"):  # fmt: skip
            yield self._close(i, j), Adjuncts()

    def _examples(self, i: int, comma: int) -> Iterator[tuple[int, Adjuncts]]:
        """..., like DB_HOST; ..., at least one: what the words in front say already."""
        if not self.is_punct(i, ",("):
            return
        for j in self.says(comma, "like|e.g.|e.g|such as|for example|for instance|as in"):
            for k in range(j + 1, min(j + 6, self.size + 1)):
                said = self.tokens[j:k]
                shown = all(
                    t.kind == "literal" or t.quoted or t.base in ("or", "and") or t.text == "," for t in said
                )
                if shown and (k >= self.size or self.is_punct(k, ".;)")):
                    yield self._close(i, k), Adjuncts()
        for j in self.says(comma, "at least one|one at least|one or more"):
            if j >= self.size or self.is_punct(j, ".;)"):
                yield self._close(i, j), Adjuncts()

    def _only_field(self, j: int, k: int, subject: Things) -> bool:
        """Whether brackets name a field that was not said in front: it says which value is meant."""
        j = self.skip(j, "its|their|the|by its|by their")
        for end, sense in self.senses(j, "field"):
            owner, spec = sense.payload
            if end == k and owner == subject.kind and spec.path not in ("identifier", "name"):
                return not any(s.payload[1] == spec for n in range(j) for _, s in self.senses(n, "field"))
        return False

    def _named_again(self, i: int, k: int, subject: Things) -> bool:
        """(storage_encrypted) behind "must be encrypted": the attribute that was spoken of, by its own name."""
        token = self.token(i + 1)
        if k != i + 2 or token is None or token.kind != "literal":
            return False
        said = [s.payload[1] for n in range(i) for c in ("state", "field") for _, s in self.senses(n, c)]
        named = [f for f in subject.kind.fields if f.parts and f.parts[-1] == token.text]
        return any(f.label == spec.label for f in named for spec in said)

    def filled(self, i: int) -> list[int]:
        """Positions after "both must have a value", "neither may be blank": presence holds that already."""
        j = self.skip(
            i,
            "both of them|neither of them|none of them|all of them|both|neither|none|they|it|each|each of them|all|either",
        )
        k = self.skip(j, MUST)
        if k == j:
            return []
        none = self.tokens[j - 1].base in ("neither", "none") or (
            j > i and self.tokens[i].base in ("neither", "none")
        )
        n = self.skip(k, "not|never")
        if none or n > k:
            return self.says(
                n, "be empty|be blank|be null|be missing|be leave empty|be leave blank|be empty or blank"
            )
        return self.says(
            k, "have value|be set|be fill|be fill in|be give|be present|be non-empty|have content|hold value"
        )

    def _said_before(self, i: int, k: int) -> bool:
        """Whether the brackets from i to k only name literals that words in front stand for."""
        named = {t.text for t in self.tokens[i + 1 : k] if t.kind == "literal" or t.quoted}
        said = {s.payload[2] for n in range(i) for _, s in self.senses(n, "value")}
        return bool(named) and named <= said

    def _harmless(self, j: int, k: int) -> bool:
        """Known words that neither demand nor forbid anything and name no literal."""
        said = self.tokens[j:k]
        return self._only_known(j, k) and not any(
            t.kind in ("literal", "number")
            or t.quoted
            or t.base
            in (
                "must",
                "may",
                "not",
                "no",
                "never",
                "only",
                "have",
                "should",
                "can",
                "unless",
                "except",
                "if",
                "when",
            )
            for t in said
        )

    def _only_known(self, j: int, k: int) -> bool:
        from governance.authoring.reading.words.function_words import KNOWN

        known = self.lexicon.all_words() | self.names.all_words() | KNOWN
        return all(t.kind != "word" or all(w in known for w in t.words) for t in self.tokens[j:k])
