package pipeline

import rego.v1

# The rolling stage template is used in version 2.2.0 or newer.

deny contains msg if {
	some target in slots
	endswith(target.stage.template.templateRef, "k8s_rolling_deploy")
	label := target.stage.template.versionLabel
	semver.compare(label, "2.2.0") < 0
	msg := sprintf("stage '%s' references k8s_rolling_deploy %s; versions before 2.2.0 are retired", [target.stage.name, label])
}

slots contains {"pos": i, "stage": s} if {
	some i, entry in input.pipeline.stages
	s := entry.stage
}

slots contains {"pos": i, "stage": s} if {
	some i, entry in input.pipeline.stages
	some member in entry.parallel
	s := member.stage
}
