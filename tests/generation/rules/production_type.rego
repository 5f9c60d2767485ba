package environment

import rego.v1

# Environments called prod are of type Production.

deny contains msg if {
	startswith(input.environmentEntity.identifier, "prod_")
	input.environmentEntity.type != "Production"
	msg := sprintf("environment '%s' must be of type Production", [input.environmentEntity.identifier])
}
