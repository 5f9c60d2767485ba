package template

import rego.v1

# Templates have a description.

deny contains msg if {
	object.get(input.template, "description", "") == ""
	msg := sprintf("template '%s' is not described", [input.template.identifier])
}
