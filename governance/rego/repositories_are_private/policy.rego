# Repositories are private
package starter_repositories_are_private

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the repository: it must hold that the public of the repository is not true.
violations contains violation if {
	input.is_public == true
	violation := {
		"code": "public",
		"fix": "Make it private.",
		"msg": sprintf("Repository '%v' is public.", [lib.label(input)]),
		"path": "",
	}
}
