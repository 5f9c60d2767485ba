package connector

import rego.v1

# AWS connectors do not use static keys.

deny contains msg if {
	input.entity.spec.credential.type == "ManualConfig"
	msg := sprintf("connector '%s' uses static access keys", [input.entity.name])
}
