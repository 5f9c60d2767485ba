package pipeline

import rego.v1

# Variables with passwords are of type Secret.

deny contains msg if {
	some variable in input.pipeline.variables
	regex.match(`(?i)password|token`, variable.name)
	variable.type != "Secret"
	msg := sprintf("variable '%s' has to be a Secret", [variable.name])
}
