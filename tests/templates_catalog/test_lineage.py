"""The label of AI work: no copy, edit, other kind or other door takes it off, and people's own work stays theirs."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from governance import proposals
from governance.admission import admit
from governance.errors import Conflict
from governance.kinds import Change
from governance.models import Proposal
from templates_catalog.models import Entity, Pipeline, Template
from tests.people import PROJECT, by_hand

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("stub_gate")]

DRAFT = """pipeline:
  identifier: parcels
  name: Parcels
  stages:
    - stage:
        identifier: build
        name: Build
        type: CI
        spec:
          execution:
            steps:
              - step:
                  identifier: unit
                  name: Unit tests
                  type: Run
                  spec:
                    shell: Sh
                    command: |
                      python -m venv work
                      work/bin/pip install -r requirements.txt
                      work/bin/pytest -q --maxfail 3
              - step:
                  identifier: image
                  name: Image
                  type: Run
                  spec:
                    shell: Sh
                    command: |
                      buildctl build --frontend dockerfile.v0
                      cosign sign halden/parcels
"""
BY_HAND = DRAFT.split("              - step:\n                  identifier: image")[0]


@pytest.fixture
def ask(cast: SimpleNamespace) -> Any:
    """ask("dana", content): the assistant drafted this for somebody."""

    def _ask(
        who: str, content: str = DRAFT, *, base: str = "", kind: str = "pipeline", identifier: str = "parcels"
    ) -> Any:
        return proposals.propose(
            by_hand(getattr(cast, who)), kind=kind, scope=PROJECT, identifier=identifier, content=content,
            request="test and build parcels", mode="deterministic", base=base,
        )  # fmt: skip

    return _ask


@pytest.fixture
def save(cast: SimpleNamespace) -> Any:
    def _save(
        source: str, identifier: str = "parcels", who: str = "dana", kind: str = "pipeline", **more: Any
    ) -> bool:
        """Saves, and says whether it was labelled."""
        admit(Change("save", kind, PROJECT, identifier, source, **more), actor=by_hand(getattr(cast, who)))
        model = {"pipeline": Pipeline, "template": Template}.get(kind, Entity)
        return bool(model.objects.get(identifier=identifier).ai_generated)

    return _save


def renamed(source: str, name: str) -> str:
    return source.replace("parcels\n", f"{name}\n", 1).replace("Parcels", name.capitalize())


def test_a_copy_under_another_name_with_an_edit_in_the_same_save_keeps_the_label(ask: Any, save: Any) -> None:
    ask("dana")
    edited = renamed(DRAFT, "letters").replace("--maxfail 3", "--maxfail 1").replace("Unit tests", "My tests")
    assert save(edited, "letters")


def test_so_does_a_copy_of_what_somebody_else_had_drafted_and_saved(ask: Any, save: Any, cast: Any) -> None:
    admit(
        Change("save", "pipeline", PROJECT, "parcels", DRAFT, proposal=ask("omar").id),
        actor=by_hand(cast.omar),
    )
    edited = renamed(DRAFT, "letters").replace("cosign sign halden/parcels", "cosign sign halden/letters")
    assert save(edited, "letters")
    assert 'ai_generated: "true"' in Pipeline.objects.get(identifier="letters").versions.get().source


def test_so_does_a_template_made_of_it(ask: Any, save: Any, cast: Any) -> None:
    ask("tess")
    stages = DRAFT.split("  stages:\n")[1].replace("\n", "\n  ").replace("    - stage", "      - stage", 1)
    template = (
        "template:\n  identifier: parcels\n  name: Parcels\n  versionLabel: 1.0.0\n  type: Pipeline\n  spec:\n"
        f"    stages:\n{stages.rstrip()}\n"
    )
    assert save(template, who="tess", kind="template")


def test_so_does_a_part_of_a_larger_work(ask: Any, save: Any) -> None:
    ask("dana", DRAFT.replace("cosign sign halden/parcels", "\n".join(
        ["cosign sign halden/parcels", *(f"{' ' * 22}check {n}" for n in range(6))])))  # fmt: skip
    more = DRAFT.replace("cosign sign halden/parcels", "\n".join(
        ["cosign sign halden/parcels", *(f"{' ' * 22}check {n}" for n in range(6)),
         *(f"{' ' * 22}echo my own line {n}" for n in range(20))]))  # fmt: skip
    assert save(renamed(more, "letters"), "letters")


def test_so_does_what_was_deleted_and_made_again(ask: Any, save: Any, cast: Any) -> None:
    admit(
        Change("save", "pipeline", PROJECT, "parcels", DRAFT, proposal=ask("dana").id),
        actor=by_hand(cast.dana),
    )
    admit(Change("delete", "pipeline", PROJECT, "parcels"), actor=by_hand(cast.ada))
    assert save(BY_HAND)
    assert save(renamed(DRAFT, "letters").replace("-q", "-x"), "letters")


def test_so_do_services(ask: Any, save: Any, cast: Any) -> None:
    source = (
        "service:\n  identifier: {0}\n  name: {0}\n  variables:\n    - {{name: team, type: String, value: parcels}}\n"
        "    - {{name: tier, type: String, value: gold}}\n    - {{name: pager, type: String, value: p1-parcels}}\n"
        "    - {{name: cost, type: String, value: '{1}'}}\n    - {{name: region, type: String, value: eu-north}}\n"
    )
    ask("dana", source.format("a", 4711), kind="service", identifier="a")
    assert save(source.format("b", 4712), "b", kind="service")
    assert not save(
        source.format("c", 1).replace("parcels", "x").replace("gold", "y").replace("eu", "us"),
        "c",
        kind="service",
    )


def test_what_a_person_wrote_before_asking_stays_theirs(ask: Any, save: Any) -> None:
    """Asked for a fix of an own text, declined, and mended by hand."""
    ask("dana", DRAFT, base=BY_HAND)
    assert not save(BY_HAND.replace("--maxfail 3", "--maxfail 2"))
    assert save(DRAFT.replace("frontend dockerfile.v0", "frontend gateway.v0")) is False, (
        "two lines are too few"
    )


def test_a_copy_of_what_was_the_persons_before_the_assistant_came_stays_theirs(
    ask: Any, save: Any, cast: Any
) -> None:
    assert not save(BY_HAND)
    kept = ask("dana", DRAFT, base=BY_HAND)
    admit(Change("save", "pipeline", PROJECT, "parcels", DRAFT, proposal=kept.id), actor=by_hand(cast.dana))
    assert not save(renamed(BY_HAND, "letters"), "letters")


def test_work_of_another_kind_of_thing_is_not_taken_for_it(ask: Any, save: Any) -> None:
    ask("dana")
    other = DRAFT.replace("work/bin/", "env/bin/").replace(
        "buildctl build --frontend dockerfile.v0", "make image"
    )
    assert not save(
        renamed(other.replace("python -m venv work", "uv venv env").replace("cosign", "notation"), "letters"),
        "letters",
    )


def test_a_label_does_not_tell_of_what_the_person_may_not_see(ask: Any, save: Any, cast: Any) -> None:
    Proposal.objects.all().delete()
    kept = ask("omar")
    assert kept
    # omar's own draft, never saved: dana cannot have seen it.
    assert not save(renamed(DRAFT, "letters").replace("-q", "-x"), "letters")
    Proposal.objects.update(expires_at=timezone.now() - timedelta(days=400))
    assert save(renamed(DRAFT, "stamps").replace("-q", "-v"), "stamps", who="omar"), "an old draft is a draft"


def test_what_people_had_written_before_proves_nothing_and_what_they_wrote_since_excuses_nothing(
    ask: Any, save: Any, cast: Any
) -> None:
    assert not save(renamed(DRAFT, "letters"), "letters", who="omar")
    ask("dana")
    assert not save(renamed(DRAFT, "stamps").replace("-q", "-v"), "stamps"), "all of it was there before"
    later = (
        DRAFT.replace("work/bin", "env/bin").replace("halden/parcels", "halden/cards").replace("gateway", "x")
    )
    later = later.replace("venv work", "venv env").replace("dockerfile.v0", "other.v1")
    ask("dana", later, identifier="cards")
    assert save(renamed(later, "cards2").replace("-q", "-v"), "cards2")
    assert save(renamed(later, "cards3").replace("-q", "-x"), "cards3"), (
        "a first copy does not free the second"
    )


def test_a_proposal_does_not_overwrite_what_somebody_kept_meanwhile(cast, stub_gate):
    def save(who, name, proposal=""):
        text = f"service:\n  identifier: cart\n  name: {name}\n"
        return admit(Change("save", "service", PROJECT, "cart", text, proposal=proposal), actor=by_hand(who))

    save(cast.dana, "Cart")
    drafted = proposals.propose(
        by_hand(cast.dana), kind="service", scope=PROJECT, identifier="cart",
        content="service:\n  identifier: cart\n  name: Basket\n", request="call it basket", mode="deterministic",
    )  # fmt: skip
    save(cast.omar, "Trolley")
    with pytest.raises(Conflict, match="changed since this proposal was made"):
        save(cast.dana, "Basket", drafted.id)
