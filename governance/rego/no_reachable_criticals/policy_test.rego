package starter_no_reachable_criticals_test

import data.starter_no_reachable_criticals as policy

# breaks: the severity of the issue is not one of "Critical" or "High" or the reachability of the issue is not "reachable"
test_01_deny if {
	count(policy.deny) > 0 with input as [{"name": "securityTestData", "outcome": {"issues": [{"title": "Finding 1", "severityCode": "Critical", "reachability": "reachable"}]}}]
}

# breaks: the severity of the issue is not one of "Critical" or "High" or the reachability of the issue is not "reachable" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as [{"name": "securityTestData", "outcome": {"issues": [{"title": "Finding 1", "severityCode": "High", "reachability": "reachable"}]}}]
}

# nothing the rule speaks about
test_03_allow if {
	count(policy.deny) == 0 with input as []
}

# keeps: the severity of the issue is not one of "Critical" or "High" or the reachability of the issue is not "reachable"
test_04_allow if {
	count(policy.deny) == 0 with input as [{"name": "securityTestData", "outcome": {"issues": [{"title": "Finding 1", "reachability": "reachable", "severityCode": "xCriticalx"}]}}]
}

# keeps: the severity of the issue is not one of "Critical" or "High" or the reachability of the issue is not "reachable" (2)
test_05_allow if {
	count(policy.deny) == 0 with input as [{"name": "securityTestData", "outcome": {"issues": [{"title": "Finding 1", "reachability": "reachable", "severityCode": "cRITICAL"}]}}]
}

# keeps: the severity of the issue is not one of "Critical" or "High" or the reachability of the issue is not "reachable" (3)
test_06_allow if {
	count(policy.deny) == 0 with input as [{"name": "securityTestData", "outcome": {"issues": [{"title": "Finding 1", "reachability": "reachable", "severityCode": "xHighx"}]}}]
}

# keeps: the severity of the issue is not one of "Critical" or "High" or the reachability of the issue is not "reachable" (4)
test_07_allow if {
	count(policy.deny) == 0 with input as [{"name": "securityTestData", "outcome": {"issues": [{"title": "Finding 1", "reachability": "reachable", "severityCode": "hIGH"}]}}]
}

# keeps: the severity of the issue is not one of "Critical" or "High" or the reachability of the issue is not "reachable" (5)
test_08_allow if {
	count(policy.deny) == 0 with input as [{"name": "securityTestData", "outcome": {"issues": [{"title": "Finding 1", "reachability": "reachable"}]}}]
}

# keeps: the severity of the issue is not one of "Critical" or "High" or the reachability of the issue is not "reachable" (6)
test_09_allow if {
	count(policy.deny) == 0 with input as [{"name": "securityTestData", "outcome": {"issues": [{"title": "Finding 1", "severityCode": "Critical", "reachability": "xreachablex"}]}}]
}

# keeps: the severity of the issue is not one of "Critical" or "High" or the reachability of the issue is not "reachable" (7)
test_10_allow if {
	count(policy.deny) == 0 with input as [{"name": "securityTestData", "outcome": {"issues": [{"title": "Finding 1", "severityCode": "Critical", "reachability": "REACHABLE"}]}}]
}

# keeps: the severity of the issue is not one of "Critical" or "High" or the reachability of the issue is not "reachable" (8)
test_11_allow if {
	count(policy.deny) == 0 with input as [{"name": "securityTestData", "outcome": {"issues": [{"title": "Finding 1", "severityCode": "Critical", "reachability": "other"}]}}]
}

# keeps: the severity of the issue is not one of "Critical" or "High" or the reachability of the issue is not "reachable" (9)
test_12_allow if {
	count(policy.deny) == 0 with input as [{"name": "securityTestData", "outcome": {"issues": [{"title": "Finding 1", "severityCode": "Critical", "reachability": ""}]}}]
}

# keeps: the severity of the issue is not one of "Critical" or "High" or the reachability of the issue is not "reachable" (10)
test_13_allow if {
	count(policy.deny) == 0 with input as [{"name": "securityTestData", "outcome": {"issues": [{"title": "Finding 1", "severityCode": "Critical"}]}}]
}
