"""What is deployed and where: services, environments, infrastructure and overrides."""

from governance.authoring.fields.model import CollectionSpec, specs
from governance.authoring.fields.pipeline import DEPLOYMENT_TYPES, VARIABLE_FIELDS
from governance.authoring.fields.saved import saved_kind

STORE_TYPES = "Github|Git|Gitlab|Bitbucket|AzureRepo|Harness|Http|OciHelmChart|S3|Gcs|Inline"
MANIFEST_FIELDS = specs(
    f"""
    manifest.identifier = identifier
    manifest.type = manifest type [K8sManifest|HelmChart|Kustomize|KustomizePatches|Values|
        OpenshiftTemplate|OpenshiftParam|EcsTaskDefinition|EcsServiceDefinition|ServerlessAwsLambda|
        HelmRepoOverride|AsgLaunchTemplate|TasManifest
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
    type = artifact type [DockerRegistry|Ecr|Gcr|GoogleArtifactRegistry|Acr|ArtifactoryRegistry|
        Nexus3Registry|GithubPackageRegistry|AmazonS3|GoogleCloudStorage|CustomArtifact|Har
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

SERVICE = saved_kind(
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

ENVIRONMENT = saved_kind(
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

INFRASTRUCTURE = saved_kind(
    "infrastructure", "infrastructureEntity",
    specs(
        f"""
        environmentRef:reference = environment
        deploymentType = deployment type [{"|".join(DEPLOYMENT_TYPES)}
        type = infrastructure type [KubernetesDirect|KubernetesGcp|KubernetesAzure|KubernetesAws|
            KubernetesRancher|ECS|ServerlessAwsLambda|AzureWebApp|Asg|GoogleCloudFunctions|Pdc|
            SshWinRmAws|SshWinRmAzure|Elastigroup|TAS|CustomDeployment
        allowSimultaneousDeployments:flag = simultaneous deployments
        spec.connectorRef:reference = connector
        spec.namespace = namespace
        spec.releaseName = release name
        spec.cluster = cluster
        spec.region = region
        """),
    label="infrastructure definition", package="infra", events=("onsave", "onrun"),
)  # fmt: skip

OVERRIDE = saved_kind(
    "override", "overrideEntity",
    specs(
        """
        type = override type [ENV_GLOBAL_OVERRIDE|ENV_SERVICE_OVERRIDE|INFRA_GLOBAL_OVERRIDE|
            INFRA_SERVICE_OVERRIDE
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
