# Pushed images are scanned
package starter_images_are_scanned

import data.portal.lib

step_types := {
	"BuildAndPushDockerRegistry",
	"BuildAndPushECR",
	"BuildAndPushGCR",
	"BuildAndPushACR",
	"BuildAndPushGAR",
}

scan_types := {
	"AquaTrivy",
	"Grype",
	"PrismaCloud",
	"Sysdig",
	"Anchore",
	"AnchoreEnterprise",
}

deny contains violation.msg if some violation in violations

# For each of the steps of the normal run at any depth (step), where the type of the step is one
# of "BuildAndPushDockerRegistry", "BuildAndPushECR", "BuildAndPushGCR", "BuildAndPushACR" or
# "BuildAndPushGAR": it must hold that there is one of the steps of the normal run at any depth
# where (the step type of the scan is one of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig",
# "Anchore" or "AnchoreEnterprise") and the step comes before the scan.
violations contains violation if {
	some step_type in step_types
	some step_place, step in lib.steps_of_type[step_type]
	step.type in step_types
	not has_scan(step_place)
	violation := {
		"code": "image-scan",
		"fix": "Add an image scan after the push.",
		"msg": sprintf("Nothing scans the image that step '%v' pushes.", [lib.label(step)]),
		"path": lib.path_text(array.concat(["pipeline"], step_place)),
	}
}

# There is one of the steps of the normal run at any depth where (the step type of the scan is one
# of "AquaTrivy", "Grype", "PrismaCloud", "Sysdig", "Anchore" or "AnchoreEnterprise") and the step
# comes before the scan.
has_scan(step_place) if {
	some scan_type in scan_types
	some scan_place, scan in lib.steps_of_type[scan_type]
	scan.type in scan_types
	lib.before(step_place, scan_place)
}
