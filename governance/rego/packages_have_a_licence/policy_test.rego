package starter_packages_have_a_licence_test

import data.starter_packages_have_a_licence as policy

# breaks: there is one of the licences of the package where the licence is given and the licence is not "NOASSERTION"
test_01_deny if {
	count(policy.deny) > 0 with input as [{}]
}

# breaks: there is one of the licences of the package where the licence is given and the licence is not "NOASSERTION" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as [{"packageLicense": [null]}]
}

# breaks: there is one of the licences of the package where the licence is given and the licence is not "NOASSERTION" (7)
test_03_deny if {
	count(policy.deny) > 0 with input as [{"packageLicense": ["NOASSERTION"]}]
}

# keeps: there is one of the licences of the package where the licence is given and the licence is not "NOASSERTION" (4) (decided by another part)
test_04_deny if {
	count(policy.deny) > 0 with input as [{"packageLicense": [""]}]
}

# nothing the rule speaks about
test_05_allow if {
	count(policy.deny) == 0 with input as []
}

# keeps: there is one of the licences of the package where the licence is given and the licence is not "NOASSERTION"
test_06_allow if {
	count(policy.deny) == 0 with input as [{"packageLicense": ["value"]}]
}

# keeps: there is one of the licences of the package where the licence is given and the licence is not "NOASSERTION" (2)
test_07_allow if {
	count(policy.deny) == 0 with input as [{"packageLicense": ["noassertion"]}]
}

# keeps: there is one of the licences of the package where the licence is given and the licence is not "NOASSERTION" (3)
test_08_allow if {
	count(policy.deny) == 0 with input as [{"packageLicense": ["other"]}]
}

# breaks: there is one of the licences of the package where the licence is given and the licence is not "NOASSERTION" (4) (decided by another part)
test_09_allow if {
	count(policy.deny) == 0 with input as [{"packageLicense": ["xNOASSERTIONx"]}]
}
