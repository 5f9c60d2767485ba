package starter_no_critical_findings_test

import data.starter_no_critical_findings as policy

# breaks: the critical findings of the output is not more than 0
test_01_deny if {
	count(policy.deny) > 0 with input as [{"name": "output", "outcome": {"outputVariables": {"CRITICAL": "1"}}}]
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as []
}

# keeps: the critical findings of the output is not more than 0
test_03_allow if {
	count(policy.deny) == 0 with input as [{"name": "output", "outcome": {"outputVariables": {"CRITICAL": "0"}}}]
}

# keeps: the critical findings of the output is not more than 0 (2)
test_04_allow if {
	count(policy.deny) == 0 with input as [{"name": "output", "outcome": {"outputVariables": {"CRITICAL": "-1"}}}]
}

# breaks: the critical findings of the output is not more than 0 (2) (decided by another part)
test_05_allow if {
	count(policy.deny) == 0 with input as [{"name": "output", "outcome": {"outputVariables": {}}}]
}
