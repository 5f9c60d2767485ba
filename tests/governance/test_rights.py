"""Who may, who may not, and what they learn when they may not."""

from __future__ import annotations

import pytest

from audit.models import AuditEvent
from governance import access_query, grant_query, rbac
from governance.admission import admit
from governance.errors import Conflict, Denied, Invalid, NotFound
from governance.kinds import Change
from governance.roles import ALIASES, known_permissions
from tests.people import PROJECT, by_hand

pytestmark = pytest.mark.django_db


def last_event():
    return AuditEvent.objects.order_by("-recorded_at").first()


def test_a_stranger_cannot_tell_a_scope_from_nothing(cast):
    with pytest.raises(NotFound):
        rbac.enter(by_hand(cast.sam), "view_pipeline", PROJECT)
    with pytest.raises(NotFound):
        rbac.enter(by_hand(cast.sam), "view_pipeline", "acme/shop/nowhere")


def test_a_person_who_holds_something_else_is_told_what_is_missing(cast):
    with pytest.raises(Denied) as refused:
        rbac.enter(by_hand(cast.dana), "approve_policy", PROJECT)
    assert refused.value.permission == "approve_policy"


def test_a_right_reaches_downwards_and_not_upwards(cast):
    assert rbac.enter(by_hand(cast.tess), "edit_template", PROJECT)
    with pytest.raises(Denied):
        rbac.enter(by_hand(cast.dana), "edit_pipeline", "acme")


def test_a_right_does_not_reach_sideways(cast):
    with pytest.raises(NotFound):
        rbac.enter(by_hand(cast.dana), "edit_pipeline", "acme/shop/search")


def test_a_superuser_is_no_bypass(cast):
    cast.sam.is_superuser = cast.sam.is_staff = True
    cast.sam.save()
    with pytest.raises(NotFound):
        rbac.enter(by_hand(cast.sam), "view_pipeline", PROJECT)


def test_a_deactivated_person_may_nothing(cast):
    cast.dana.is_active = False
    cast.dana.save()
    with pytest.raises(NotFound):
        rbac.enter(by_hand(cast.dana), "view_pipeline", PROJECT)


def test_nobody_grants_what_they_do_not_hold(cast):
    fields = {"role": "account_admin", "principal": "user:sam"}
    grant = Change("grant", "role_binding", PROJECT, "too_much", fields=fields)
    admit(
        Change(
            "grant", "role_binding", PROJECT, "o", fields={"role": "project_admin", "principal": "user:omar"}
        ),
        actor=by_hand(cast.ada),
    )
    with pytest.raises(Denied):
        admit(grant, actor=by_hand(cast.omar))
    event = last_event()
    assert (event.action, event.outcome) == ("role_binding.grant", "denied")


def test_nobody_grants_themselves_a_role(cast):
    fields = {"role": "developer", "principal": "user:ada"}
    with pytest.raises(Invalid):
        admit(Change("grant", "role_binding", PROJECT, "self", fields=fields), actor=by_hand(cast.ada))


def test_nobody_adds_themselves_to_a_group(cast):
    fields = {"name": "Security Team", "members": ["eli", "ada"]}
    with pytest.raises(Invalid):
        admit(Change("save", "user_group", "acme", "security_team", fields=fields), actor=by_hand(cast.ada))


def test_a_revoked_right_is_gone_at_once(cast):
    admit(Change("revoke", "role_binding", PROJECT, "dana_developer"), actor=by_hand(cast.ada))
    with pytest.raises(NotFound):
        rbac.enter(by_hand(cast.dana), "edit_pipeline", PROJECT)


def test_a_shipped_role_is_not_edited(cast):
    fields = {"name": "Developer", "permissions": ["view_pipeline"]}
    with pytest.raises(Conflict):
        admit(Change("save", "role", "acme", "developer", fields=fields), actor=by_hand(cast.ada))


def test_harness_names_of_permissions_are_understood(cast):
    fields = {"name": "Runner", "permissions": ["core_pipeline_execute", "view_pipeline"]}
    admit(Change("save", "role", "acme", "runner", fields=fields), actor=by_hand(cast.ada))
    runner = next(r for r in access_query.roles(by_hand(cast.ada), "acme") if r.identifier == "runner")
    assert runner.permissions == ("execute_pipeline", "view_pipeline")


def test_an_unknown_permission_is_named_and_not_dropped(cast):
    fields = {"name": "Odd", "permissions": ["view_pipelin"]}
    with pytest.raises(Invalid, match="view_pipelin"):
        admit(Change("save", "role", "acme", "odd", fields=fields), actor=by_hand(cast.ada))


def test_every_refusal_is_on_the_trail_with_its_channel(cast):
    with pytest.raises(NotFound):
        admit(Change("save", "project", "acme/shop", "x", fields={"name": "X"}), actor=by_hand(cast.sam))
    event = last_event()
    assert (event.actor_name, event.outcome, event.channel) == ("sam", "not_found", "ui")


def test_an_unknown_action_lists_the_known_ones_and_is_recorded(cast):
    with pytest.raises(Invalid, match=r"project knows: archive, save"):
        admit(Change("explode", "project", "acme", "x"), actor=by_hand(cast.ada))
    assert last_event().action == "change.unknown"


def test_the_same_key_sent_again_gets_the_same_answer(cast):
    change = Change("save", "project", "acme/shop", "web", fields={"name": "Web"}, idempotency_key="k1")
    first = admit(change, actor=by_hand(cast.ada))
    again = admit(change, actor=by_hand(cast.ada))
    assert again.replayed
    assert again.audit_event == first.audit_event


def test_the_same_key_with_another_body_is_invalid(cast):
    admit(
        Change("save", "project", "acme/shop", "web", fields={"name": "Web"}, idempotency_key="k2"),
        actor=by_hand(cast.ada),
    )
    with pytest.raises(Invalid, match="idempotency"):
        admit(
            Change("save", "project", "acme/shop", "web", fields={"name": "Other"}, idempotency_key="k2"),
            actor=by_hand(cast.ada),
        )


def test_why_names_the_chain_that_gives_a_right(cast):
    found = access_query.why(by_hand(cast.ada), "eli", "approve_policy", PROJECT)
    assert [(w.scope, w.role) for w in found] == [("acme", "Policy approver")]


def test_an_object_grant_opens_one_object_only(cast, restricted_template):
    ada = by_hand(cast.ada)
    sam = by_hand(cast.sam)
    assert not rbac.visible(sam, "template").exists()
    fields = {"permission": "view_template", "principal": "user:sam"}
    admit(Change("grant", "object_grant", "acme", "template.secret_sauce", fields=fields), actor=ada)
    assert [t.identifier for t in rbac.visible(sam, "template")] == ["secret_sauce"]
    admit(Change("revoke", "object_grant", "acme", "template.secret_sauce", fields=fields), actor=ada)
    assert not rbac.visible(sam, "template").exists()


def test_grants_on_one_object_are_seen_by_those_who_may_and_by_nobody_else(cast, restricted_template):
    ada = by_hand(cast.ada)
    wanted = [("access_template", "user_group:security_team"), ("view_template", "user:sam")]
    for permission, principal in wanted:
        fields = {"permission": permission, "principal": principal}
        admit(Change("grant", "object_grant", "acme", "template.secret_sauce", fields=fields), actor=ada)
    found = grant_query.on_object(ada, "acme", "template", "secret_sauce")
    assert [(g.permission, g.principal) for g in found.grants] == wanted
    assert grant_query.in_scope(ada, "acme") == found.grants
    with pytest.raises(Denied):
        grant_query.in_scope(by_hand(cast.tess), "acme")
    with pytest.raises(NotFound):
        grant_query.on_object(ada, "acme", "template", "none")


def test_only_rights_the_product_asks_about_can_be_granted_on_an_object(cast, restricted_template):
    fields = {"permission": "delete_template", "principal": "user:sam"}
    with pytest.raises(Invalid, match="access_template, edit_template, view_template"):
        admit(
            Change("grant", "object_grant", "acme", "template.secret_sauce", fields=fields),
            actor=by_hand(cast.ada),
        )


@pytest.fixture
def restricted_template(cast):
    from templates_catalog.models import Template

    return Template.objects.create(
        scope_id=rbac.scopes(by_hand(cast.ada)).get(path="acme").pk,
        identifier="secret_sauce",
        name="Secret sauce",
        type="Stage",
        restricted=True,
    )


def test_a_restricted_template_is_not_inherited(cast, restricted_template):
    assert not rbac.visible(by_hand(cast.dana), "template").exists()
    assert rbac.visible(by_hand(cast.tess), "template").count() == 1


def test_every_name_harness_has_for_a_permission_stands_for_one_there_is():
    assert set(ALIASES.values()) <= known_permissions()
    assert ALIASES["core_setting_edit"] == "administer_setting"
