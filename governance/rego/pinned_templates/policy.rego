# Templates are used in a fixed version
package starter_pinned_templates

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the template links (link): it must hold that the version label of the link is given.
violations contains violation if {
	some link_place, link in lib.templates_used
	not lib.present(lib.field(link, ["versionLabel"]))
	violation := {
		"code": "pin",
		"fix": "Add versionLabel.",
		"msg": sprintf("Template '%v' is used without a version.", [lib.shown(lib.field(link, ["templateRef"]))]),
		"path": lib.path_text(array.concat(["pipeline"], link_place)),
	}
}
