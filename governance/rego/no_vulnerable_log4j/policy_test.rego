package starter_no_vulnerable_log4j_test

import data.starter_no_vulnerable_log4j as policy

# breaks: the version of the package is not less than "2.17.1" as a version
test_01_deny if {
	count(policy.deny) > 0 with input as [{"packageName": "log4j-core", "packageVersion": "2.17.0"}]
}

# nothing the rule speaks about
test_02_allow if {
	count(policy.deny) == 0 with input as []
}

# keeps: the version of the package is not less than "2.17.1" as a version
test_03_allow if {
	count(policy.deny) == 0 with input as [{"packageName": "log4j-core", "packageVersion": "2.17.1"}]
}

# keeps: the version of the package is not less than "2.17.1" as a version (2)
test_04_allow if {
	count(policy.deny) == 0 with input as [{"packageName": "log4j-core", "packageVersion": "2.17.11"}]
}

# does not apply, not: the name of the package is "log4j-core"
test_05_allow if {
	count(policy.deny) == 0 with input as [{"packageVersion": "2.17.0", "packageName": "xlog4j-corex"}]
}

# does not apply, not: the name of the package is "log4j-core" (2)
test_06_allow if {
	count(policy.deny) == 0 with input as [{"packageVersion": "2.17.0", "packageName": "LOG4J-CORE"}]
}

# does not apply, not: the name of the package is "log4j-core" (3)
test_07_allow if {
	count(policy.deny) == 0 with input as [{"packageVersion": "2.17.0", "packageName": "other"}]
}

# does not apply, not: the name of the package is "log4j-core" (4)
test_08_allow if {
	count(policy.deny) == 0 with input as [{"packageVersion": "2.17.0", "packageName": ""}]
}

# does not apply, not: the name of the package is "log4j-core" (5)
test_09_allow if {
	count(policy.deny) == 0 with input as [{"packageVersion": "2.17.0"}]
}

# breaks: the version of the package is not less than "2.17.1" as a version (2) (decided by another part)
test_10_allow if {
	count(policy.deny) == 0 with input as [{"packageName": "log4j-core"}]
}
