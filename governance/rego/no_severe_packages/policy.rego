# No packages with a CVSS score of 9 or more
package starter_no_severe_packages

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the packages (package): it must hold that there is none of the vulnerabilities of
# the package where the CVSS score of the cve is at least 9.
violations contains violation if {
	some package_item_key, package_item in input
	some cve in package_item.cves
	lib.at_least(lib.number(lib.field(cve, ["impact", "base_score"])), 9)
	violation := {
		"code": "severe",
		"fix": "Use a version without it.",
		"msg": sprintf("Package '%v' has a vulnerability with a score of 9 or more.", [lib.label(package_item)]),
		"path": lib.path_text([package_item_key]),
	}
}
