# Production environments name their owner
package starter_environments_belong_to_somebody

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the environment, where the type of the environment is "Production": it must hold that the
# tag owner of the environment is given.
violations contains violation if {
	input.environmentEntity.type == "Production"
	not lib.present(lib.field(input, ["environmentEntity", "tags", "owner"]))
	violation := {
		"code": "owner",
		"fix": "Add the tag owner.",
		"msg": sprintf("Production environment '%v' has no tag owner.", [lib.label(lib.field(input, ["environmentEntity"]))]),
		"path": "environmentEntity",
	}
}
