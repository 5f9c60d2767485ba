# Every secret is described
package starter_secrets_are_described

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the secret: it must hold that the description of the secret is given.
violations contains violation if {
	not lib.present(lib.field(input, ["secret", "description"]))
	violation := {
		"code": "description",
		"fix": "Say what it opens and who rotates it.",
		"msg": sprintf("Secret '%v' has no description.", [lib.label(lib.field(input, ["secret"]))]),
		"path": "secret",
	}
}
