"""Pages of Govern as a browser without script meets them: sets, two people, exemptions, what stands."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest

from governance.admission import admit
from governance.kinds import Change
from governance.models import Exemption, PolicySet, SetRequest
from governance.settings_kind import setting_for
from portal.web.build import pipeline_views
from tests.governance.conftest import gate, own_database
from tests.governance.drafting import NO_LATEST, bind, put_in_force
from tests.people import by_hand
from tests.portal.test_api import client_of

__all__ = ["gate", "own_database"]

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SET = "/s/acme/sets/basics/"
SHIP = "service:\n  name: ship\n  identifier: ship\n"
BLOCKED = "service:\n  name: ship\n  identifier: ship\n  tags: {tier: latest}\n"


def enter(client: Any, cast: Any, name: str) -> None:
    client.force_login(getattr(cast, name), backend=BACKEND)


@pytest.fixture
def a_set(client: Any, cast: Any, stub_gate: Any) -> Any:
    enter(client, cast, "pat")
    admit(
        Change("save", "policy", "acme", "one", NO_LATEST, fields={"entity": "service"}),
        actor=by_hand(cast.pat),
    )
    form = {
        "name": "Basics", "identifier": "basics", "entity": "service", "event": "onsave", "mode": "warn",
        "policy": "acme/one", "sel_tags": "team=payments, tier", "sel_environment": "Production",
        "ramp_on": ["2030-01-01", "", ""], "ramp_mode": ["enforce", "enforce", "enforce"],
    }  # fmt: skip
    assert client.post("/s/acme/sets/new", form).status_code == 302
    return PolicySet.objects.get()


@pytest.mark.django_db
@pytest.mark.opa
def test_the_form_of_a_set_takes_selectors_and_dates_and_gives_them_back(client: Any, a_set: Any) -> None:
    assert a_set.selector == {
        "tags": {"team": "payments", "tier": "*"}, "environment_types": ["Production"],
    }  # fmt: skip
    assert a_set.ramp == [{"on": "2030-01-01", "mode": "enforce"}]
    page = client.get(SET).content.decode()
    assert 'value="team=payments, tier=*"' in page
    assert 'value="2030-01-01"' in page
    assert "tagged team=payments and tier, deploying to Production" in page


@pytest.mark.django_db
@pytest.mark.opa
def test_what_weakens_is_asked_for_by_the_form_and_confirmed_on_the_page(
    client: Any, cast: Any, a_set: Any
) -> None:
    assert client.post(SET, {"do": "disable", "key": "k"}).status_code == 302
    assert PolicySet.objects.get().enabled
    request = SetRequest.objects.get()
    page = client.get(SET).content.decode()
    assert "Take it back" in page
    assert "Confirm: weaken" not in page
    assert client.post(SET, {"do": "confirm", "request": str(request.pk)}).status_code == 403
    enter(client, cast, "eli")
    assert "Confirm: weaken" in client.get(SET).content.decode()
    assert "Sets somebody wants to weaken" in client.get("/s/acme/policies/").content.decode()
    assert client.post(SET, {"do": "confirm", "request": str(request.pk)}).status_code == 302
    assert not PolicySet.objects.get().enabled


@pytest.mark.django_db
@pytest.mark.opa
def test_the_page_of_a_service_names_the_sets_that_bind_it_and_where_each_is_from(
    client: Any, cast: Any, a_set: Any
) -> None:
    admit(Change("save", "service", "acme/shop/payments", "ship", SHIP), actor=by_hand(cast.dana))
    enter(client, cast, "dana")
    at = "/s/acme.shop.payments/catalogue/services/ship/"
    card = client.get(at).content.decode().partition("Policies that apply here")[2]
    assert "from acme, on save, only warns; only what is tagged team=payments and tier" in card
    assert f'href="{SET}"' in card
    PolicySet.objects.update(enabled=False)
    assert "No policy set binds services here" in client.get(at).content.decode()


@pytest.mark.django_db
def test_a_policy_that_is_exempt_says_so_beside_the_others_of_a_pipeline(cast: Any) -> None:
    said = {"set": "basics", "set_scope": "acme", "policy": "one", "policy_scope": "acme",
            "severity": "error", "mode": "enforce", "violations": [{"message": "name a tier"}]}  # fmt: skip
    for statuses, words in ((["pass", "exempt"], "exempt"), (["exempt", "error"], "would block")):
        asked = [SimpleNamespace(event="onsave", details=[{**said, "status": s}]) for s in statuses]
        (group,) = pipeline_views._groups(asked)
        assert [row["says"] for row in group["rows"]] == [words]


@pytest.mark.django_db
@pytest.mark.opa
def test_one_set_is_read_over_rest_by_those_who_may_see_it(cast: Any, a_set: Any) -> None:
    found = client_of(cast.pat).get("/api/v1/scopes/acme/policy_sets/basics").json()
    assert (found["identifier"], found["mode"], found["requests"]) == ("basics", "warn", [])
    assert [m["policy"] for m in found["members"]] == ["one"]
    assert client_of(cast.pat).get("/api/v1/scopes/acme/policy_sets/none").status_code == 404
    assert client_of(cast.sam).get("/api/v1/scopes/acme/policy_sets/basics").status_code == 404


@pytest.mark.django_db
@pytest.mark.opa
@pytest.mark.parametrize(
    ("kind", "event", "words"),
    [
        ("securityTests", "onstep", "Security test result, on a step of a run"),
        ("terraformPlan", "afterTerraformPlan", "Terraform plan, after a Terraform plan"),
        ("service", "onsave", "Service, on save"),
    ],
)
def test_a_set_says_on_every_page_when_it_is_asked(
    client: Any, cast: Any, stub_gate: Any, kind: str, event: str, words: str
) -> None:
    enter(client, cast, "pat")
    admit(
        Change("save", "policy", "acme", "one", NO_LATEST, fields={"entity": kind}), actor=by_hand(cast.pat)
    )
    form = {
        "name": "Basics", "identifier": "basics", "entity": kind, "event": event, "mode": "shadow",
        "policy": "acme/one",
    }  # fmt: skip
    assert client.post("/s/acme/sets/new", form).status_code == 302
    for page in ("/s/acme/policies/", SET):
        assert words in client.get(page).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("value", "status"), [("25", 302), ("101", 422), ("many", 422), ("", 422)])
def test_the_share_for_shadow_mode_is_chosen_in_the_settings(
    client: Any, cast: Any, stub_gate: Any, value: str, status: int
) -> None:
    enter(client, cast, "ada")
    assert client.post("/s/acme/settings/gate/", {"value": value}).status_code == status
    from governance.scopes import find

    assert setting_for(find("acme"), "shadow_first_percent").value == (25 if status == 302 else 10)


@pytest.mark.django_db
def test_pages_of_what_stands_and_of_exemptions_are_there_before_anything_is(
    client: Any, cast: Any, stub_gate: Any
) -> None:
    enter(client, cast, "dana")
    assert "Nothing was looked at yet" in client.get("/s/acme.shop.payments/standing/").content.decode()
    assert "No exemptions here" in client.get("/s/acme.shop.payments/exemptions/").content.decode()
    enter(client, cast, "sam")
    assert client.get("/s/acme.shop.payments/exemptions/").status_code == 404


@pytest.mark.opa
@pytest.mark.slow
def test_an_exemption_is_asked_for_beside_the_objection_and_granted_on_its_page(
    gate: Any, client: Any
) -> None:
    put_in_force(gate, "no_latest", NO_LATEST, entity="service")
    bind(gate, "services", "service", ["no_latest"])
    gate.settle()
    enter(client, gate.cast, "dana")
    at = "/s/acme.shop.payments/"
    change = Change("save", "service", "acme/shop/payments", "ship", BLOCKED)
    with pytest.raises(Exception, match="tier") as refused:
        admit(change, actor=by_hand(gate.cast.dana))
    evaluation = refused.value.decision.evaluation_id
    page = client.get(f"{at}evaluations/{evaluation}/").content.decode()
    link = re.search(r'href="([^"]*exemptions/new[^"]*)"', page)
    assert link
    form = client.get(link[1].replace("&amp;", "&"))
    assert "name a tier" in form.content.decode()
    sent = {
        "evaluation": evaluation, "policy": "acme/no_latest", "path": "serviceEntity.tags.tier", "for": "part",
        "reason": "the move is planned for next week", "until": str(form.context["latest"]),
    }  # fmt: skip
    assert client.post(f"{at}exemptions/new", {**sent, "reason": "short"}).status_code == 422
    assert client.post(f"{at}exemptions/new", sent).status_code == 302
    row = Exemption.objects.get()
    assert "You asked for it" in client.get(f"{at}exemptions/{row.identifier}/").content.decode()
    assert client.post(f"{at}exemptions/{row.identifier}/", {"do": "grant"}).status_code == 403
    enter(client, gate.cast, "eli")
    assert client.post(f"{at}exemptions/{row.identifier}/", {"do": "grant"}).status_code == 302
    admit(change, actor=by_hand(gate.cast.dana))


@pytest.mark.django_db
def test_one_template_is_opened_to_one_person_and_closed_again_on_its_page(
    client: Any, cast: Any, stub_gate: Any
) -> None:
    template = (
        "template: {name: Sauce, identifier: sauce, versionLabel: v1, type: Step, spec: "
        "{type: ShellScript, timeout: 1m, spec: {shell: Bash, source: {type: Inline, spec: {script: ls}}}}}"
    )
    admit(Change("save", "template", "acme", "sauce", template), actor=by_hand(cast.tess))
    enter(client, cast, "ada")
    assert (
        "/s/acme/settings/grants/template/sauce/" in client.get("/s/acme/catalogue/sauce/").content.decode()
    )
    here = "/s/acme/settings/grants/template/sauce/"
    assert "Nobody holds a grant on it" in client.get(here).content.decode()
    form = {"permission": "view_template", "principal": "user:sam", "key": "k"}
    assert client.post(here, {**form, "do": "grant"}).status_code == 302
    assert "user:sam" in client.get(here).content.decode().split("<tbody>")[1].split("</tbody>")[0]
    assert client.post(here, {**form, "do": "grant", "key": "k2"}).status_code == 409
    assert client.post(here, {**form, "do": "revoke", "key": "k3"}).status_code == 302
    assert "Nobody holds a grant on it" in client.get(here).content.decode()
    enter(client, cast, "tess")
    assert client.get(here).status_code == 403
    assert "settings/grants" not in client.get("/s/acme/catalogue/sauce/").content.decode()
    enter(client, cast, "sam")
    assert client.get(here).status_code == 404


@pytest.mark.django_db
def test_a_group_is_made_and_changed_on_its_page_and_a_refusal_keeps_what_was_typed(
    client: Any, cast: Any, stub_gate: Any
) -> None:
    new = "/s/acme/settings/groups/new"
    enter(client, cast, "ada")
    assert "New group" in client.get(new).content.decode()
    form = {"identifier": "crew", "name": "The crew", "description": "Ships", "member": ["sam"], "key": "k"}
    refused = client.post(new, {**form, "identifier": "no name", "key": "k0"})
    assert refused.status_code == 422
    for typed in ('value="no name"', 'value="The crew"', 'value="sam" checked'):
        assert typed in refused.content.decode()
    assert client.post(new, form).status_code == 302
    page = client.get("/s/acme/settings/groups/crew").content.decode()
    assert 'value="Ships"' in page
    enter(client, cast, "dana")
    assert client.get(new).status_code == 403


@pytest.mark.django_db
def test_a_role_is_made_changed_and_deleted_on_its_page(client: Any, cast: Any, stub_gate: Any) -> None:
    here = "/s/acme/settings/roles/"
    enter(client, cast, "ada")
    assert "Shipped with the product" in client.get(here + "developer").content.decode()
    form = {"identifier": "reader", "name": "Reader", "permission": ["view_policy"], "key": "k"}
    refused = client.post(here + "new", {**form, "permission": ["fly"], "key": "k0"})
    assert (refused.status_code, "no permission" in refused.content.decode()) == (422, True)
    for name in ("new", "no name"):
        assert client.post(here + "new", {**form, "identifier": name, "key": name}).status_code == 422
    assert client.post(here + "new", form).status_code == 302
    wider = {"name": "Reader", "permission": ["view_policy", "view_audit"], "key": "k1"}
    assert client.post(here + "reader", wider).status_code == 302
    assert 'value="view_audit" checked' in client.get(here + "reader").content.decode()
    assert client.post(here + "developer", {**wider, "key": "k2"}).status_code == 409
    assert client.post(here + "reader", {"do": "delete", "key": "k3"}).status_code == 302
    assert client.get(here + "reader").status_code == 404
    enter(client, cast, "tess")
    assert "Save the role" not in client.get(here + "developer").content.decode()
    assert client.post(here + "new", {**form, "key": "k4"}).status_code == 403


@pytest.mark.django_db
def test_more_policies_than_a_page_holds_are_walked_by_its_links(
    client: Any, cast: Any, stub_gate: Any
) -> None:
    for n in range(27):
        text = f'package p{n}\n\ndeny contains "no" if input.service.name == "x{n}"\n'
        change = Change(
            "save", "policy", "acme", f"p{n:02}", text, fields={"entity": "service", "name": f"Number {n:02}"}
        )
        admit(change, actor=by_hand(cast.pat))
    enter(client, cast, "pat")
    first = client.get("/s/acme/policies/?view=all").content.decode()
    assert "Number 24" in first
    assert "Number 25" not in first
    onward = re.search(r'href="([^"]+)" rel="next"', first)
    assert onward
    second = client.get(onward[1].replace("&amp;", "&")).content.decode()
    assert "Number 26" in second
    assert "Number 24" not in second
    back = re.search(r'href="([^"]+)" rel="prev"', second)
    assert back
    assert "Number 00" in client.get(back[1].replace("&amp;", "&")).content.decode()
