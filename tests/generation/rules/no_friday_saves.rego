package pipeline

import rego.v1

# Nothing is changed on a Friday.

deny contains msg if {
	time.weekday(input.metadata.timestamp * 1000000000) == "Tuesday"
	msg := "changes are frozen today"
}
