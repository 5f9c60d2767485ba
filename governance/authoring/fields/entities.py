"""Entities that are saved one at a time: services, environments, connectors, secrets and so on."""

from governance.authoring.fields.model import CollectionSpec, EntityKind, FieldSpec, specs
from governance.authoring.fields.pipeline import DEPLOYMENT_TYPES, TEXTS, VARIABLE_FIELDS

SAVED = specs(
    """
    identifier = identifier
    name = name
    description = description
    tags:map = tags
    orgIdentifier = organisation
    projectIdentifier = project
    """
)
STORE_TYPES = "Github|Git|Gitlab|Bitbucket|AzureRepo|Harness|Http|OciHelmChart|S3|Gcs|Inline"
MANIFEST_FIELDS = specs(
    f"""
    manifest.identifier = identifier
    manifest.type = manifest type [K8sManifest|HelmChart|Kustomize|KustomizePatches|Values|OpenshiftTemplate|OpenshiftParam|EcsTaskDefinition|EcsServiceDefinition|ServerlessAwsLambda|HelmRepoOverride|AsgLaunchTemplate|TasManifest
    manifest.spec.store.type = store [{STORE_TYPES}
    manifest.spec.store.spec.connectorRef:reference = connector
    manifest.spec.store.spec.repoName = repository
    manifest.spec.store.spec.branch = branch
    manifest.spec.store.spec.commitId = commit
    manifest.spec.store.spec.gitFetchType = kind of revision [Branch|Commit
    manifest.spec.store.spec.paths:list = paths
    manifest.spec.store.spec.folderPath = folder
    manifest.spec.chartName = chart
    manifest.spec.chartVersion:version = chart version
    manifest.spec.helmVersion = Helm version [V2|V3|V380
    """
)  # fmt: skip
ARTIFACT_FIELDS = specs(
    """
    identifier = identifier
    type = artifact type [DockerRegistry|Ecr|Gcr|GoogleArtifactRegistry|Acr|ArtifactoryRegistry|Nexus3Registry|GithubPackageRegistry|AmazonS3|GoogleCloudStorage|CustomArtifact|Har
    spec.connectorRef:reference = connector
    spec.imagePath = image
    spec.tag = tag
    spec.tagRegex = tag pattern
    spec.digest = digest
    spec.registryHostname = registry
    spec.region = region
    """
)  # fmt: skip
CONFIG_FIELDS = specs(
    f"""
    configFile.identifier = identifier
    configFile.spec.store.type = store [{STORE_TYPES}
    configFile.spec.store.spec.branch = branch
    configFile.spec.store.spec.files:list = files
    configFile.spec.store.spec.connectorRef:reference = connector
    """
)
TAGS = CollectionSpec("tags", "tags", "tag", path="tags", scalar=True, by_key=True)


def _kind(
    name: str,
    root: str,
    fields: tuple[FieldSpec, ...],
    *collections: CollectionSpec,
    label: str = "",
    package: str = "",
    events: tuple[str, ...] = ("onsave",),
) -> EntityKind:
    """An entity under one root key; what every saved thing has is added."""
    return EntityKind(
        name=name, label=label or name, package=package or name, root=(root,), events=events,
        fields=SAVED + fields, collections=(*collections, TAGS, *TEXTS),
    )  # fmt: skip


SERVICE = _kind(
    "service", "serviceEntity",
    specs(
        f"""
        gitOpsEnabled:flag = GitOps
        serviceDefinition.type = deployment type [{"|".join(DEPLOYMENT_TYPES)}
        serviceDefinition.spec.manifests:list = manifests
        serviceDefinition.spec.variables:list = variables
        serviceDefinition.spec.configFiles:list = config files
        serviceDefinition.spec.artifacts.primary.primaryArtifactRef:reference = primary artifact
        serviceDefinition.spec.artifacts.primary.sources:list = artifact sources
        serviceDefinition.spec.artifacts.sidecars:list = sidecars
        """),
    CollectionSpec("variables", "variables of the service", "variable", VARIABLE_FIELDS,
                   path="serviceDefinition.spec.variables"),
    CollectionSpec("manifests", "manifests", "manifest", MANIFEST_FIELDS,
                   path="serviceDefinition.spec.manifests"),
    CollectionSpec("artifacts", "artifact sources", "artifact", ARTIFACT_FIELDS,
                   path="serviceDefinition.spec.artifacts.primary.sources"),
    CollectionSpec("config_files", "config files", "config", CONFIG_FIELDS,
                   path="serviceDefinition.spec.configFiles"),
    events=("onsave", "onrun"),
)  # fmt: skip

ENVIRONMENT = _kind(
    "environment", "environmentEntity",
    specs(
        """
        type = environment type [Production|PreProduction
        variables:list = variables
        overrides.manifests:list = manifest overrides
        overrides.configFiles:list = config file overrides
        """),
    CollectionSpec("variables", "variables of the environment", "variable", VARIABLE_FIELDS,
                   path="variables"),
    CollectionSpec("manifests", "manifest overrides", "manifest", MANIFEST_FIELDS,
                   path="overrides.manifests"),
    CollectionSpec("config_files", "config file overrides", "config", CONFIG_FIELDS,
                   path="overrides.configFiles"),
    events=("onsave", "onrun"),
)  # fmt: skip

INFRASTRUCTURE = _kind(
    "infrastructure", "infrastructureEntity",
    specs(
        f"""
        environmentRef:reference = environment
        deploymentType = deployment type [{"|".join(DEPLOYMENT_TYPES)}
        type = infrastructure type [KubernetesDirect|KubernetesGcp|KubernetesAzure|KubernetesAws|KubernetesRancher|ECS|ServerlessAwsLambda|AzureWebApp|Asg|GoogleCloudFunctions|Pdc|SshWinRmAws|SshWinRmAzure|Elastigroup|TAS|CustomDeployment
        allowSimultaneousDeployments:flag = simultaneous deployments
        spec.connectorRef:reference = connector
        spec.namespace = namespace
        spec.releaseName = release name
        spec.cluster = cluster
        spec.region = region
        """),
    label="infrastructure definition", package="infra", events=("onsave", "onrun"),
)  # fmt: skip

CONNECTOR_TYPES = (
    "Github|Gitlab|Bitbucket|Git|AzureRepo|Codecommit|Aws|Gcp|Azure|DockerRegistry|K8sCluster|"
    "HttpHelmRepo|OciHelmRepo|Nexus|Artifactory|Jira|ServiceNow|Vault|AwsSecretManager|AwsKms|"
    "GcpKms|GcpSecretManager|AzureKeyVault|CustomSecretManager|Prometheus|Datadog|NewRelic|"
    "Dynatrace|Splunk|SumoLogic|AppDynamics|PagerDuty|CEAws|CEAzure|GcpCloudCost|CEK8sCluster|"
    "Jenkins|Spot|Tas|TerraformCloud|Rancher|Bamboo|Pdc|Harness"
)
CONNECTOR = _kind(
    "connector", "entity",
    specs(
        f"""
        type = connector type [{CONNECTOR_TYPES}
        spec.url = URL
        spec.type = connection scope [Account|Repo|Project|Region
        spec.validationRepo = repository used for the test
        spec.masterUrl = cluster URL
        spec.dockerRegistryUrl = registry URL
        spec.helmRepoUrl = chart repository URL
        spec.artifactoryServerUrl = Artifactory URL
        spec.nexusServerUrl = Nexus URL
        spec.jiraUrl = Jira URL
        spec.serviceNowUrl = ServiceNow URL
        spec.vaultUrl = Vault URL
        spec.providerType = registry provider [DockerHub|Harbor|Quay|Other
        spec.executeOnDelegate:flag = runs on a delegate
        spec.delegateSelectors:list = delegate selectors
        spec.proxy:flag = proxy
        spec.authentication.type = transport [Http|Ssh
        spec.authentication.spec.type = authentication [UsernamePassword|UsernameToken|OAuth|GithubApp|Anonymous|KeyReference
        spec.authentication.spec.spec.username = user name
        spec.authentication.spec.spec.tokenRef:reference = token
        spec.auth.type = authentication [UsernamePassword|Anonymous|UsernameToken|ServiceAccount|OpenIdConnect|ClientKeyCert|OAuth
        spec.auth.spec.username = user name
        spec.auth.spec.passwordRef:reference = password
        spec.credential.type = credential type [ManualConfig|InheritFromDelegate|Irsa|OidcAuthentication|PermanentTokenConfig
        spec.credential.region = region
        spec.credential.crossAccountAccess.crossAccountRoleArn = cross-account role
        spec.credential.spec.masterUrl = cluster URL
        spec.credential.spec.accessKey = access key
        spec.credential.spec.accessKeyRef:reference = access key
        spec.credential.spec.secretKeyRef:reference = secret key
        spec.credential.spec.auth.type = authentication [UsernamePassword|ServiceAccount|OpenIdConnect|ClientKeyCert
        spec.credential.spec.auth.spec.username = user name
        spec.apiAccess.type = API access [Token|GithubApp|OAuth
        """),
    CollectionSpec("delegate_selectors", "delegate selectors", "selector",
                   path="spec.delegateSelectors", scalar=True),
)  # fmt: skip

SECRET = _kind(
    "secret", "secret",
    specs(
        """
        type = secret type [SecretText|SecretFile|SSHKey|WinRmCredentials
        spec.secretManagerIdentifier:reference = secret manager
        spec.valueType = value type [Inline|Reference|CustomSecretManagerValues
        spec.value = value
        spec.port:number = port
        spec.auth.type = authentication [SSH|Kerberos|NTLM
        spec.auth.spec.credentialType = credential [KeyReference|KeyPath|Password
        """),
)  # fmt: skip
VARIABLE = _kind(
    "variable", "variable",
    specs(
        """
        type = variable type [String|string
        value = value
        spec.valueType = value type [FIXED|FIXED_SET|REGEX
        spec.fixedValue = value
        """),
)  # fmt: skip
OVERRIDE = _kind(
    "override", "overrideEntity",
    specs(
        """
        type = override type [ENV_GLOBAL_OVERRIDE|ENV_SERVICE_OVERRIDE|INFRA_GLOBAL_OVERRIDE|INFRA_SERVICE_OVERRIDE
        environmentRef:reference = environment
        serviceRef:reference = service
        infraIdentifier:reference = infrastructure
        variables:list = variables
        manifests:list = manifests
        configFiles:list = config files
        """),
    CollectionSpec("variables", "overridden variables", "variable", VARIABLE_FIELDS,
                   path="variables"),
    CollectionSpec("manifests", "overridden manifests", "manifest", MANIFEST_FIELDS,
                   path="manifests"),
    CollectionSpec("config_files", "overridden config files", "config", CONFIG_FIELDS,
                   path="configFiles"),
)  # fmt: skip
WORKSPACE = _kind(
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
        repository_connector.type = type of the repository connector [Github|Gitlab|Bitbucket|Git|AzureRepo
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
        "key = name\nvalue = value\nvalue_type = type [string|secret"),
        path="terraform_variables", by_key=True),
    CollectionSpec("environment_variables", "environment variables", "variable", specs(
        "key = name\nvalue = value\nvalue_type = type [string|secret"),
        path="environment_variables", by_key=True),
)  # fmt: skip
GITOPS = _kind(
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
TOKEN = _kind(
    "token", "token",
    specs(
        """
        validFrom:instant = valid from
        validTo:instant = valid until
        scheduledExpireTime:instant = expiry after rotation
        valid:flag = valid
        apiKeyType = kind of key [USER|SERVICE_ACCOUNT
        apiKeyIdentifier:reference = API key
        parentIdentifier = owner
        email = email of the owner
        username = owner
        accountIdentifier = account
        """),
    label="token",
)  # fmt: skip
API_KEY = _kind(
    "apiKey", "apiKey",
    specs(
        """
        apiKeyType = kind of key [USER|SERVICE_ACCOUNT
        parentIdentifier = owner
        defaultTimeToExpireToken:number = default lifetime in milliseconds
        """),
    label="API key",
)  # fmt: skip
SERVICE_ACCOUNT = _kind(
    "serviceAccount", "serviceAccount", specs("email = email"), label="service account"
)
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
        dbInstance.type = database type [jdbc:sqlserver|jdbc:mysql|jdbc:postgresql|jdbc:oracle:thin|mssql|oracle|postgres|mysql
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
ENTITIES = (
    SERVICE, ENVIRONMENT, INFRASTRUCTURE, CONNECTOR, SECRET, VARIABLE, OVERRIDE, WORKSPACE,
    GITOPS, TOKEN, API_KEY, SERVICE_ACCOUNT, FEATURE_FLAG, REPOSITORY, SQL,
)  # fmt: skip
