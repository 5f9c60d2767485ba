package infrastructure

import rego.v1

# Infrastructure does not use the namespace default.

deny contains msg if {
	input.infrastructureEntity.spec.namespace == "default"
	msg := sprintf("infrastructure '%s' deploys into the namespace default", [input.infrastructureEntity.name])
}
