"""What runs produce: scan results, SBOMs, artifact firewall, Terraform plans, costs and states."""

from dataclasses import replace

from governance.authoring.fields.model import CollectionSpec, EntityKind, specs

RESOURCE_FIELDS = specs(
    """
    address = address
    type = resource type
    name = name
    mode = mode [managed|data
    provider_name = provider
    module_address = module
    values:map = values
    values.tags:map = tags
    values.instance_type = instance type @aws_instance aws_launch_template aws_launch_configuration
    values.instance_class = instance class
    values.ami = machine image
    values.region = region
    values.encrypted:flag = encryption
    values.storage_encrypted:flag = encryption
    values.publicly_accessible:flag = publicly accessible @aws_db_instance aws_rds_cluster_instance aws_redshift_cluster aws_dms_replication_instance
    values.internal:flag = internal @aws_lb aws_alb aws_elb
    values.monitoring:flag = detailed monitoring @aws_instance aws_launch_template
    values.acl = access list [private|public-read|public-read-write|authenticated-read|log-delivery-write|
        bucket-owner-read|bucket-owner-full-control|aws-exec-read @aws_s3_bucket aws_s3_bucket_acl aws_s3_object
    values.bucket = bucket name
    values.engine = engine
    values.engine_version:version = engine version @aws_db_instance aws_rds_cluster aws_rds_cluster_instance aws_elasticache_cluster
    values.version:version = cluster version @aws_eks_cluster
    values.allocated_storage:number = storage in GB
    values.size:number = size in GB
    values.volume_type = volume type @aws_ebs_volume
    values.runtime = runtime @aws_lambda_function
    values.memory_size:number = memory in MB
    values.cidr_block = address ranges
    values.cidr_blocks:list = address ranges
    values.kms_key_id = encryption key
    values.enable_key_rotation:flag = key rotation
    values.description = description
    values.retention_in_days:number = days of retention @aws_cloudwatch_log_group
    values.skip_final_snapshot:flag = skips the final snapshot
    values.force_destroy:flag = force destroy
    values.multi_az:flag = several zones
    values.deletion_protection:flag = deletion protection
    values.backup_retention_period:number = days of backups
    values.associate_public_ip_address:flag = public address
    """
)
CHANGE_FIELDS = specs(
    """
    address = address
    type = resource type
    name = name
    mode = mode [managed|data
    provider_name = provider
    module_address = module
    change.actions:list = actions
    change.before:map = values before
    change.after:map = values after
    """
) + tuple(
    replace(f, path="change.after." + f.path.removeprefix("values."))
    for f in RESOURCE_FIELDS
    if f.path.startswith("values.")
)
TERRAFORM_PLAN = EntityKind(
    name="terraformPlan", label="Terraform plan", package="terraform_plan", root=(),
    events=("afterTerraformPlan",),
    fields=specs(
        """
        terraform_version:version = Terraform version
        format_version:version = format version
        timestamp:instant = time of the plan
        resource_changes:list = resource changes
        planned_values:map = planned values
        variables:map = variables
        output_changes:map = output changes
        configuration.provider_config:map = providers
        configuration.root_module.module_calls:map = module calls
        iacmMetadata.workspace = workspace
        iacmMetadata.org = organisation
        iacmMetadata.project = project
        """),
    collections=(
        CollectionSpec("resource_changes", "resource changes", "change", CHANGE_FIELDS,
                       path="resource_changes"),
        CollectionSpec("actions", "actions of a change", "action", path="change.actions",
                       of="change", scalar=True),
        CollectionSpec("planned_resources", "planned resources, modules too", "resource",
                       RESOURCE_FIELDS),
        CollectionSpec("plan_variables", "variables", "variable", specs("@key = name\nvalue:any = value"),
                       path="variables", by_key=True),
        CollectionSpec("output_changes", "changed outputs", "output", specs(
            "@key = name\nactions:list = actions\nafter:any = value\nbefore:any = value before"),
            path="output_changes", by_key=True),
        CollectionSpec("planned_outputs", "planned outputs", "output", specs(
            "@key = name\nvalue:any = value\nsensitive:flag = sensitive"), path="planned_values.outputs",
            by_key=True),
        CollectionSpec("providers", "providers", "provider", specs(
            "name = name\nfull_name = source\nversion_constraint:version = version\n"
            "expressions.region.constant_value = region"),
            path="configuration.provider_config", by_key=True),
        CollectionSpec("module_calls", "module calls", "module", specs(
            "source = source\nversion_constraint:version = version"),
            path="configuration.root_module.module_calls", by_key=True),
    ),
)  # fmt: skip
COSTS = (
    "CurrentMonthlyCost:number = {0}\nPreviousMonthlyCost:number = {0} before\n"
    "DiffMonthlyCost:number = increase\nPercentageChangeMonthlyCost:number = increase in percent"
)
TERRAFORM_COST = EntityKind(
    name="terraformPlanCost", label="Terraform plan cost", package="terraform_plan_cost", root=(),
    events=("afterTerraformPlan",),
    fields=specs(
        """
        Currency = currency
        TotalMonthlyCost:number = total monthly cost
        PastTotalMonthlyCost:number = total monthly cost before
        DiffTotalMonthlyCost:number = increase of the monthly cost
        PercentageChangeTotalMonthlyCost:number = increase in percent
        Diff:map = cost by resource type
        iacmMetadata.workspace = workspace
        iacmMetadata.org = organisation
        iacmMetadata.project = project
        """),
    collections=(
        CollectionSpec("cost_by_type", "cost by resource type", "cost",
                       specs(COSTS.format("monthly cost")), path="Diff", by_key=True),
        CollectionSpec("costs", "cost by resource", "resource",
                       specs("Name = resource\n" + COSTS.format("monthly cost")),
                       path="Diff.[].Diff"),
    ),
)  # fmt: skip
TERRAFORM_STATE = EntityKind(
    name="terraformState", label="Terraform state", package="terraform_state", root=(),
    events=("afterTerraformPlan", "afterTerraformApply"),
    fields=specs(
        """
        terraform_version:version = Terraform version
        version:number = format version
        serial:number = serial
        lineage = lineage
        resources:list = resources
        outputs:map = outputs
        iacmMetadata.workspace = workspace
        """),
    collections=(
        CollectionSpec("resources", "resources", "resource", specs(
            "type = resource type\nname = name\nmode = mode [managed|data\nprovider = provider\n"
            "module = module\ninstances:list = instances"), path="resources"),
        CollectionSpec("instances", "instances of a resource", "instance", specs(
            """
            attributes:map = attributes
            attributes.tags:map = tags
            attributes.instance_type = instance type @aws_instance aws_launch_template aws_launch_configuration
            attributes.ami = machine image
            attributes.region = region
            attributes.associate_public_ip_address:flag = public address
            attributes.encrypted:flag = encryption
            attributes.storage_encrypted:flag = encryption
            attributes.publicly_accessible:flag = publicly accessible @aws_db_instance aws_rds_cluster_instance aws_redshift_cluster aws_dms_replication_instance
            attributes.force_destroy:flag = force destroy
            attributes.acl = access list @aws_s3_bucket aws_s3_bucket_acl aws_s3_object
            attributes.bucket = bucket name
            attributes.instance_class = instance class
            attributes.engine = engine
            attributes.engine_version:version = engine version @aws_db_instance aws_rds_cluster aws_rds_cluster_instance aws_elasticache_cluster
            attributes.allocated_storage:number = storage in GB
            attributes.deletion_protection:flag = deletion protection
            attributes.backup_retention_period:number = days of backups
            attributes.multi_az:flag = several zones
            """), path="instances", of="resource"),
        CollectionSpec("outputs", "outputs", "output", specs(
            "@key = name\nvalue:any = value\nsensitive:flag = sensitive\ntype = type"), path="outputs",
            by_key=True),
    ),
)  # fmt: skip
SECURITY_TESTS = EntityKind(
    name="securityTests", label="security test result", package="securityTests", root=(),
    events=("onstep",), array=True, metadata=False, fields=(),
    collections=(
        CollectionSpec("scan_outputs", "summary of the scan", "output", specs(
            """
            CRITICAL:number = critical findings
            HIGH:number = high findings
            MEDIUM:number = medium findings
            LOW:number = low findings
            INFO:number = informational findings
            TOTAL:number = findings
            NEW_CRITICAL:number = new critical findings
            NEW_HIGH:number = new high findings
            NEW_MEDIUM:number = new medium findings
            NEW_LOW:number = new low findings
            NEW_TOTAL:number = new findings
            CODE_COVERAGE:number = code coverage
            EXTERNAL_POLICY_FAILURES:number = external policy failures
            APP_CRITICAL:number = critical findings in the application
            APP_HIGH:number = high findings in the application
            BASE_CRITICAL:number = critical findings in the base image
            BASE_HIGH:number = high findings in the base image
            BASE_IMAGE_APPROVED = approved base image [true|false
            """)),
        CollectionSpec("scan_issues", "findings", "issue", specs(
            """
            id = identifier
            title = title
            severityCode = severity [Critical|High|Medium|Low|Info
            severity:number = score
            reachability = reachability [reachable|not_reachable|unknown
            occurrences:list = occurrences
            details.referenceIdentifiers:list = references
            details.epss.score:number = exploit probability
            details.epss.percentile:number = exploit percentile
            """)),
        CollectionSpec("references", "references of a finding", "reference", specs(
            "id = identifier\ntype = kind [cve|cwe"), path="details.referenceIdentifiers",
            of="issue"),
        CollectionSpec("occurrences", "occurrences of a finding", "occurrence", specs(
            "fileName = file"), path="occurrences", of="issue"),
    ),
)  # fmt: skip
SBOM = EntityKind(
    name="sbom", label="SBOM", package="sbom", root=(), events=("onstep",), array=True,
    metadata=False, fields=(),
    collections=(
        CollectionSpec("packages", "packages", "package", specs(
            """
            uuid = identifier
            packageName = name
            packageVersion:version = version
            packageLicense:list = licences
            purl = package URL
            packageOriginatorName = supplier
            packageType = kind
            filterTags:list = layers
            """), path=""),
        CollectionSpec("licences", "licences of a package", "licence", path="packageLicense",
                       of="package", scalar=True),
        CollectionSpec("layers", "layers of a package", "layer", path="filterTags", of="package",
                       scalar=True),
    ),
)  # fmt: skip
FIREWALL = EntityKind(
    name="firewall", label="artifact firewall", package="firewall", root=(),
    events=("onEvaluation",), array=True, metadata=False, fields=(),
    collections=(
        CollectionSpec("packages", "packages", "package", specs(
            """
            purl = package URL
            name = name
            version:version = version
            description = description
            latest_version:version = latest version
            licenses:list = licences
            package_manager = package manager [npm|pypi|maven|nuget|cargo|golang|gem|composer|conda|docker
            release_date:instant = release date
            cves:list = vulnerabilities
            oss_risk.level = risk level [critical|high|medium|low
            oss_risk.score:number = risk score
            """), path=""),
        CollectionSpec("licences", "licences of a package", "licence", path="licenses",
                       of="package", scalar=True),
        CollectionSpec("cves", "vulnerabilities of a package", "cve", specs(
            """
            id = identifier
            impact.base_score:number = CVSS score
            impact.base_severity = severity [CRITICAL|HIGH|MEDIUM|LOW|NONE
            """), path="cves", of="package"),
    ),
)  # fmt: skip
SUPPLY_CHAIN = (
    TERRAFORM_PLAN, TERRAFORM_COST, TERRAFORM_STATE, SECURITY_TESTS, SBOM, FIREWALL,
)  # fmt: skip
