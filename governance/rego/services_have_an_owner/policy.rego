# Every service has an owner
package starter_services_have_an_owner

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the service: it must hold that the tag owner of the service is given.
violations contains violation if {
	not lib.present(lib.field(input, ["serviceEntity", "tags", "owner"]))
	violation := {
		"code": "owner",
		"fix": "Add the tag owner with the name of a team.",
		"msg": sprintf("Service '%v' has no tag owner.", [lib.label(lib.field(input, ["serviceEntity"]))]),
		"path": "serviceEntity",
	}
}
