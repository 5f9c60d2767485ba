"""What a sentence says beside its core."""

from __future__ import annotations

from dataclasses import dataclass

from governance.authoring.reading.meaning.typed import Pred, Things


@dataclass(frozen=True)
class Adjuncts:
    """What a sentence says beside its core: when it applies and when not."""

    where: tuple[Pred, ...] = ()
    unless: tuple[Pred, ...] = ()
    via: tuple[Things, ...] = ()
    same_stage: bool = False  # "in a CI stage": all of it happens in one stage

    def plus(self, other: Adjuncts) -> Adjuncts:
        return Adjuncts(self.where + other.where, self.unless + other.unless, self.via + other.via,
                        self.same_stage or other.same_stage)  # fmt: skip
