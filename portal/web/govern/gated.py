"""The kinds of documents that policies can decide about, as forms offer them, and when each is decided."""

from __future__ import annotations

from governance import kinds

WHEN = {
    "onsave": "On save",
    "onrun": "On run",
    "onstep": "On a step of a run",
    "onsync": "On sync",
    "onEvaluation": "On evaluation",
    "afterTerraformPlan": "After a Terraform plan",
    "afterTerraformApply": "After a Terraform apply",
}


def names() -> list[str]:
    """Every gated kind, those people save first."""
    gated = [k for k in kinds.known().values() if k.events]
    return [k.name for k in sorted(gated, key=lambda k: (k.whole, k.name != "pipeline", k.name))]


def choices() -> list[tuple[str, str]]:
    """(kind, in words) of every gated kind, as a form offers them."""
    return [(name, title(name)) for name in names()]


def asked_for() -> list[str]:
    """Kinds of which nothing is kept here: policies decide about them when somebody asks."""
    return sorted(k.name for k in kinds.known().values() if k.whole)


def events(kind: str) -> list[tuple[str, str]]:
    """(event, in words) for one kind; those of a pipeline for a kind that is not known."""
    known = kinds.known()
    found = known.get(kind) or known["pipeline"]
    order = list(WHEN)
    listed = sorted(found.events, key=lambda e: order.index(e) if e in order else len(order))
    return [(event, WHEN.get(event, event)) for event in listed]


def title(kind: str) -> str:
    found = kinds.known().get(kind)
    return found.title if found else kind


def in_words(event: str) -> str:
    """Inside a sentence: "on a step of a run", "after a Terraform plan"."""
    said = WHEN.get(event, event)
    return said[:1].lower() + said[1:]
