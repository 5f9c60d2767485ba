# Git connectors use an encrypted connection
package starter_git_connectors_use_https

import data.portal.lib

listed_types := {
	"Github",
	"Gitlab",
	"Bitbucket",
	"Git",
}

deny contains violation.msg if some violation in violations

# For the connector, where the type of the connector is one of "Github", "Gitlab", "Bitbucket" or
# "Git": it must hold that the URL of the connector does not start with "http://", whatever the
# capitals.
violations contains violation if {
	input.entity.type in listed_types
	lib.starts_with(lib.lowered(lib.field(input, ["entity", "spec", "url"])), {"http://"})
	violation := {
		"code": "http",
		"fix": "Use https or ssh.",
		"msg": sprintf("Connector '%v' uses plain http.", [lib.label(lib.field(input, ["entity"]))]),
		"path": "entity",
	}
}
