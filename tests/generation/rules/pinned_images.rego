package pipeline

import rego.v1

# Steps run in images with a version.

deny contains msg if {
	some step in steps_in(input.pipeline)
	image := step.spec.image
	unpinned(image)
	msg := sprintf("step '%s' runs in '%s'; pin a version", [step.name, image])
}

unpinned(image) if endswith(image, ":latest")

unpinned(image) if not contains(image, ":")

steps_in(part) := [v |
	walk(part, [path, v])
	path[count(path) - 1] == "step"
]
