"""How people say the things of the field catalogue. Words for a new field or kind belong here.

Every field can be said by its label and by the last part of its path without an entry; an entry
adds other words. Phrases are written in any form, they are matched by their base forms.
"""

from __future__ import annotations

# what a kind of document, or an element of one of its collections, is called
NOUNS: dict[str, dict[str, str]] = {
    "pipeline": {
        "document": "pipeline|pipeline run|run of a pipeline",
        "stages": "stage|pipeline stage",
        "all_steps": "step|pipeline step|execution step",
        "rollback_steps": "rollback step|rollback",
        "step_groups": "step group",
        "templates_used": "template reference|template link|reference to a template",
        "variables": "pipeline variable|variable",
        "stage_variables": "stage variable",
        "notification_rules": "notification rule|notification",
        "stage_strategies": "failure strategy|failure handling",
        "step_strategies": "failure strategy|failure handling",
        "secret_reads": "secret read|secret reference",
        "texts": "text|string",
        "approver_groups": "approver|approver group",
        "image_tags": "image tag",
        "headers": "header",
        "env_variables": "step environment variable|environment variable of a step",
        "output_variables": "output variable",
    },
    "template": {
        "document": "template",
        "stages": "stage",
        "all_steps": "step",
        "variables": "template input|template variable|input|variable",
    },
    "service": {
        "document": "service|service definition",
        "variables": "variable|service variable",
        "manifests": "manifest|service manifest",
        "artifacts": "artifact|artifact source",
        "config_files": "config file|configuration file",
    },
    "environment": {
        "document": "environment",
        "variables": "variable|environment variable",
        "manifests": "manifest override",
        "config_files": "config file override",
    },
    "infrastructure": {
        "document": "infrastructure|infrastructure definition|infra definition",
    },
    "connector": {"document": "connector", "delegate_selectors": ""},
    "secret": {"document": "secret"},
    "variable": {"document": "variable|shared variable|global variable"},
    "override": {
        "document": "override|service override|environment override|override of a service",
        "variables": "variable|overridden variable|variable override|override variable",
        "manifests": "manifest|override manifest|manifest override",
        "config_files": "config file|config file override|configuration file|override config file",
    },
    "workspace": {
        "document": "workspace|iacm workspace|terraform workspace",
        "terraform_variables": "terraform variable|variable",
        "environment_variables": "environment variable",
    },
    "gitopsApplication": {
        "document": "gitops application|argo application|argocd application|application|gitops sync"
        "|sync|sync of an application|argo cd application",
        "sources": "source",
        "sync_options": "",
        "labels": "",
    },
    "token": {"document": "token|api token|access token"},
    "apiKey": {"document": "api key|key"},
    "serviceAccount": {"document": "service account"},
    "featureFlag": {
        "document": "feature flag|flag|fme flag",
        "flag_tags": "tag",
        "owners": "owner|flag owner",
    },
    "repository": {"document": "repository|code repository|git repository"},
    "dbSql": {
        "document": "database|db|database instance|database change|sql change|schema change|change|migration|changeset"
        "|database migration|db change|change set",
        "statements": "sql statement|statement|sql|query|sql command|sql script|command",
    },
    "terraformPlan": {
        "document": "plan|terraform plan|terraform run|terraform",
        "resource_changes": "resource change",
        "planned_resources": "resource|planned resource|terraform resource",
        "providers": "provider",
        "module_calls": "module",
        "actions": "",
    },
    "terraformPlanCost": {
        "document": "plan|terraform plan|cost estimate|plan cost|terraform change|change"
        "|cost estimation|terraform",
        "cost_by_type": "resource type",
        "costs": "resource",
    },
    "terraformState": {
        "document": "state|terraform state|state file",
        "resources": "",
        "instances": "resource|state resource|terraform resource",
    },
    "securityTests": {
        "document": "scan result|security test result|scan|security scan|test result|result"
        "|security test|scan report",
        "scan_outputs": "",
        "scan_issues": "issue|finding|vulnerability|security issue|security finding",
        "references": "",
        "occurrences": "occurrence",
    },
    "sbom": {
        "document": "sbom|bill of material|software bill of material",
        "packages": "package|dependency|component|library|open source package|artifact",
        "licences": "",
    },
    "firewall": {
        "document": "artifact firewall|firewall|upstream firewall|upstream proxy",
        "packages": "package|dependency|artifact|upstream package|open source package|library"
        "|upstream artifact",
        "cves": "vulnerability|cve",
        "licences": "",
    },
}  # fmt: skip

# what is one of them by its type alone
KINDS_BY_TYPE: dict[str, str] = {"secret": "ssh key|winrm credential|secret file|file secret|text secret"}

# other words for a field: by "entity:path", or by path for every entity
FIELDS: dict[str, str] = {
    "identifier": "identifier|id",
    "name": "name",
    "description": "description|documentation text",
    "tags": "tag|tags",
    "orgIdentifier": "organisation|organisation identifier",
    "projectIdentifier": "project|project identifier",
    "timeout": "timeout|time out|time limit|step timeout|run time|runtime limit",
    "type": "type|kind",
    "value": "value",
    "variables": "variable",
    "failureStrategies": "failure strategy|failure handling",
    "delegateSelectors": "delegate selector",
    "notificationRules": "notification rule|notification",
    "properties.ci.codebase.connectorRef": "codebase connector|code connector",
    "properties.ci.codebase.depth": "clone depth",
    "spec.deploymentType": "deployment type",
    "spec.service.serviceRef": "service",
    "spec.environment.environmentRef": "environment|target environment|environment reference",
    "spec.platform.os": "operating system|os|platform",
    "spec.platform.arch": "architecture|cpu architecture",
    "spec.runtime.type": "runtime|runtime type|runner|build runner|build machine",
    "spec.infrastructure.type": "build infrastructure|infrastructure|build infrastructure type",
    "spec.infrastructure.spec.namespace": "namespace|build namespace",
    "spec.infrastructure.spec.connectorRef": "build connector|cluster connector|connector",
    "spec.approvers.minimumCount": "minimum count|minimum number of approver|number of approver"
    "|approver count|minimum approver|approval count|minimum approval",
    "spec.approvers.disallowPipelineExecutor": "disallow pipeline executor",
    "spec.approvers.userGroups": "approver group|approver|user group",
    "spec.command": "command|script|shell command",
    "spec.source.spec.script": "script|source|code|inline script",
    "spec.image": "image|container image|docker image",
    "spec.connectorRef": "connector|connector reference|registry connector|docker connector",
    "spec.privileged": "privileged|privileged mode",
    "spec.runAsUser": "user id|run as user",
    "spec.resources.limits.cpu": "cpu limit|cpu|core limit|cpu resource limit",
    "spec.resources.limits.memory": "memory limit|memory|ram|ram limit|memory resource limit",
    "spec.resources.requests.cpu": "cpu request",
    "spec.resources.requests.memory": "memory request",
    "spec.host": "host|registry host|registry|gcr host|container registry host",
    "spec.tags": "image tag|tag",
    "spec.repo": "repository|image repository",
    "spec.region": "region",
    "spec.advanced.fail_on_severity": "fail on severity",
    "spec.method": "method|http method",
    "spec.shell": "shell",
    "serviceDefinition.type": "deployment type|type|kind",
    "manifest.type": "manifest type|type",
    "manifest.spec.store.type": "store type|store|file store|source",
    "manifest.spec.store.spec.branch": "branch|git branch",
    "manifest.spec.store.spec.repoName": "repository|git repository",
    "configFile.spec.store.type": "store type|store|source|file store",
    "configFile.spec.store.spec.branch": "branch|git branch",
    "environment:type": "type|environment type|kind",
    "environmentRef": "environment|environment reference|target environment",
    "serviceRef": "service|service reference",
    "allowSimultaneousDeployments": "simultaneous deployment|parallel deployment"
    "|concurrent deployment|allow simultaneous deployment",
    "infrastructure:spec.namespace": "namespace|kubernetes namespace",
    "infrastructure:spec.releaseName": "release name|helm release name",
    "infrastructure:spec.connectorRef": "connector|cluster connector|connector reference",
    "infrastructure:deploymentType": "deployment type",
    "connector:type": "type|connector type|kind",
    "connector:spec.url": "url|address|link|repository url|git url",
    "connector:spec.type": "url type|connection scope|connection type",
    "connector:spec.credential.type": "credential|credential type|authentication type|login type",
    "connector:spec.auth.type": "authentication|authentication type|auth type|auth|login",
    "connector:spec.authentication.type": "transport|authentication|authentication type",
    "connector:spec.authentication.spec.type": "authentication|authentication type|auth type|auth"
    "|login",
    "connector:spec.credential.spec.auth.type": "authentication|authentication type|auth type|auth"
    "|login",
    "connector:spec.executeOnDelegate": "execute on delegate|delegate execution",
    "connector:spec.dockerRegistryUrl": "registry url|docker registry url|url|registry address",
    "connector:spec.credential.region": "region|aws region",
    "secret:type": "type|secret type|kind",
    "spec.secretManagerIdentifier": "belong to|secret manager|secret store|secret manager identifier|vault",
    "spec.valueType": "value type|kind of value",
    "versionLabel": "version|version label|version number|label of the version",
    "template.versionLabel": "template version|version label|version",
    "template.templateRef": "template|template reference|stage template|step template|pipeline template|golden template",
    "template:type": "type|template type|kind",
    "childType": "child type|step type|kind of step",
    "spec.timeout": "timeout|time out",
    "provisioner": "provisioner|iac tool|tool",
    "provisioner_version": "provisioner version|terraform version|opentofu version|version"
    "|tofu version|terraform|opentofu",
    "repository_branch": "branch|repository branch|git branch",
    "repository_path": "path|repository path|folder",
    "repository_connector.identifier": "repository connector|git connector",
    "provider_connector.identifier": "provider connector|cloud connector",
    "repository_connector.spec.url": "repository url|url of the repository connector",
    "cost_estimation_enabled": "cost estimation|cost estimate",
    "budget": "budget",
    "agentIdentifier": "agent|gitops agent",
    "clusterIdentifier": "cluster",
    "app.metadata.labels": "label",
    "app.metadata.name": "application name|app name",
    "app.metadata.namespace": "application namespace",
    "app.spec.project": "argo project|argo cd project|argocd project|project",
    "app.spec.source.repoURL": "repository url|repository|git repository|source repository"
    "|repo url|source url|git url",
    "app.spec.source.targetRevision": "target revision|revision|git revision|branch",
    "app.spec.source.path": "path|source path",
    "app.spec.destination.namespace": "namespace|destination namespace|target namespace",
    "app.spec.destination.server": "server|destination server|destination cluster|cluster server",
    "app.spec.syncPolicy.automated": "automatic sync|automated sync|auto sync|automatic syncing"
    "|sync automation",
    "app.spec.syncPolicy.automated.prune": "automated pruning|automatic prune|prune|pruning|auto prune|automatic pruning",
    "app.spec.syncPolicy.automated.selfHeal": "self heal|self healing|automatic healing",
    "app.spec.syncPolicy.syncOptions": "sync option",
    "app.status.sync.status": "sync status",
    "app.status.health.status": "health|health status",
    "apiKeyType": "type|token type|api key type|kind|key type",
    "apiKeyIdentifier": "api key",
    "validTo": "expiry|expiry date|expiration|expiration date|end date|valid until|expiry time",
    "parentIdentifier": "parent",
    "trafficTypeName": "traffic type",
    "rolloutStatusName": "rollout status",
    "status": "status|state",
    "ownerType": "type|owner type|kind",
    "ownerId": "identifier",
    "default_branch": "default branch|main branch|branch",
    "is_public": "public|visibility",
    "license": "licence|license",
    "readme": "readme",
    "repository:identifier": "identifier|id|name|repository name",
    "git_ignore": "gitignore|git ignore",
    "dbInstance.type": "type|database type|instance type|db type|engine",
    "dbInstance.name": "instance name|database name|instance|database",
    "dbInstance.identifier": "instance|database|instance identifier",
    "dbSchema.name": "schema name|schema",
    "TotalMonthlyCost": "total monthly cost|monthly cost|total cost|cost|monthly bill|bill"
    "|monthly total|monthly spend|price|monthly price|total monthly bill|total|monthly total cost",
    "DiffTotalMonthlyCost": "increase|cost increase|monthly increase|increase of monthly cost"
    "|monthly cost increase|difference|additional cost|extra cost|rise|growth|additional monthly cost",
    "PercentageChangeTotalMonthlyCost": "percentage change|change in percent|percentage increase"
    "|increase|growth|rise|cost increase|relative increase|monthly cost increase|monthly increase",
    "details.epss.score": "epss score|epss|exploit probability", "details.epss.percentile": "epss percentile",
    "CODE_COVERAGE": "code coverage|coverage|test coverage",
    "EXTERNAL_POLICY_FAILURES": "external policy failure|policy failure|external failure",
    "BASE_IMAGE_APPROVED": "approved base image|base image approval|base image approved",
    "severityCode": "severity",
    "reachability": "reachability",
    "packageName": "name|package name",
    "packageVersion": "version|package version",
    "packageLicense": "licence|licence information|licence id|license identifier|licence list",
    "packageOriginatorName": "supplier|originator|vendor|publisher",
    "purl": "purl|package url",
    "filterTags": "layer",
    "licenses": "licence|licence information|licence list",
    "latest_version": "latest version|newest version",
    "package_manager": "package manager|ecosystem|package type",
    "release_date": "release date|publication date|age",
    "oss_risk.level": "risk level|risk|oss risk|oss risk level|open source risk",
    "oss_risk.score": "risk score|oss risk score",
    "impact.base_score": "cvss score|cvss|base score|score|cvss base score|cvss rating",
    "impact.base_severity": "severity",
    "terraform_version": "terraform version|version",
}  # fmt: skip

# words for attributes of Terraform resources, wherever they stand: planned values, changes, states
ATTRIBUTES: dict[str, str] = {
    "tags": "tag",
    "instance_type": "instance type|type|size|instance size|machine type",
    "instance_class": "instance class|class|database class|db class",
    "ami": "ami|machine image|image",
    "storage_encrypted": "storage encryption|encryption|encrypted storage|encrypt|encryption at rest",
    "encrypted": "encryption|encrypted|encrypt|encryption at rest",
    "publicly_accessible": "public access|public accessibility|publicly accessible",
    "deletion_protection": "deletion protection|delete protection|protection against deletion",
    "backup_retention_period": "backup retention|backup retention period|backup|backup period|retention of backup"
    "|retention period|day of backup",
    "associate_public_ip_address": "public ip|public ip address|public address",
    "region": "region",
    "acl": "acl|access list|canned acl",
    "bucket": "bucket name|name of bucket",
    "engine": "engine|database engine|db engine",
    "engine_version": "engine version|database version|db version",
    "allocated_storage": "allocated storage|storage|disk|disk size|storage size",
    "size": "size|volume size",
    "volume_type": "volume type",
    "force_destroy": "force destroy|forced deletion",
    "multi_az": "multi az|multi-az|multiple availability zone|several availability zone",
    "runtime": "runtime|lambda runtime",
    "memory_size": "memory size|memory",
    "cidr_block": "cidr|cidr block|address range",
    "cidr_blocks": "cidr block|cidr|address range|source range",
    "kms_key_id": "kms key|encryption key|customer managed key",
    "versioning": "versioning",
    "enable_key_rotation": "key rotation|rotation of key",
    "skip_final_snapshot": "skip final snapshot",
}  # fmt: skip

# other words for a literal an enumeration can take
VALUES: dict[str, str] = {
    "Deployment": "deployment|deploy|cd|delivery",
    "CI": "ci|build|continuous integration",
    "SecurityTests": "security|security test|scan",
    "K8sCluster": "kubernetes cluster|kubernetes|k8s|cluster",
    "DockerRegistry": "docker registry|docker|container registry",
    "Github": "github|git hub", "Gitlab": "gitlab|git lab", "Bitbucket": "bitbucket",
    "Aws": "aws|amazon", "Gcp": "gcp|google cloud|google", "Azure": "azure",
    "Vault": "vault|hashicorp vault|hashicorp",
    "HttpHelmRepo": "http helm repository|helm repository|helm",
    "OciHelmRepo": "oci helm repository",
    "ManualConfig": "manual config|manual credential|static access key|static credential"
    "|access key|static key|manual|long-lived access key|manual configuration|hard-coded credential",
    "InheritFromDelegate": "inherit credential from delegate|inherit from delegate|inherit from the delegate|delegate inheritance"
    "|inheriting from the delegate|credential of the delegate|inherited from the delegate",
    "Irsa": "irsa",
    "OidcAuthentication": "oidc|oidc authentication|openid connect",
    "UsernamePassword": "username and password|user name and password|username/password"
    "|username password|basic auth|password|basic authentication",
    "UsernameToken": "username and token|user name and token|personal access token|token",
    "Anonymous": "anonymous|anonymous access|anonymous authentication",
    "ServiceAccount": "service account|service account token",
    "ClientKeyCert": "client certificate|client key|client key certificate",
    "GithubApp": "github app", "OAuth": "oauth", "Ssh": "ssh", "Http": "http|https",
    "SecretText": "text|text secret|secret text", "SecretFile": "file|file secret|secret file",
    "SSHKey": "ssh key|ssh", "WinRmCredentials": "winrm|winrm credential",
    "Production": "production|prod|live",
    "PreProduction": "pre-production|preproduction|pre-prod|preprod|non-production|non-prod"
    "|nonproduction|nonprod",
    "KubernetesDirect": "kubernetes direct|own kubernetes|kubernetes|kubernetes cluster|kubernetes build farm|build farm"
    "|kubernetes build cluster|kubernetes farm",
    "Kubernetes": "kubernetes", "NativeHelm": "native helm|helm", "ECS": "ecs|amazon ecs",
    "Cloud": "cloud|harness cloud|hosted", "VM": "vm|virtual machine",
    "replacement": "replacement", "Linux": "linux", "MacOS": "macos|mac", "Windows": "windows",
    "Amd64": "amd64|x86|intel", "Arm64": "arm64|arm",
    "opentofu": "opentofu|open tofu|tofu", "terraform": "terraform",
    "USER": "user|personal|personal access", "SERVICE_ACCOUNT": "service account|service",
    "ACTIVE": "active", "ARCHIVED": "archived|archive", "KILLED": "killed",
    "Critical": "critical", "High": "high", "Medium": "medium|moderate", "Low": "low",
    "Info": "info|informational",
    "CRITICAL": "critical", "HIGH": "high", "MEDIUM": "medium", "LOW": "low",
    "reachable": "reachable", "not_reachable": "unreachable|not reachable",
    "Harness": "harness|harness file|file", "Inline": "inline", "Reference": "reference",
    "StageRollback": "stage rollback|rollback|roll back|roll back the stage",
    "MarkAsFailure": "mark as failure", "MarkAsSuccess": "mark as success", "Ignore": "ignore",
    "ManualIntervention": "manual intervention", "Abort": "abort", "Retry": "retry",
    "PipelineRollback": "pipeline rollback|roll back the pipeline",
    "jdbc:mysql": "mysql", "jdbc:postgresql": "postgresql|postgres", "jdbc:oracle:thin": "oracle",
    "jdbc:sqlserver": "sql server|sqlserver|mssql|microsoft sql server",
    "ENV_GLOBAL_OVERRIDE": "environment global|global environment|global",
    "ENV_SERVICE_OVERRIDE": "environment service|service",
    "INFRA_GLOBAL_OVERRIDE": "infrastructure global|infrastructure",
    "INFRA_SERVICE_OVERRIDE": "infrastructure service",
    "Synced": "synced|in sync", "OutOfSync": "out of sync|out-of-sync",
    "Healthy": "healthy", "Degraded": "degraded",
    "team": "team", "user": "user|individual user|individual|person|single user|individual person",
    "Slack": "slack", "Email": "email|e-mail", "PagerDuty": "pagerduty", "MsTeams": "ms teams",
    "Secret": "secret", "String": "string|text|plain text", "Number": "number",
}  # fmt: skip

# verbs that say a field: "stored in X" is a test on the secret manager
VERBS: dict[str, str] = {
    "spec.secretManagerIdentifier": "store in|be store in|keep in|hold in|live in|save in|use|reside in"
    "|be put in|come from|put in|be in|be manage by|manage by|belong in|belong into|go into|go in|be hold in|sit in|be place in"
    "|be keep by|stay in|be locate in|land in|be house in",
    "connector:spec.url": "point to|point at|link to|go to|connect to|refer to|use",
    "connector:spec.dockerRegistryUrl": "point to|point at|connect to",
    "connector:spec.credential.type": "use|have|authenticate with|log in with|authenticate by|login with"
    "|sign in with|authenticate via|authenticate through|log in via|log in by",
    "connector:spec.auth.type": "use|authenticate with|log in with|login with|allow|authenticate by"
    "|sign in with|authenticate via|log in via|log in by",
    "connector:spec.authentication.spec.type": "use|authenticate with|log in with|login with"
    "|authenticate via|sign in with|authenticate by",
    "connector:spec.credential.spec.auth.type": "use|authenticate with|log in with|login with"
    "|authenticate via|sign in with|authenticate by|log in via|log in by",
    "connector:spec.providerType": "talk to|use|connect to|point to|pull from|go to|be for",
    "connector:spec.authentication.type": "use|authenticate over|connect over|authenticate through|log in over|go over"
    "|connect through|connect via|talk over",
    "manifest.spec.store.spec.connectorRef": "use|be fetch with|be fetch through|be load with|be load through|be pull with"
    "|fetch with|load with|come through|go through|be read with|be fetch via|be take through|be pull through",
    "artifact:spec.connectorRef": "be pull with|be pull through|come through|go through|use",
    "connector:spec.delegateSelectors": "use|run through|run on|go through",
    "manifest.spec.store.spec.branch": "come from|be fetch from|fetch from|load from|be load from"
    "|be take from|take from|use|be pull from|pull from|live on|be on|track|read from|be read from",
    "manifest.spec.store.type": "come from|be fetch from|fetch from|load from|be load from|use"
    "|be take from|take from|be store in|store in|be keep in|keep in|live in|pull from",
    "configFile.spec.store.type": "come from|be fetch from|fetch from|load from|be load from|use"
    "|be take from|take from|be store in|store in|keep in",
    "configFile.spec.store.spec.branch": "come from|be fetch from|fetch from|load from|use|take from"
    "|be take from",
    "environmentRef": "belong to|be in|target|be for|for|point to|use|apply to|be part of|live in",
    "serviceRef": "belong to|be for|for|target|apply to",
    "infrastructure:spec.namespace": "use|deploy to|deploy into|be in|target|run in|point to|live in",
    "infrastructure:spec.connectorRef": "use|connect with|connect through|go through|connect via",
    "spec.infrastructure.spec.namespace": "run in|use|be in|build in|execute in",
    "spec.infrastructure.type": "run on|use|build on|be build on",
    "spec.runtime.type": "run on|use|run in|build on",
    "spec.platform.os": "run on|use|be build on|build on",
    "spec.platform.arch": "run on|use|build on",
    "spec.service.serviceRef": "deploy|deploy service|of the service|be for|of",
    "template.templateRef": "come from|use|be build from|build from|be create from|create from|be base on"
    "|base on|be make from|make from|reference|refer to|be derive from|derive from|link to|build on",
    "spec.connectorRef": "push to|be push to|publish to|use|go through|connect with|push through|push with|push via",
    "spec.host": "push to|use|be push to|build and push to|publish to|go to|be publish to|send to",
    "spec.image": "use|run|run in|be base on",
    "spec.tags": "use|carry|push|have|be tag|tag|be tag as|be label",
    "serviceDefinition.type": "be",
    "connector:spec.executeOnDelegate": "run on a delegate|run through a delegate|execute on a delegate"
    "|go through a delegate|be execute on a delegate|be run on a delegate|be run through a delegate",
    "provisioner_version": "use|run|run on",
    "provisioner": "use|run|run on|be manage with|be manage by|be provision with|be provision by",
    "terraform_version": "be write by|be write with|be make by|be make with|be create by|be create with|use|run|be plan with|run on",
    "spec.cloneCodebase": "clone codebase|clone code|check out code|clone repository",
    "repository_branch": "take code from|come from|be take from|load code from|get code from|read from|track|use|be on|follow|build from|be build from|point to|deploy from",
    "repository_connector.identifier": "use|come through|go through",
    "provider_connector.identifier": "use",
    "app.spec.destination.namespace": "deploy to|deploy into|target|be deploy to|be deploy into|use"
    "|sync into|sync to|go to|be in|run in|write to",
    "app.spec.source.targetRevision": "track|follow|use|deploy|point to|sync from|be on|come from|be deploy from|be take from"
    "|be sync from|deploy from",
    "app.spec.source.repoURL": "come from|be under|live under|point to|use|be load from|deploy from"
    "|be source from|sync from|pull from|be pull from",
    "app.spec.project": "belong to|be in|use|be part of|live in",
    "app.spec.destination.server": "deploy to|target|be deploy to",
    "agentIdentifier": "use|run on",
    "default_branch": "use",
    "trafficTypeName": "use|have|be for",
    "packageLicense": "be licence under|licence under|under|be under|use|be release under"
    "|release under|carry|have|be distribute under",
    "licenses": "be licence under|licence under|under|be under|use|be release under|carry|have"
    "|release under",
    "package_manager": "come from|be from|from|use",
    "impact.base_score": "",
    "notificationMethod.type": "use|go through|be send by|be send to|be send through|notify through|notify via",
    "values.instance_type": "be|use|have|run on", "change.after.instance_type": "be|use|have",
    "attributes.instance_type": "be|use|have", "values.region": "be in|run in|be create in|create in|use",
    "spec.provisionerIdentifier": "use",
    "TotalMonthlyCost": "cost", "values.ami": "use",
    "spec.advanced.fail_on_severity": "fail on",
    "spec.source.spec.script": "", "spec.command": "run|execute",
    "dbInstance.type": "on|be on|run on|run against", "oss_risk.level": "be of|have",
}  # fmt: skip

# adjectives and set phrases for a flag or one value: word -> (path, value)
STATES: dict[str, tuple[tuple[str, str, object], ...]] = {
    "repository": (
        ("public|publicly visible|open to everyone", "is_public", True),
        ("private|not public", "is_public", False),
    ),
    "terraformPlan": (
        ("encrypted|encrypt|encrypt at rest", "values.storage_encrypted", True),
        ("publicly accessible|reachable from the internet|public|open to internet|expose to internet"
         "|accessible from internet|accessible from the internet", "values.publicly_accessible", True),
        ("protect against deletion|protect from deletion|delete protect", "values.deletion_protection", True),
    ),
    "terraformState": (
        ("encrypted|encrypt|encrypt at rest", "attributes.storage_encrypted", True),
        ("publicly accessible|reachable from the internet|public", "attributes.publicly_accessible", True),
    ),
    "gitopsApplication": (
        ("prune|pruned", "app.spec.syncPolicy.automated.prune", True),
        ("self-heal", "app.spec.syncPolicy.automated.selfHeal", True),
        ("sync automatically|be sync automatically|auto-sync", "app.spec.syncPolicy.automated", "@present"),
    ),
    "pipeline": (("privileged", "spec.privileged", True),),
    "featureFlag": (("archived|archive", "status", "ARCHIVED"),),
    "securityTests": (("reachable", "reachability", "reachable"),),
}  # fmt: skip

# things that stand for a resource type in Terraform
RESOURCES: dict[str, str] = {
    "aws_instance": "ec2 instance|ec2|ec2 machine|virtual machine|instance|ec2 server",
    "aws_db_instance": "rds instance|rds database|rds|database instance|rds db|managed database|database|db instance",
    "aws_s3_bucket": "s3 bucket|bucket|s3",
    "aws_nat_gateway": "nat gateway|nat",
    "aws_security_group": "security group",
    "aws_security_group_rule": "security group rule",
    "aws_iam_user": "iam user", "aws_iam_role": "iam role", "aws_iam_policy": "iam policy",
    "aws_ebs_volume": "ebs volume|volume", "aws_lambda_function": "lambda function|lambda",
    "aws_eks_cluster": "eks cluster", "aws_lb": "load balancer", "aws_vpc": "vpc",
    "aws_subnet": "subnet", "aws_kms_key": "kms key", "aws_dynamodb_table": "dynamodb table|dynamodb",
    "aws_rds_cluster": "rds cluster|aurora cluster",
    "google_storage_bucket": "gcs bucket|google storage bucket",
    "azurerm_storage_account": "azure storage account",
}  # fmt: skip

# other words for step types, and words that stand for a family of them
STEP_TYPES: dict[str, str] = {
    "ShellScript": "shell script|shell-script|script", "HarnessApproval": "harness approval",
    "JiraApproval": "jira approval", "ServiceNowApproval": "service now approval|servicenow approval",
    "CustomApproval": "custom approval", "Run": "run", "RunTests": "run test|test",
    "Gitleaks": "gitleaks", "AquaTrivy": "aqua trivy|trivy", "Sonarqube": "sonar|sonarqube",
    "TerraformDestroy": "terraform destroy", "TerraformApply": "terraform apply",
    "TerraformPlan": "terraform plan", "Http": "http|http request|http call",
    "Email": "email|e-mail|mail", "Wait": "wait", "Barrier": "barrier", "Container": "container",
    "K8sRollingDeploy": "rolling deploy|rolling deployment|kubernetes rolling deploy"
    "|kubernetes rolling deployment|rolling",
    "K8sBlueGreenDeploy": "blue-green deploy|blue-green deployment|blue-green|blue/green deployment"
    "|kubernetes blue-green deployment",
    "K8sCanaryDeploy": "canary deploy|canary deployment|canary|kubernetes canary deployment",
    "K8sCanaryDelete": "canary delete|canary deletion",
    "K8sApply": "kubernetes apply", "K8sDelete": "kubernetes delete", "HelmDeploy": "helm deploy|helm deployment",
    "K8sRollingRollback": "rolling rollback", "Policy": "policy", "Plugin": "plugin",
    "Background": "background", "Verify": "verify|verification",
    "BuildAndPushECR": "build and push ecr|ecr push", "BuildAndPushGCR": "build and push gcr|gcr push",
    "BuildAndPushACR": "build and push acr|acr push",
    "BuildAndPushDockerRegistry": "build and push docker registry|docker push|docker hub push",
    "GitClone": "git clone", "JiraCreate": "jira create", "Queue": "queue",
}  # fmt: skip
SCAN_WORDS: dict[str, str] = {
    "sast": "sast|static analysis|static code analysis|static application security testing|static",
    "sca": "sca|software composition analysis|dependency|composition analysis|open source dependency",
    "container": "container|container image|image|image security",
    "dast": "dast|dynamic application security testing|dynamic analysis|dynamic",
    "secret": "secret|secret detection|secrets detection|leaked secret|credential",
}  # fmt: skip

# which words make a document of this kind the likely topic although its noun is not said
HINTS: dict[str, str] = {
    "pipeline": "deployment|deploy|stage|step|approval|approve|scan|production|image|release|build",
    "securityTests": "finding|vulnerability|coverage|cve|scan|severity|external policy failure",
    "sbom": "sbom|package|licence|dependency|log4j",
    "firewall": "firewall|cvss|oss risk",
    "terraformPlan": "terraform|resource|bucket|instance|rds|destroy",
    "terraformPlanCost": "cost|bill|budget|monthly|spend|dollar",
    "terraformState": "state",
    "dbSql": "sql|drop|truncate|statement|grant|database|delete|alter|where|table|column|insert",
    "gitopsApplication": "gitops|argo|sync",
    "featureFlag": "flag",
    "token": "token",
}  # fmt: skip
