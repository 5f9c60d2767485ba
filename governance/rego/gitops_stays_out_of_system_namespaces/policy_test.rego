package starter_gitops_stays_out_of_system_namespaces_test

import data.starter_gitops_stays_out_of_system_namespaces as policy

# breaks: (the namespace of the GitOps application is not one of "default" or "argocd") and the namespace of the GitOps application does not start with "kube-"
test_01_deny if {
	count(policy.deny) > 0 with input as {"gitopsApplication": {"identifier": "example", "name": "example", "app": {"spec": {"destination": {"namespace": "default"}}}}, "metadata": {"type": "gitopsApplication", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: (the namespace of the GitOps application is not one of "default" or "argocd") and the namespace of the GitOps application does not start with "kube-" (2)
test_02_deny if {
	count(policy.deny) > 0 with input as {"gitopsApplication": {"identifier": "example", "name": "example", "app": {"spec": {"destination": {"namespace": "argocd"}}}}, "metadata": {"type": "gitopsApplication", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# breaks: (the namespace of the GitOps application is not one of "default" or "argocd") and the namespace of the GitOps application does not start with "kube-" (3)
test_03_deny if {
	count(policy.deny) > 0 with input as {"gitopsApplication": {"identifier": "example", "name": "example", "app": {"spec": {"destination": {"namespace": "kube-1"}}}}, "metadata": {"type": "gitopsApplication", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# nothing the rule speaks about
test_04_allow if {
	count(policy.deny) == 0 with input as {"gitopsApplication": {"identifier": "example", "name": "example"}, "metadata": {"type": "gitopsApplication", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: (the namespace of the GitOps application is not one of "default" or "argocd") and the namespace of the GitOps application does not start with "kube-"
test_05_allow if {
	count(policy.deny) == 0 with input as {"gitopsApplication": {"identifier": "example", "name": "example", "app": {"spec": {"destination": {"namespace": "xdefaultx"}}}}, "metadata": {"type": "gitopsApplication", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: (the namespace of the GitOps application is not one of "default" or "argocd") and the namespace of the GitOps application does not start with "kube-" (2)
test_06_allow if {
	count(policy.deny) == 0 with input as {"gitopsApplication": {"identifier": "example", "name": "example", "app": {"spec": {"destination": {"namespace": "DEFAULT"}}}}, "metadata": {"type": "gitopsApplication", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: (the namespace of the GitOps application is not one of "default" or "argocd") and the namespace of the GitOps application does not start with "kube-" (3)
test_07_allow if {
	count(policy.deny) == 0 with input as {"gitopsApplication": {"identifier": "example", "name": "example", "app": {"spec": {"destination": {"namespace": "xargocdx"}}}}, "metadata": {"type": "gitopsApplication", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: (the namespace of the GitOps application is not one of "default" or "argocd") and the namespace of the GitOps application does not start with "kube-" (4)
test_08_allow if {
	count(policy.deny) == 0 with input as {"gitopsApplication": {"identifier": "example", "name": "example", "app": {"spec": {"destination": {"namespace": "ARGOCD"}}}}, "metadata": {"type": "gitopsApplication", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: (the namespace of the GitOps application is not one of "default" or "argocd") and the namespace of the GitOps application does not start with "kube-" (5)
test_09_allow if {
	count(policy.deny) == 0 with input as {"gitopsApplication": {"identifier": "example", "name": "example", "app": {"spec": {"destination": {"namespace": "xkube-x"}}}}, "metadata": {"type": "gitopsApplication", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: (the namespace of the GitOps application is not one of "default" or "argocd") and the namespace of the GitOps application does not start with "kube-" (6)
test_10_allow if {
	count(policy.deny) == 0 with input as {"gitopsApplication": {"identifier": "example", "name": "example", "app": {"spec": {"destination": {"namespace": "KUBE-"}}}}, "metadata": {"type": "gitopsApplication", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: (the namespace of the GitOps application is not one of "default" or "argocd") and the namespace of the GitOps application does not start with "kube-" (7)
test_11_allow if {
	count(policy.deny) == 0 with input as {"gitopsApplication": {"identifier": "example", "name": "example", "app": {"spec": {"destination": {"namespace": "other"}}}}, "metadata": {"type": "gitopsApplication", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: (the namespace of the GitOps application is not one of "default" or "argocd") and the namespace of the GitOps application does not start with "kube-" (8)
test_12_allow if {
	count(policy.deny) == 0 with input as {"gitopsApplication": {"identifier": "example", "name": "example", "app": {"spec": {"destination": {"namespace": ""}}}}, "metadata": {"type": "gitopsApplication", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}

# keeps: (the namespace of the GitOps application is not one of "default" or "argocd") and the namespace of the GitOps application does not start with "kube-" (9)
test_13_allow if {
	count(policy.deny) == 0 with input as {"gitopsApplication": {"identifier": "example", "name": "example", "app": {"spec": {"destination": {}}}}, "metadata": {"type": "gitopsApplication", "action": "onsave", "timestamp": 1763460900, "userGroups": [], "roleAssignmentMetadata": []}}
}
