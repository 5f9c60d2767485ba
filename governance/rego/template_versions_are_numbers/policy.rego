# Template versions are three numbers
package starter_template_versions_are_numbers

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the template: it must hold that the version label of the template matches
# "^[0-9]+\.[0-9]+\.[0-9]+$".
violations contains violation if {
	not lib.matches(lib.field(input, ["template", "versionLabel"]), {`^[0-9]+\.[0-9]+\.[0-9]+$`})
	violation := {
		"code": "version",
		"fix": "Use a label like 1.4.0.",
		"msg": sprintf("Version '%v' is not three numbers.", [lib.shown(lib.field(input, ["template", "versionLabel"]))]),
		"path": "template",
	}
}
