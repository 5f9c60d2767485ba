package template

import rego.v1

# Template versions are three numbers.

deny contains msg if {
	not regex.match(`^\d+\.\d+\.\d+$`, input.template.versionLabel)
	msg := sprintf("version label '%s' is not of the form 1.2.3", [input.template.versionLabel])
}
