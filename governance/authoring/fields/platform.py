"""Workspaces, GitOps applications, feature flags, repositories and database changes."""

from governance.authoring.fields.model import CollectionSpec, EntityKind, specs
from governance.authoring.fields.pipeline import TEXTS
from governance.authoring.fields.saved import saved_kind

WORKSPACE = saved_kind(
    "workspace", "workspace",
    specs(
        """
        account = account
        org = organisation
        project = project
        provisioner = provisioner [terraform|opentofu
        provisioner_version:version = provisioner version
        repository = repository
        repository_branch = branch
        repository_commit = commit
        repository_path = path
        repository_connector:reference = repository connector
        repository_connector.identifier:reference = repository connector
        repository_connector.type = type of the repository connector [Github|Gitlab|Bitbucket|Git|
            AzureRepo
        repository_connector.spec.url = repository URL
        provider_connector:reference = provider connector
        provider_connector.identifier:reference = provider connector
        provider_connector.type = type of the provider connector [Aws|Gcp|Azure
        cost_estimation_enabled:flag = cost estimation
        terraform_variables:map = Terraform variables
        environment_variables:map = environment variables
        budget:number = budget
        status = status [active|inactive|drifted|failed|provisioning|destroying|unknown
        created:instant = created
        updated:instant = updated
        """),
    CollectionSpec("terraform_variables", "Terraform variables", "variable", specs(
        "@key = name\nvalue = value\nvalue_type = type [string|secret"),
        path="terraform_variables", by_key=True),
    CollectionSpec("environment_variables", "environment variables", "variable", specs(
        "@key = name\nvalue = value\nvalue_type = type [string|secret"),
        path="environment_variables", by_key=True),
)  # fmt: skip

GITOPS = saved_kind(
    "gitopsApplication", "gitopsApplication",
    specs(
        """
        agentIdentifier:reference = agent
        clusterIdentifier:reference = cluster
        repoIdentifier:reference = repository
        app.metadata.name = application name
        app.metadata.namespace = application namespace
        app.metadata.labels:map = labels
        app.spec.project = Argo project
        app.spec.source.repoURL = repository URL
        app.spec.source.path = path
        app.spec.source.targetRevision = target revision
        app.spec.source.chart = chart
        app.spec.sources:list = sources
        app.spec.destination.server = cluster server
        app.spec.destination.name = cluster name
        app.spec.destination.namespace = namespace
        app.spec.syncPolicy:map = sync policy
        app.spec.syncPolicy.automated:map = automatic sync
        app.spec.syncPolicy.automated.prune:flag = pruning
        app.spec.syncPolicy.automated.selfHeal:flag = self-healing
        app.spec.syncPolicy.syncOptions:list = sync options
        app.status.sync.status = sync status [Synced|OutOfSync|Unknown
        app.status.health.status = health [Healthy|Degraded|Progressing|Suspended|Missing|Unknown
        """),
    CollectionSpec("sources", "sources", "source", specs(
        "repoURL = repository URL\npath = path\ntargetRevision = target revision"),
        path="app.spec.sources"),
    CollectionSpec("sync_options", "sync options", "option", path="app.spec.syncPolicy.syncOptions",
                   scalar=True),
    CollectionSpec("labels", "labels", "label", path="app.metadata.labels", scalar=True,
                   by_key=True),
    label="GitOps application", events=("onsave", "onsync"),
)  # fmt: skip

FEATURE_FLAG = EntityKind(
    name="featureFlag", label="feature flag", package="fme_feature_flags", root=("featureFlag",),
    events=("onsave",), metadata=False,
    fields=specs(
        """
        id = identifier
        name = name
        description = description
        status = status [ACTIVE|ARCHIVED|KILLED
        trafficTypeName = traffic type
        trafficType.name = traffic type
        rolloutStatusName = rollout status
        tags:list = tags
        keyMetrics:list = key metrics
        supportingMetrics:list = supporting metrics
        pendingChangeRequests:number = pending change requests
        hasPendingStatusChange:flag = pending status change
        lastTrafficDate:instant = last traffic
        """),
    collections=(
        CollectionSpec("flag_tags", "tags", "tag", path="tags", scalar=True),
        CollectionSpec("owners", "owners", "owner", specs(
            "id = owner\nownerId = owner\nownerType = kind of owner [team|user\n"
            "ownerName = name"), path="entityMetadata.owners", of="input"),
        *TEXTS,
    ),
)  # fmt: skip

REPOSITORY = EntityKind(
    name="repository", label="repository", package="repository", root=(), events=("onsave",),
    fields=specs(
        """
        identifier = identifier
        name = name
        default_branch = default branch
        description = description
        git_ignore = gitignore template
        is_public:flag = public
        license = license
        readme:flag = README
        parent_ref = parent
        """),
    collections=TEXTS,
)  # fmt: skip

SQL = EntityKind(
    name="dbSql", label="database change", package="db_sql", root=(), events=("onsave", "onstep"),
    fields=specs(
        """
        dbInstance.identifier = database instance
        dbInstance.name = name of the instance
        dbInstance.type = database type [jdbc:sqlserver|jdbc:mysql|jdbc:postgresql|jdbc:oracle:thin|
            mssql|oracle|postgres|mysql
        dbInstance.dbConnectionUrl = connection URL
        dbInstance.tags:map = tags of the instance
        dbSchema.identifier = schema
        dbSchema.name = name of the schema
        sqlStatements:list = SQL statements
        """),
    collections=(
        CollectionSpec("statements", "SQL statements", "statement", path="sqlStatements",
                       scalar=True),
        *TEXTS,
    ),
)  # fmt: skip
