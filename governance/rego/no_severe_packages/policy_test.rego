package starter_no_severe_packages_test

import data.starter_no_severe_packages as policy

# breaks: there is none of the vulnerabilities of the package where the CVSS score of the cve is at least 9
test_01_deny if {
	count(policy.deny) > 0 with input as [{"cves": [{"impact": {"base_score": 9}}]}]
}

# breaks: there is none of the vulnerabilities of the package where the CVSS score of the cve is at least 9 (2)
test_02_deny if {
	count(policy.deny) > 0 with input as [{"cves": [{"impact": {"base_score": 10}}]}]
}

# nothing the rule speaks about
test_03_allow if {
	count(policy.deny) == 0 with input as []
}

# keeps: there is none of the vulnerabilities of the package where the CVSS score of the cve is at least 9
test_04_allow if {
	count(policy.deny) == 0 with input as [{}]
}

# keeps: there is none of the vulnerabilities of the package where the CVSS score of the cve is at least 9 (2)
test_05_allow if {
	count(policy.deny) == 0 with input as [{"cves": [{"impact": {"base_score": 8}}]}]
}

# keeps: there is none of the vulnerabilities of the package where the CVSS score of the cve is at least 9 (6)
test_06_allow if {
	count(policy.deny) == 0 with input as [{"cves": [{"impact": {}}]}]
}

# breaks: there is none of the vulnerabilities of the package where the CVSS score of the cve is at least 9 (3) (decided by another part)
test_07_allow if {
	count(policy.deny) == 0 with input as [{"cves": [{}]}]
}
