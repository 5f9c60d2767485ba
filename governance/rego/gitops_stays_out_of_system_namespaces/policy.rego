# GitOps applications stay out of system namespaces
package starter_gitops_stays_out_of_system_namespaces

import data.portal.lib

deny contains violation.msg if some violation in violations

# For the GitOps application: it must hold that (the namespace of the GitOps application is not
# one of "default" or "argocd") and the namespace of the GitOps application does not start with
# "kube-".
violations contains violation if {
	either
	violation := {
		"code": "namespace",
		"fix": "Use a namespace of its own.",
		"msg": sprintf("Application '%v' targets namespace '%v'.", [lib.label(lib.field(input, ["gitopsApplication"])), lib.shown(lib.field(input, ["gitopsApplication", "app", "spec", "destination", "namespace"]))]),
		"path": "gitopsApplication",
	}
}

# The namespace of the GitOps application is one of "default" or "argocd" or the namespace of the
# GitOps application starts with "kube-".
either if input.gitopsApplication.app.spec.destination.namespace in {"default", "argocd"}

either if lib.starts_with(lib.field(input, ["gitopsApplication", "app", "spec", "destination", "namespace"]), {"kube-"})
