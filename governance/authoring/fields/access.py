"""What gives access: connectors, secrets, shared variables, tokens and keys."""

from governance.authoring.fields.model import CollectionSpec, specs
from governance.authoring.fields.saved import saved_kind

CONNECTOR_TYPES = (
    "Github|Gitlab|Bitbucket|Git|AzureRepo|Codecommit|Aws|Gcp|Azure|DockerRegistry|K8sCluster|"
    "HttpHelmRepo|OciHelmRepo|Nexus|Artifactory|Jira|ServiceNow|Vault|AwsSecretManager|AwsKms|"
    "GcpKms|GcpSecretManager|AzureKeyVault|CustomSecretManager|Prometheus|Datadog|NewRelic|"
    "Dynatrace|Splunk|SumoLogic|AppDynamics|PagerDuty|CEAws|CEAzure|GcpCloudCost|CEK8sCluster|"
    "Jenkins|Spot|Tas|TerraformCloud|Rancher|Bamboo|Pdc|Harness"
)

CONNECTOR = saved_kind(
    "connector", "entity",
    specs(
        f"""
        type = connector type [{CONNECTOR_TYPES}
        spec.url = URL
        spec.type = connection scope [Account|Repo|Project|Region
        spec.validationRepo = repository used for the test
        spec.masterUrl = cluster URL @K8sCluster
        spec.dockerRegistryUrl = registry URL @DockerRegistry
        spec.helmRepoUrl = chart repository URL @HttpHelmRepo OciHelmRepo
        spec.artifactoryServerUrl = Artifactory URL @Artifactory
        spec.nexusServerUrl = Nexus URL @Nexus
        spec.jiraUrl = Jira URL @Jira
        spec.serviceNowUrl = ServiceNow URL @ServiceNow
        spec.vaultUrl = Vault URL @Vault
        spec.providerType = registry provider [DockerHub|Harbor|Quay|Other
        spec.executeOnDelegate:flag = runs on a delegate
        spec.delegateSelectors:list = delegate selectors
        spec.proxy:flag = proxy
        spec.authentication.type = transport [Http|Ssh
        spec.authentication.spec.type = authentication [UsernamePassword|UsernameToken|OAuth|GithubApp|
            Anonymous|KeyReference
        spec.authentication.spec.spec.username = user name
        spec.authentication.spec.spec.tokenRef:reference = token
        spec.auth.type = authentication [UsernamePassword|Anonymous|UsernameToken|ServiceAccount|
            OpenIdConnect|ClientKeyCert|OAuth
        spec.auth.spec.username = user name
        spec.auth.spec.passwordRef:reference = password
        spec.credential.type = credential type [ManualConfig|InheritFromDelegate|Irsa|
            OidcAuthentication|PermanentTokenConfig
        spec.credential.region = region
        spec.credential.crossAccountAccess.crossAccountRoleArn = cross-account role
        spec.credential.spec.masterUrl = cluster URL @K8sCluster
        spec.credential.spec.accessKey = access key
        spec.credential.spec.accessKeyRef:reference = access key
        spec.credential.spec.secretKeyRef:reference = secret key
        spec.credential.spec.auth.type = authentication [UsernamePassword|ServiceAccount|OpenIdConnect|
            ClientKeyCert
        spec.credential.spec.auth.spec.username = user name
        spec.apiAccess:map = API access
        spec.apiAccess.type = kind of API access [Token|GithubApp|OAuth
        """),
    CollectionSpec("delegate_selectors", "delegate selectors", "selector",
                   path="spec.delegateSelectors", scalar=True),
)  # fmt: skip

SECRET = saved_kind(
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

VARIABLE = saved_kind(
    "variable", "variable",
    specs(
        """
        type = variable type [String|string
        value = value
        spec.valueType = value type [FIXED|FIXED_SET|REGEX
        spec.fixedValue = value
        """),
)  # fmt: skip

TOKEN = saved_kind(
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

API_KEY = saved_kind(
    "apiKey", "apiKey",
    specs(
        """
        apiKeyType = kind of key [USER|SERVICE_ACCOUNT
        parentIdentifier = owner
        defaultTimeToExpireToken:number = default lifetime in milliseconds
        """),
    label="API key",
)  # fmt: skip

SERVICE_ACCOUNT = saved_kind(
    "serviceAccount", "serviceAccount", specs("email = email"), label="service account"
)
