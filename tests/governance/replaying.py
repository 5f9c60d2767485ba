"""Documents kept, a draft about them, and its impact asked for."""

from __future__ import annotations

from typing import Any

from governance import replay, replay_query
from governance.admission import admit
from governance.kinds import Change
from tests.governance.drafting import NO_LATEST
from tests.people import PROJECT, by_hand

SOURCE = "service:\n  name: {0}\n  identifier: {0}\n  tags: {{tier: {1}}}\n"


def keep(cast: Any, identifier: str, tier: str, scope: str = PROJECT, who: str = "dana") -> None:
    change = Change("save", "service", scope, identifier, SOURCE.format(identifier, tier))
    admit(change, actor=by_hand(getattr(cast, who)))


def draft(cast: Any, rego: str = NO_LATEST, identifier: str = "no_latest") -> None:
    admit(
        Change("save", "policy", "acme", identifier, rego, fields={"entity": "service"}),
        actor=by_hand(cast.pat),
    )


def ask(cast: Any, days: int = 30, who: str = "pat") -> replay_query.ReplayView:
    change = Change("replay", "policy", "acme", "no_latest", fields={"days": days})
    made = admit(change, actor=by_hand(getattr(cast, who)))
    replay.run(str(made.data["replay"]))
    return replay_query.one(by_hand(cast.ada), str(made.data["replay"]))
