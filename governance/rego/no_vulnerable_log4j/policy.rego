# No log4j-core before 2.17.1
package starter_no_vulnerable_log4j

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the packages (package), where the name of the package is "log4j-core": it must hold
# that the version of the package is not less than "2.17.1" as a version.
violations contains violation if {
	some package_item_key, package_item in input
	package_item.packageName == "log4j-core"
	lib.less_than(lib.version(lib.field(package_item, ["packageVersion"])), lib.version("2.17.1"))
	violation := {
		"code": "log4j",
		"fix": "Use 2.17.1 or newer.",
		"msg": sprintf("log4j-core %v can be taken over from outside.", [lib.shown(lib.field(package_item, ["packageVersion"]))]),
		"path": lib.path_text([package_item_key]),
	}
}
