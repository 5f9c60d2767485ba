package starter_few_high_findings_test

import data.starter_few_high_findings as policy

# breaks: the high findings of the output is not more than 5
test_01_deny if {
	count(policy.deny) > 0 with input as [{"name": "output", "outcome": {"outputVariables": {"HIGH": "6"}}}]
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as []
}

# keeps: the high findings of the output is not more than 5
test_03_allow if {
	count(policy.deny) == 0 with input as [{"name": "output", "outcome": {"outputVariables": {"HIGH": "5"}}}]
}

# keeps: the high findings of the output is not more than 5 (2)
test_04_allow if {
	count(policy.deny) == 0 with input as [{"name": "output", "outcome": {"outputVariables": {"HIGH": "4"}}}]
}

# breaks: the high findings of the output is not more than 5 (2) (decided by another part)
test_05_allow if {
	count(policy.deny) == 0 with input as [{"name": "output", "outcome": {"outputVariables": {}}}]
}
