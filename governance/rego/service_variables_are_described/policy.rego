# Variables of services are described
package starter_service_variables_are_described

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the variables of the service (variable): it must hold that the description of the
# variable is given.
violations contains violation if {
	some variable_key, variable in input.serviceEntity.serviceDefinition.spec.variables
	not lib.present(lib.field(variable, ["description"]))
	violation := {
		"code": "description",
		"fix": "Say what it is for.",
		"msg": sprintf("Variable '%v' has no description.", [lib.label(variable)]),
		"path": lib.path_text(["serviceEntity", "serviceDefinition", "spec", "variables", variable_key]),
	}
}
