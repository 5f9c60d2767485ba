package infrastructure

import rego.v1

# No simultaneous deployments.

deny contains msg if {
	object.get(input.infrastructureEntity, "allowSimultaneousDeployments", false) == true
	msg := sprintf("infrastructure '%s' lets deployments run at the same time", [input.infrastructureEntity.name])
}
