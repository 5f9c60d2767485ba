package variable

import rego.v1

# Variables called TOKEN are secrets.

deny contains msg if {
	endswith(input.variable.identifier, "TOKEN")
	input.variable.type != "Secret"
	msg := sprintf("variable '%s' must not be of type %s", [input.variable.identifier, input.variable.type])
}
