# Every package says its licence
package starter_packages_have_a_licence

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the packages (package): it must hold that there is one of the licences of the
# package where the licence is given and the licence is not "NOASSERTION".
violations contains violation if {
	some package_item_key, package_item in input
	not has_licence(package_item)
	violation := {
		"code": "no-licence",
		"fix": "Find out its licence, or replace it.",
		"msg": sprintf("Package '%v' carries no licence.", [lib.label(package_item)]),
		"path": lib.path_text([package_item_key]),
	}
}

# There is one of the licences of the package where the licence is given and the licence is not
# "NOASSERTION".
has_licence(package_item) if {
	some licence in package_item.packageLicense
	lib.present(licence)
	licence != "NOASSERTION"
}
