# Every template has a description
package starter_templates_are_described

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the template: it must hold that the description of the template is given.
violations contains violation if {
	not lib.present(lib.field(input, ["template", "description"]))
	violation := {
		"code": "description",
		"fix": "Say what it is for.",
		"msg": sprintf("Template '%v' has no description.", [lib.label(lib.field(input, ["template"]))]),
		"path": "template",
	}
}
