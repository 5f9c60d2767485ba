# Production environments are named prod
package starter_production_environments_say_so

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the environment, where the type of the environment is "Production": it must hold that the
# name of the environment contains the word "prod" or "production".
violations contains violation if {
	input.environmentEntity.type == "Production"
	not lib.has_word(lib.field(input, ["environmentEntity", "name"]), {"prod", "production"})
	violation := {
		"code": "name",
		"fix": "Put the word prod into its name.",
		"msg": sprintf("Production environment '%v' does not say so.", [lib.shown(lib.field(input, ["environmentEntity", "name"]))]),
		"path": "environmentEntity",
	}
}
