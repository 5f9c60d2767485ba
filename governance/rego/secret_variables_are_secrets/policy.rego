# Variables that sound secret are secret
package starter_secret_variables_are_secrets

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the variables of the environment (variable), where the name of the variable contains
# "password", "secret" or "token", whatever the capitals: it must hold that the type of the
# variable is "Secret".
violations contains violation if {
	some variable_key, variable in input.environmentEntity.variables
	lib.contains_text(lib.lowered(lib.field(variable, ["name"])), {"password", "secret", "token"})
	not variable.type == "Secret"
	violation := {
		"code": "plain-secret",
		"fix": "Make it a Secret that refers to a stored one.",
		"msg": sprintf("Variable '%v' sounds secret and is not of type Secret.", [lib.label(variable)]),
		"path": lib.path_text(["environmentEntity", "variables", variable_key]),
	}
}
