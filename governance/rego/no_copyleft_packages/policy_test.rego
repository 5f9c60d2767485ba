package starter_no_copyleft_packages_test

import data.starter_no_copyleft_packages as policy

# breaks: there is none of the licences of the package where the licence is one of "GPL-2.0", "GPL-3.0" or "AGPL-3.0", in any flavour of it
test_01_deny if {
	count(policy.deny) > 0 with input as [{"packageLicense": ["GPL-2.0"]}]
}

# breaks: there is none of the licences of the package where the licence is one of "GPL-2.0", "GPL-3.0" or "AGPL-3.0", in any flavour of it (2)
test_02_deny if {
	count(policy.deny) > 0 with input as [{"packageLicense": ["GPL-3.0"]}]
}

# breaks: there is none of the licences of the package where the licence is one of "GPL-2.0", "GPL-3.0" or "AGPL-3.0", in any flavour of it (3)
test_03_deny if {
	count(policy.deny) > 0 with input as [{"packageLicense": ["AGPL-3.0"]}]
}

# nothing the rule speaks about
test_04_allow if {
	count(policy.deny) == 0 with input as []
}

# keeps: there is none of the licences of the package where the licence is one of "GPL-2.0", "GPL-3.0" or "AGPL-3.0", in any flavour of it
test_05_allow if {
	count(policy.deny) == 0 with input as [{}]
}

# keeps: there is none of the licences of the package where the licence is one of "GPL-2.0", "GPL-3.0" or "AGPL-3.0", in any flavour of it (2)
test_06_allow if {
	count(policy.deny) == 0 with input as [{"packageLicense": ["xGPL-2.0x"]}]
}

# keeps: there is none of the licences of the package where the licence is one of "GPL-2.0", "GPL-3.0" or "AGPL-3.0", in any flavour of it (3)
test_07_allow if {
	count(policy.deny) == 0 with input as [{"packageLicense": ["xGPL-3.0x"]}]
}

# keeps: there is none of the licences of the package where the licence is one of "GPL-2.0", "GPL-3.0" or "AGPL-3.0", in any flavour of it (4)
test_08_allow if {
	count(policy.deny) == 0 with input as [{"packageLicense": ["xAGPL-3.0x"]}]
}

# keeps: there is none of the licences of the package where the licence is one of "GPL-2.0", "GPL-3.0" or "AGPL-3.0", in any flavour of it (5)
test_09_allow if {
	count(policy.deny) == 0 with input as [{"packageLicense": ["other"]}]
}

# keeps: there is none of the licences of the package where the licence is one of "GPL-2.0", "GPL-3.0" or "AGPL-3.0", in any flavour of it (6)
test_10_allow if {
	count(policy.deny) == 0 with input as [{"packageLicense": [null]}]
}
