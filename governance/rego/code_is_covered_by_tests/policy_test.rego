package starter_code_is_covered_by_tests_test

import data.starter_code_is_covered_by_tests as policy

# breaks: there is one of the summary of the scan where the code coverage of the output is at least 80 (2)
test_01_deny if {
	count(policy.deny) > 0 with input as [{"name": "output", "outcome": {"outputVariables": {"CODE_COVERAGE": "79"}}}]
}

# breaks: there is one of the summary of the scan where the code coverage of the output is at least 80 (3)
test_02_deny if {
	count(policy.deny) > 0 with input as [{"name": "output", "outcome": {"outputVariables": {}}}]
}

# nothing the rule speaks about (decided by another part)
test_03_deny if {
	count(policy.deny) > 0 with input as []
}

# keeps: there is one of the summary of the scan where the code coverage of the output is at least 80
test_04_allow if {
	count(policy.deny) == 0 with input as [{"name": "output", "outcome": {"outputVariables": {"CODE_COVERAGE": "80"}}}]
}

# keeps: there is one of the summary of the scan where the code coverage of the output is at least 80 (2)
test_05_allow if {
	count(policy.deny) == 0 with input as [{"name": "output", "outcome": {"outputVariables": {"CODE_COVERAGE": "81"}}}]
}
