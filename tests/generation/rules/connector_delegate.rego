package connector

import rego.v1

# Connectors run on the delegate.

deny contains msg if {
	object.get(input.entity.spec, "executeOnDelegate", false) != true
	msg := sprintf("connector '%s' must execute on the delegate", [input.entity.name])
}
