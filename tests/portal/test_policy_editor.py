"""The policy editor's pages: checked while typed, tried on what one may see, saved with examples; by form alone, too."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from governance.admission import admit
from governance.engines.turns import TURNS
from governance.kinds import Change
from governance.models import Evaluation, PolicyVersion
from portal import library
from portal.web import packed
from tests.people import by_hand
from tests.portal.test_govern_pages import enter

pytestmark = [pytest.mark.django_db, pytest.mark.opa, pytest.mark.usefixtures("stub_gate")]

AT = "/s/acme/policies/"
REGO = """package service

deny contains {"msg": msg, "path": "serviceEntity.tags.tier", "fix": "Take it out."} if {
	input.serviceEntity.tags.tier == "latest"
	msg := sprintf("%s is latest", [input.serviceEntity.name])
}
"""
SERVICE = "service:\n  name: ship\n  identifier: ship\n  tags: {tier: latest}\n"


@pytest.fixture
def stored(cast: Any, stub_gate: Any) -> None:
    admit(Change("save", "service", "acme/shop/payments", "ship", SERVICE), actor=by_hand(cast.dana))


def form(do: str, **more: Any) -> dict[str, Any]:
    return {"do": do, "source": REGO, "entity": "service", "name": "No latest", **more}


def fields_of(page: str) -> dict[str, str]:
    """The hidden fields of the bench, as a browser sends them again."""
    found = re.findall(r'<input type="hidden" name="(cases|ran|case_document)" value="([^"]*)"', page)
    return dict(found)


def test_what_is_typed_is_read_at_once_and_held_against_all_checks_after_a_pause(
    client: Any, cast: Any
) -> None:
    enter(client, cast, "pat")
    broken = client.post(f"{AT}check", form("", source="package p\n\ndeny contains if\n")).content.decode()
    assert "&quot;line&quot;: 3" in broken
    assert "deep=1" not in broken
    never = REGO.replace("tags.tier ==", "tagz.tier ==")
    quick = client.post(f"{AT}check", form("", source=never)).content.decode()
    assert "tagz" in quick
    assert "deep=1" in quick
    case = {
        "name": "a",
        "document": {"serviceEntity": {"name": "s", "tags": {"tier": "latest"}}},
        "expect": "allow",
    }
    deep = client.post(f"{AT}check?deep=1", form("", cases=packed.pack([case]))).content.decode()
    assert "should be allowed and is denied" in deep
    assert "Time for a large document" in deep
    assert json.loads(re.search(r"data-editor-cover[^>]*>([^<]*)<", deep)[1].replace("&quot;", '"'))[
        "reached"
    ]


def test_while_a_person_s_last_check_is_made_the_next_one_says_so_and_is_asked_again(
    client: Any, cast: Any
) -> None:
    enter(client, cast, "pat")
    with TURNS.turn(str(cast.pat.pk)):
        answer = client.post(f"{AT}check", form(""))
    assert answer.status_code == 200
    assert "load delay:2500ms" in answer.content.decode()


def test_a_draft_is_tried_on_what_is_stored_kept_as_an_example_and_saved_with_it(
    client: Any, cast: Any, stored: None
) -> None:
    enter(client, cast, "pat")
    assert "acme/shop/payments/ship" in client.get(f"{AT}new?entity=service").content.decode()
    ref = "acme/shop/payments/ship"
    page = client.post(f"{AT}bench", form("try", on_stored=ref)).content.decode()
    assert "ship is latest" in page
    assert re.search(r"serviceEntity.tags.tier, line \d", page)
    kept = fields_of(page)
    page = client.post(
        f"{AT}bench", form("add", case_name="ship", case_expect="allow", **kept)
    ).content.decode()
    assert "1 of 1 example is not as expected" in page
    kept = fields_of(page)
    page = client.post(f"{AT}bench", form("run", **{**kept, "expect:0": "deny"})).content.decode()
    assert "1 example is as expected" in page
    sent = form("save", identifier="no_latest", key="k", **fields_of(page))
    assert client.post(f"{AT}new", sent).status_code == 302
    [case] = PolicyVersion.objects.get().cases
    assert (case["name"], case["expect"], case["verdict"]) == ("ship", "deny", "deny")
    assert case["lines"]
    assert case["document"]["metadata"]["user"]["username"] == "somebody"
    assert "pat" not in json.dumps(case["document"]["metadata"]["user"])


def test_the_bench_works_by_form_alone(client: Any, cast: Any, stored: None) -> None:
    enter(client, cast, "pat")
    page = client.post(f"{AT}new", form("try", document=SERVICE, identifier="x")).content.decode()
    assert "ship is latest" in page
    assert 'value="x"' in page
    assert not PolicyVersion.objects.exists()


def test_a_pasted_document_may_be_json_and_what_is_none_is_said_with_its_line(client: Any, cast: Any) -> None:
    enter(client, cast, "pat")
    given = json.dumps({"service": {"name": "ship", "tags": {"tier": "latest"}}})
    assert "ship is latest" in client.post(f"{AT}bench", form("try", document=given)).content.decode()
    page = client.post(f"{AT}bench", form("try", document="a: [")).content.decode()
    assert "line 1" in page or "line 2" in page
    page = client.post(f"{AT}bench", form("try", document="pipeline: {}\n")).content.decode()
    assert "begins with `serviceEntity:`" in page
    assert "name one thing" in client.post(f"{AT}bench", form("try")).content.decode()


def test_nobody_tries_a_draft_on_what_they_may_not_see(client: Any, cast: Any, stored: None) -> None:
    key = str(Evaluation.objects.filter(kind="service").latest("at").pk)
    enter(client, cast, "dana")
    assert client.post(f"{AT}bench", form("try", on_stored="acme/shop/payments/ship")).status_code in (
        403,
        404,
    )
    admit(
        Change("grant", "role_binding", "acme/shop/search", "sam_author",
               fields={"role": "policy_author", "principal": "user:sam"}),
        actor=by_hand(cast.ada),
    )  # fmt: skip
    enter(client, cast, "sam")
    at = "/s/acme.shop.search/policies/bench"
    for on in ({"on_stored": "acme/shop/payments/ship"}, {"on_evaluation": key}):
        page = client.post(at, form("try", **on)).content.decode()
        assert "latest" not in re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)
        assert "no service" in page or "no evaluation" in page


def test_a_past_decision_opens_in_the_editor_by_one_click_for_those_who_may_read_it(
    client: Any, cast: Any, stored: None
) -> None:
    key = str(Evaluation.objects.filter(kind="service").latest("at").pk)
    enter(client, cast, "ada")
    page = client.get(f"/s/acme.shop.payments/evaluations/{key}/").content.decode()
    link = re.search(r'href="([^"]*policies/new[^"]*)"', page)
    assert link
    opened = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert f'value="{key}"' in opened
    assert 'hx-trigger="load, click"' in opened
    said = client.post("/s/acme.shop.payments/policies/bench", form("try", on_evaluation=key))
    assert "ship is latest" in said.content.decode()


def test_editing_the_text_keeps_the_examples_and_drops_the_rule(client: Any, cast: Any) -> None:
    enter(client, cast, "pat")
    starter = next(iter(library.every().values()))
    adopt = {"identifier": starter.identifier, "key": "k1"}
    assert client.post(f"{AT}library/", adopt).status_code == 302
    first = PolicyVersion.objects.get()
    assert first.rule
    assert len(first.cases) == len(starter.cases())
    assert first.origin == {"starter": starter.identifier, "digest": starter.digest}
    tags = first.policy.tags
    page = client.get(f"{AT}{starter.identifier}/edit").content.decode()
    source = first.rego.replace("deny contains", "# by hand\ndeny contains", 1)
    sent = {
        "do": "save", "source": source, "entity": starter.rule.entity, "name": "mine", "key": "k2",
        "expected_version": "1", **fields_of(page),
    }  # fmt: skip
    assert client.post(f"{AT}{starter.identifier}/edit", sent).status_code == 302
    second = PolicyVersion.objects.get(number=2)
    assert second.rule == {}
    assert [c["name"] for c in second.cases] == [c["name"] for c in first.cases]
    assert all(c["verdict"] == c["expect"] for c in second.cases)
    assert second.origin == first.origin
    second.policy.refresh_from_db()
    assert second.policy.tags == tags


def test_examples_that_are_not_ours_are_refused(client: Any, cast: Any) -> None:
    enter(client, cast, "pat")
    page = client.post(f"{AT}bench", form("run", cases="bm90IG91cnM=")).content.decode()
    assert "cannot be read" in page
    assert client.post(f"{AT}new", form("save", identifier="x", cases="!!")).status_code == 422


def test_a_newer_text_of_the_library_is_offered_as_a_diff_and_taken_as_a_draft(
    client: Any, cast: Any
) -> None:
    enter(client, cast, "pat")
    starter = next(iter(library.every().values()))
    client.post(f"{AT}library/", {"identifier": starter.identifier, "key": "k1"})
    at = f"{AT}{starter.identifier}/"
    assert client.get(f"{at}update").status_code == 404
    assert "newer text" not in client.get(at).content.decode()
    # As if it had been adopted from an earlier release.
    earlier = PolicyVersion.objects.get()
    earlier.origin = {"starter": starter.identifier, "digest": "0" * 64}
    earlier.rego = earlier.rego.replace("deny contains", "# earlier\ndeny contains", 1)
    earlier.save()
    assert "newer text" in client.get(at).content.decode()
    page = client.get(f"{at}update").content.decode()
    assert "# earlier" in page
    assert client.post(f"{at}update", {"key": "k3"}).status_code == 302
    taken = PolicyVersion.objects.get(number=2)
    assert (taken.state, taken.origin["digest"]) == ("draft", starter.digest)
    assert "newer text" not in client.get(at).content.decode()


def test_any_two_versions_stand_side_by_side(client: Any, cast: Any) -> None:
    enter(client, cast, "pat")
    for number, text in enumerate((REGO, REGO.replace('latest"', 'newest"')), 1):
        admit(
            Change("save", "policy", "acme", "one", text, fields={"entity": "service"},
                   expected_version=str(number - 1)),
            actor=by_hand(cast.pat),
        )  # fmt: skip
    page = client.get(f"{AT}one/compare").content.decode()
    assert "Version 1 and version 2" in page
    assert "newest" in page
    assert client.get(f"{AT}one/compare?from=1&to=9").status_code == 404


def test_an_earlier_version_goes_back_in_force_by_somebody_who_had_no_part_in_it(
    client: Any, cast: Any
) -> None:
    def do(who: Any, verb: str, **more: Any) -> None:
        admit(Change(verb, "policy", "acme", "one", **more), actor=by_hand(who))

    for text in (REGO, REGO.replace('latest"', 'newest"')):
        do(cast.pat, "save", source=text, fields={"entity": "service"})
        do(cast.pat, "submit")
        do(cast.eli, "approve")
        do(cast.eli, "activate")
    enter(client, cast, "pat")
    page = client.get(f"{AT}one/?version=1").content.decode()
    assert "somebody else must activate it" in page
    enter(client, cast, "eli")
    assert "The yes it has is yours" in client.get(f"{AT}one/?version=1").content.decode()
    enter(client, cast, "ada")
    page = client.get(f"{AT}one/?version=1").content.decode()
    assert "Put version 1 back in force" in page
    sha = PolicyVersion.objects.get(number=1).content_sha256
    assert (
        client.post(f"{AT}one/", {"do": "activate", "version": "1", "hash": sha, "key": "b"}).status_code
        == 302
    )
    assert PolicyVersion.objects.get(number=1).state == "active"


def test_a_remark_stands_at_its_line_and_english_stands_beside_the_rego(client: Any, cast: Any) -> None:
    admit(
        Change("save", "policy", "acme", "one", REGO, fields={"entity": "service"}), actor=by_hand(cast.pat)
    )
    admit(Change("submit", "policy", "acme", "one"), actor=by_hand(cast.pat))
    enter(client, cast, "eli")
    at = f"{AT}one/v1/review"
    assert (
        client.post(at, {"do": "comment", "comment": "why latest?", "line": "4", "key": "c"}).status_code
        == 302
    )
    for where in (at, f"{AT}one/v1/checks"):
        listing = client.get(where).content.decode()
        line_4 = listing.index('data-n="4"')
        assert line_4 < listing.index("why latest?") < listing.index('data-n="5"')
    page = client.get(at).content.decode()
    assert 'data-says="4"' in page
    assert "input.serviceEntity.tags.tier is &quot;latest&quot;" in page
    assert "data-line-field" in page
