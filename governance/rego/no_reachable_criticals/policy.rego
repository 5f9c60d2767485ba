# No reachable critical or high finding
package starter_no_reachable_criticals

import data.portal.lib

deny contains violation.msg if some violation in violations

# For each of the findings (issue): it must hold that the severity of the issue is not one of
# "Critical" or "High" or the reachability of the issue is not "reachable".
violations contains violation if {
	some issue_place, issue in lib.scan_issues
	issue.severityCode in {"Critical", "High"}
	issue.reachability == "reachable"
	violation := {
		"code": "reachable",
		"fix": "Fix it before anything else.",
		"msg": sprintf("'%v' is severe and reachable.", [lib.label(issue)]),
		"path": lib.path_text(issue_place),
	}
}
