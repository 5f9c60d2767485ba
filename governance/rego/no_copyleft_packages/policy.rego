# No packages under GPL or AGPL
package starter_no_copyleft_packages

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the packages (package): it must hold that there is none of the licences of the
# package where the licence is one of "GPL-2.0", "GPL-3.0" or "AGPL-3.0", in any flavour of it.
violations contains violation if {
	some package_item_key, package_item in input
	some licence in package_item.packageLicense
	lib.licensed(licence, {"gpl-2.0", "gpl-3.0", "agpl-3.0"})
	violation := {
		"code": "copyleft",
		"fix": "Replace it, or ask the legal department.",
		"msg": sprintf("Package '%v' is under a licence we cannot ship.", [lib.label(package_item)]),
		"path": lib.path_text([package_item_key]),
	}
}
