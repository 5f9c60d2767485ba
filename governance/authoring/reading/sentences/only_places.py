"""What is allowed in some places alone: "auto-sync is only allowed in X", "DROP TABLE may only be used in Y"."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Pred, Things
from governance.authoring.reading.sentences.permissions import Permissions
from governance.authoring.reading.values.predicates import on_document
from governance.authoring.reading.values.value_tests import tested

DOING = "use|enable|activate|turn on|switch on|set|create|save|define|make|grant"
ALLOWING = (
    "allow|permit|ok|okay|fine|acceptable|accept|possible|legal|tolerate|welcome",
    "be only {0}|be {0} only",
)
ALONE = "|".join(
    [
        *(form.format(word) for word in ALLOWING[0].split("|") for form in ALLOWING[1].split("|")),
        *(
            form.format(modal, word)
            for modal, word in product(("may", "can", "should", "must"), DOING.split("|"))
            for form in ("{0} only be {1}", "{0} be {1} only")
        ),
        "may only exist|may only appear|may exist only|may only happen|can only exist|should only exist|belong only",
    ]
)
ALSO = "|".join(
    [
        *(f"be {word}" for word in ALLOWING[0].split("|")),
        *(f"{modal} be {word}" for modal, word in product(("may", "can"), DOING.split("|"))),
        "may exist",
    ]
)


class OnlyPlaces(Permissions):
    """Grammar of what only some documents may be or have."""

    def _only_in_place(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """X is only allowed in Y; X is allowed in Y only: whatever is X has to be in Y."""
        if self.entity in ("pipeline", "template"):
            return
        yield from self._value_there(i)
        for j, subject in self._restricted(i):
            for k in self.says(j, ALONE):
                for m, place in self._place(k, subject):
                    yield m, (Statement(subject, place),)
            for k in self.says(j, ALSO):
                for m, place in self._place(k, subject):
                    for n in self.says(m, "only|alone|exclusively|and nowhere else"):
                        yield n, (Statement(subject, place),)

    def _value_there(self, i: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """The revision may be main only in Y: whatever has that value has to be in Y."""
        for j, thing, prop, none in self._value_subject(i):
            for k in self.says(j, "may|can|should|must") if not none else []:
                for m, pred in self.about(k, prop):
                    for n in self.says(m, "only|exclusively"):
                        for p, place in self._place(n, thing):
                            yield p, (Statement(thing.narrowed(pred), place),)

    def _restricted(self, i: int) -> Iterator[tuple[int, Things]]:
        """Things that are narrowed or inside the document, and documents with something set."""
        for j, thing in self.things(i):
            if not (thing.none or thing.how_many):
                yield j, thing
        document = self.kind("document")
        for j, prop in self.value_of(i, document):
            if prop.spec is not None:
                there = tested(prop, "is", (True,)) if prop.type == "flag" else tested(prop, "present")
                yield j, Things(document).narrowed(there)

    def _place(self, k: int, subject: Things) -> Iterator[tuple[int, Pred]]:
        document = self.kind("document")
        for j in self.says(k, "in|for|on|at|within|inside|with|against|under|to|of"):
            yield from self._set_apart(j, subject)
            yield from self.scope(j)
            yield from ((m, on_document(pred)) for m, pred in self.level_of(j, document))
            for m, thing in self.things(j):
                if thing.kind.spec is None and not (thing.plain or thing.none or thing.how_many):
                    yield m, on_document(thing.holds)
