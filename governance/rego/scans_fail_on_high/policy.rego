# Scanners stop the run on high findings
package starter_scans_fail_on_high

import data.portal.lib

step_types := {
	"HarnessSAST",
	"Semgrep",
	"Sonarqube",
	"Checkmarx",
	"CheckmarxOne",
	"CodeQL",
	"Bandit",
	"Brakeman",
	"Coverity",
	"Veracode",
	"FortifyOnDemand",
	"AquaTrivy",
	"Grype",
	"PrismaCloud",
	"Sysdig",
	"Anchore",
	"AnchoreEnterprise",
}

listed_fail_on_severitys := {
	"high",
	"critical",
	"medium",
	"low",
}

deny contains violation.msg if some violation in violations

# For each of the steps at any depth, rollback too (step), where the type of the step is one of
# "HarnessSAST", "Semgrep", "Sonarqube", "Checkmarx", "CheckmarxOne", "CodeQL", "Bandit",
# "Brakeman", "Coverity", "Veracode", "FortifyOnDemand", "AquaTrivy", "Grype", "PrismaCloud",
# "Sysdig", "Anchore" or "AnchoreEnterprise": it must hold that the severity that fails the scan
# of the step is one of "high", "critical", "medium" or "low".
violations contains violation if {
	some step_type in step_types
	some step_place, step in lib.all_steps_of_type[step_type]
	step.type in step_types
	not lib.field(step, ["spec", "advanced", "fail_on_severity"]) in listed_fail_on_severitys
	violation := {
		"code": "fail-on-severity",
		"fix": "Set advanced.fail_on_severity to high.",
		"msg": sprintf("Scanner '%v' does not stop the run on high findings.", [lib.label(step)]),
		"path": lib.path_text(array.concat(["pipeline"], step_place)),
	}
}
