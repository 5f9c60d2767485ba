"""Requests about the platform's own things, second set: workspaces, GitOps, flags, repositories, SQL."""

from __future__ import annotations

from .documents import at, flag, gitops, meta, repository, sql, workspace
from .item import allow, ask, deny, item

ITEMS = [
    item(
        "workspace",
        1,
        "workspaces w/o cost estimation get blocked",
        deny(workspace(cost_estimation_enabled=False)),
        deny(workspace()),
        allow(workspace(cost_estimation_enabled=True)),
    ),
    item(
        "workspace",
        2,
        "The provisioner version of an OpenTofu workspace must be 1.8 or newer, Terraform workspaces don't matter.",
        deny(workspace(provisioner="opentofu", provisioner_version="1.7.3")),
        allow(workspace(provisioner="opentofu", provisioner_version="1.10.0")),
        allow(workspace(provisioner="terraform", provisioner_version="1.5.0")),
    ),
    item(
        "workspace",
        2,
        "A workspace's repository path has to be below infra/",
        deny(workspace(repository_path="apps/net")),
        allow(workspace(repository_path="infra/net")),
    ),
    item(
        "workspace",
        2,
        "Cloud access for workspaces: the provider connector must be ecr_build.",
        deny(workspace(provider_connector={"identifier": "mine"})),
        allow(workspace(provider_connector={"identifier": "ecr_build"})),
    ),
    item(
        "workspace",
        2,
        "A monthly budget may not exceed 3000 on any workspace",
        deny(workspace(budget=3001)),
        allow(workspace(budget=3000)),
    ),
    item(
        "workspace",
        2,
        "Terraform variables of a workspace whose key contains password must have value type secret.",
        deny(
            workspace(
                terraform_variables={
                    "db_password": {"key": "db_password", "value": "x", "value_type": "string"}
                }
            )
        ),
        allow(
            workspace(
                terraform_variables={
                    "db_password": {"key": "db_password", "value": "x", "value_type": "secret"}
                }
            )
        ),
        allow(workspace(terraform_variables={"size": {"key": "size", "value": "x", "value_type": "string"}})),
        allow(workspace()),
    ),
    item(
        "workspace",
        2,
        "We only want project admins to save workspaces that track the branch main.",
        deny(workspace(m=meta(roles=("_project_viewer",)))),
        allow(workspace(m=meta(roles=("_project_admin",)))),
        allow(workspace(repository_branch="dev", m=meta(roles=("_project_viewer",)))),
    ),
    item(
        "workspace",
        1,
        "workspace names: lower case, digits, dashes - between 5 and 30 characters",
        deny(workspace(name="Net_1")),
        deny(workspace(name="net1")),
        allow(workspace(name="net-dev-1")),
    ),
    item(
        "gitops",
        1,
        "All GitOps applications must set a team label.",
        deny(gitops()),
        deny(gitops({"team": ""})),
        allow(gitops({"team": "x"})),
    ),
    item(
        "gitops",
        2,
        "Argo CD apps can't pull from anything but repos in https://github.com/halden/",
        deny(gitops(spec={"source": {"repoURL": "https://github.com/someone/web"}})),
        allow(gitops()),
    ),
    item(
        "gitops",
        2,
        "Self-healing has to be enabled on each gitops application",
        deny(gitops(spec={"syncPolicy": {"automated": {"selfHeal": False}}})),
        deny(gitops()),
        allow(gitops(spec={"syncPolicy": {"automated": {"selfHeal": True}}})),
    ),
    item(
        "gitops",
        2,
        "gitops apps deploying to the namespace payments must come from the revision release",
        deny(gitops(spec={"destination": {"namespace": "payments"}, "source": {"targetRevision": "main"}})),
        allow(
            gitops(spec={"destination": {"namespace": "payments"}, "source": {"targetRevision": "release"}})
        ),
        allow(gitops()),
    ),
    item(
        "gitops",
        2,
        "Syncing a GitOps application is reserved to SRE.",
        deny(gitops(m=meta(groups=("qa_guild",), action="onsync"))),
        allow(gitops(m=meta(groups=("sre",), action="onsync"))),
    ),
    item(
        "gitops",
        2,
        "The sync option CreateNamespace=true is forbidden in GitOps applications",
        deny(gitops(spec={"syncPolicy": {"syncOptions": ["CreateNamespace=true"]}})),
        allow(gitops(spec={"syncPolicy": {"syncOptions": ["CreateNamespace=false"]}})),
        allow(gitops()),
    ),
    item(
        "gitops",
        2,
        "No GitOps application may use the argo project default or have an empty one.",
        deny(gitops()),
        deny(gitops(spec={"project": ""})),
        allow(gitops(spec={"project": "freight"})),
    ),
    item(
        "gitops",
        1,
        "destination server of gitops apps must be https://kubernetes.default.svc",
        deny(gitops(spec={"destination": {"server": "https://10.0.0.1", "namespace": "web"}})),
        allow(gitops(spec={"destination": {"server": "https://kubernetes.default.svc", "namespace": "web"}})),
    ),
    item(
        "feature_flag",
        1,
        "Flags must carry a tag.",
        deny(flag()),
        allow(flag(tags=["a"])),
    ),
    item(
        "feature_flag",
        2,
        "Feature flag names: camelCase or snake_case? We settled on snake_case.",
        deny(flag(name="newCheckout")),
        allow(flag(name="new_checkout")),
    ),
    item(
        "feature_flag",
        2,
        "Reject feature flags whose description is shorter than 15 characters",
        deny(flag(description="too short")),
        allow(flag(description="Switches the new checkout on")),
    ),
    item(
        "feature_flag",
        2,
        "A flag with traffic type account must have an owner that is a team.",
        deny(flag([{"ownerType": "user", "ownerId": "u"}], trafficTypeName="account")),
        deny(flag(trafficTypeName="account")),
        allow(flag([{"ownerType": "team", "ownerId": "t"}], trafficTypeName="account")),
        allow(flag()),
    ),
    item(
        "feature_flag",
        2,
        "Killed feature flags (status KILLED) must not be saved any more",
        deny(flag(status="KILLED")),
        allow(flag()),
    ),
    item(
        "feature_flag",
        2,
        "The rollout status of a flag has to be one of Ramping, Permanent or Removed.",
        deny(flag(rolloutStatusName="Whatever")),
        allow(flag(rolloutStatusName="Ramping")),
    ),
    item(
        "feature_flag",
        1,
        "Do not let anyone save a feature flag with more than four tags.",
        deny(flag(tags=["a", "b", "c", "d", "e"])),
        allow(flag(tags=["a", "b", "c", "d"])),
    ),
    item(
        "repository",
        1,
        "Repos have to be private.",
        deny(repository(is_public=True)),
        allow(repository()),
    ),
    item(
        "repository",
        2,
        "repository identifiers must be lower-case kebab case, at most 40 long",
        deny(repository(identifier="Shop_Api")),
        deny(repository(identifier="s" * 41)),
        allow(repository(identifier="shop-api")),
    ),
    item(
        "repository",
        1,
        "Default branch is main or trunk for every repository",
        deny(repository(default_branch="master")),
        allow(repository(default_branch="trunk")),
        allow(repository()),
    ),
    item(
        "repository",
        2,
        "Public repositories need a license, private ones don't.",
        deny(repository(is_public=True)),
        allow(repository(is_public=True, license="mit")),
        allow(repository()),
    ),
    item(
        "repository",
        2,
        "New repos have to be created with a readme",
        deny(repository(readme=False)),
        allow(repository(readme=True)),
    ),
    item(
        "repository",
        2,
        "Only platform engineering is allowed to create public repositories",
        deny(repository(is_public=True)),
        allow({**repository(is_public=True), "metadata": meta(groups=("platform_engineering",))}),
        allow(repository()),
    ),
    item(
        "sql",
        1,
        "DROP DATABASE and DROP SCHEMA are never ok",
        deny(sql("drop schema billing")),
        deny(sql("DROP DATABASE orders")),
        allow(sql("DROP TABLE tmp")),
    ),
    item(
        "sql",
        2,
        "Migrations against the schema payments must not contain any DELETE.",
        deny(
            {**sql("DELETE FROM a WHERE id = 1"), "dbSchema": {"identifier": "payments", "name": "payments"}}
        ),
        allow(sql("DELETE FROM a WHERE id = 1")),
        allow({**sql("select 1"), "dbSchema": {"identifier": "payments", "name": "payments"}}),
    ),
    item(
        "sql",
        2,
        "Reject any database change in which an ALTER TABLE statement appears unless a DBA runs it.",
        deny(sql("alter table a add b int")),
        allow({**sql("alter table a add b int"), "metadata": meta(groups=("dba",))}),
        allow(sql("select 1")),
    ),
    item(
        "sql",
        2,
        "SQL may not be longer than 1000 characters per statement",
        deny(sql("select '" + "x" * 1000 + "'")),
        allow(sql("select 1")),
    ),
    item(
        "sql",
        2,
        "only PostgreSQL and MySQL databases may be changed",
        deny(sql("select 1", type="jdbc:sqlserver")),
        allow(sql("select 1", type="jdbc:mysql")),
        allow(sql("select 1")),
    ),
    item(
        "sql",
        2,
        "UPDATEs without WHERE are blocked.",
        deny(sql("UPDATE a SET b = 1")),
        allow(sql("UPDATE a SET b = 1 WHERE c = 2")),
        allow(sql("DELETE FROM a")),
    ),
    item(
        "sql",
        2,
        "Creating or dropping an index? Not between 6 am and 8 pm UTC.",
        deny({**sql("CREATE INDEX i ON a (b)"), "metadata": meta(at("2025-11-18T10:00:00+00:00"))}),
        allow({**sql("CREATE INDEX i ON a (b)"), "metadata": meta(at("2025-11-18T21:00:00+00:00"))}),
        allow({**sql("select 1"), "metadata": meta(at("2025-11-18T10:00:00+00:00"))}),
    ),
    item("workspace", 2, "Workspaces must be tidy", ask()),
    item("gitops", 2, "GitOps applications have to be healthy enough", ask()),
    item("feature_flag", 2, "Feature flags older than six months must be removed", ask()),
    item("sql", 2, "Big tables must not be altered", ask()),
]
