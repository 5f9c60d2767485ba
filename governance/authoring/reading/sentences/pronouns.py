"""Sentences about what their own condition spoke of: "if a stage deploys, it must ...", "if it has X, its Y must ..."."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from governance.authoring.reading.meaning.statements import Statement
from governance.authoring.reading.meaning.typed import Things
from governance.authoring.reading.sentences.continuations import Continuations


class Pronouns(Continuations):
    """Grammar of what "it", "they" and "its" stand for."""

    def _about_the_same(self, j: int, front: tuple[tuple[str, object], ...]
                        ) -> Iterator[tuple[int, tuple[Statement, ...]]]:  # fmt: skip
        """If a stage does X, it (its Y) must ...: the stage is what the sentence is about."""
        token = self.token(j)
        if token is None or not front or front[0][0] != "if":
            return
        start, end, _ = cast("tuple[int, int, object]", front[0][1])
        yield from self._about_what_it_has(j, start, end)
        for k, thing in self.things(start):
            if thing.kind.spec is None or thing.none or thing.how_many:
                continue
            for m, (pred, via) in self.vp_with_things(self._modal_free(k), thing.kind):
                if self.skip(m + 1 if self.is_punct(m, ",") else m, "then") != j and m != end:
                    continue
                same = replace(thing.narrowed(pred), via=(*thing.via, *via))
                again = token.article == "the" and token.base in {t.base for t in self.tokens[k:m]}
                if token.article in ("its", "their") or again:
                    for n, prop in self.value_of(j, thing.kind):
                        for p, demand in self._modal_about(n, prop):
                            yield from self._with_adjuncts(p, (Statement(same, demand),), ())
                    yield from self._steps_of(j, same)
                for n in self.says(j, "it|they"):
                    for p, statements in self.beside_its_step(n, same):
                        yield from self._with_adjuncts(p, statements, ())
                    for p, demand in self._modal_vp(n, same):
                        yield from self._with_adjuncts(p, (Statement(same, demand),), ())

    def _steps_of(self, j: int, stage: Things) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """If a stage deploys to production, its steps must ...: the steps of such a stage."""
        for n, inner in self.things(j) if stage.kind.element == "stage" else []:
            if inner.kind.element == "step" and not inner.none and not inner.how_many:
                own = inner.narrowed(lambda at: stage.holds(at.parent_stage(stage.kind)))
                for p, demand in self._modal_vp(n, own):
                    yield from self._with_adjuncts(p, (Statement(own, demand),), ())

    def _about_what_it_has(self, j: int, start: int, end: int) -> Iterator[tuple[int, tuple[Statement, ...]]]:
        """If the SBOM contains openssl, its version must ...: the version of what it contains."""
        document = self.kind("document")
        for k, whole in self.things(start) if not document.fields else []:
            if whole.kind.spec is not None or not whole.plain:
                continue
            for m, (_, via) in self.vp_with_things(self._modal_free(k), document):
                if self.skip(m + 1 if self.is_punct(m, ",") else m, "then") != j and m != end:
                    continue
                for part in via if len(via) == 1 and not via[0].none and not via[0].how_many else ():
                    own = dict(self.value_of(j, part.kind)) if part.kind.spec is not None else {}
                    for n, prop in own.items():
                        for p, demand in self._modal_about(n, prop):
                            yield from self._with_adjuncts(p, (Statement(part, demand),), ())
                    for n in self.says(j, "it|they"):
                        for p, demand in self._modal_vp(n, part):
                            yield from self._with_adjuncts(p, (Statement(part, demand),), ())
