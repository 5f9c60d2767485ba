# Production deployments need an approval
package starter_production_needs_approval

import data.portal.lib

approval_types := {
	"HarnessApproval",
	"JiraApproval",
	"ServiceNowApproval",
	"CustomApproval",
}

deploy_types := {
	"K8sRollingDeploy",
	"K8sBlueGreenDeploy",
	"K8sCanaryDeploy",
	"K8sApply",
	"HelmDeploy",
	"HelmBGDeploy",
	"HelmCanaryDeploy",
	"EcsRollingDeploy",
	"EcsBlueGreenCreateService",
	"EcsCanaryDeploy",
	"ServerlessAwsLambdaDeploy",
	"AwsLambdaDeploy",
	"AwsSamDeploy",
	"AzureWebAppSlotDeployment",
	"AzureSlotDeployment",
	"GoogleCloudRunDeploy",
	"DeployCloudFunction",
	"AsgRollingDeploy",
	"AsgCanaryDeploy",
	"AsgBlueGreenDeploy",
	"AppSetup",
	"BasicAppSetup",
	"RollingDeploy",
	"Command",
}

deny contains violation.msg if some violation in violations

# For each of the stages, parallel ones too (stage), where the stage deploys to production: it
# must hold that the stage is approved before it deploys.
violations contains violation if {
	some stage_place in lib.production
	stage := lib.stages[stage_place]
	not lib.approved_before(stage_place, set(), approval_types, deploy_types)
	violation := {
		"code": "approval-missing",
		"fix": "Add an approval step in an earlier stage, or in front of the deploy steps of this one.",
		"msg": sprintf("Stage '%v' deploys to production without an approval before it.", [lib.label(stage)]),
		"path": lib.path_text(array.concat(["pipeline"], stage_place)),
	}
}
