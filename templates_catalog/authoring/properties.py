"""The properties people speak of: their keys, the words for them, and where they belong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Property:
    """A value people speak of: its keys, the words for it, its kind, and where it goes when it is missing.

    home is relative to a node of one of `nodes` ("body": the document's root); kind is text, duration,
    number, yes, no; `allowed` the only values there are, when there are few; `roots` the documents whose body has it,
    when not every one does
    """

    keys: tuple[str, ...]
    words: str
    kind: str = "text"
    home: str = ""
    nodes: tuple[str, ...] = ("step",)
    types: str = ""
    allowed: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()


PROPERTIES = (
    Property(("approvalMessage",), r"\bmessage\b", "sentence", "spec.approvalMessage", ("step",), "HarnessApproval"),
    Property(("timeout",), r"\btime[ -]?outs?\b|\bexpires?\b|\bgives? up\b|\bdays?\b|\btime limit\b|\bminutes\b|\bhours?\b|"
                           r"\bseconds\b", "duration", "timeout", ("step",)),
    Property(("minimumCount",), r"\bapprov\w+|\bminimum\b|\bpeople\b|\bfour[- ]eyes\b|\breviewers\b|"
                                r"\bsign[- ]?offs?\b", "number", "spec.approvers.minimumCount", ("step",),
                                "HarnessApproval"),
    Property(("disallowPipelineExecutor",), r"\bexecutor\b|\b(?:person|who(?:ever)?|one|somebody|someone|"
                                            r"user|people)\b.{0,25}\b(?:start\w*|trigger\w*|run|runs|"
                                            r"launch\w*|kick\w*)\b|\b(?:own|themsel\w+|himself|herself|"
                                            r"self)\b|\bfour[- ]eyes\b|"
                                            r"\bstarter\b", "true", "spec.approvers.disallowPipelineExecutor",
                                            ("step",), "HarnessApproval"),
    Property(("namespace",), r"\bname ?spaces?\b|\bns\b", "text", "spec.namespace", ("body",), roots=("infrastructureEntity", "infrastructureDefinition")),
    Property(("branch",), r"\bbranch(?:es)?\b", "text"),
    Property(("versionLabel",), r"\bversions?(?: label)?\b|\blabel\b", "text", "versionLabel", ("body",), roots=("template",)),
    Property(("versionLabel",), r"\bversions?(?: label)?\b|\bpin\w*\b", "text", "template.versionLabel", ("stage", "step")),
    Property(("tag",), r"\btag\b", "text"),
    Property(("description",), r"\bdescri\w+\b|\bsays?\b|\bexplain\w*\b|"
                               r"\bpurpose\b", "sentence", "description", ("entry", "stage", "body")),
    Property(("host", "registryRef", "repo"), r"\bregistr(?:y|ies)\b|\bhost\b|\bgcr\b|\bpush(?:es)? "
                                              r"to\b", "text", "spec.host", ("step",)),
    Property(("connectorRef",), r"\bconnectors?\b", "text", "spec.connectorRef", ("step",)),
    Property(("environmentRef",), r"\benvironments?\b|\btarget\w*\b|\bdeploy\w*\b|\bgo to\b|"
                                  r"\bpoint\b|\b(?:send|ship|switch|redirect|retarget)\w* (?:\w+ )?(?:in)?to\b", "text", "spec.environment.environmentRef", ("stage",)),
    Property(("image",), r"\bimages?\b", "text", "spec.image", ("step",)),
    Property(("privileged",), r"\b(?:un|non-?)?privileged?\b|\broot\b", "false", "spec.privileged", ("step",)),
    Property(("runAsUser",), r"\brun(?:s)? as\b|\buser ?id\b|\buid\b|"
                             r"\bnon-?root\b", "number", "spec.runAsUser", ("step",)),
    Property(("allowSimultaneousDeployments",), r"\bsimultaneous\w*\b|\bat the same time\b|\bparallel "
                                                r"deploy\w*|\bone (?:deployment )?at a time\b|\bone after "
                                                r"(?:the )?other\b", "false", "allowSimultaneousDeployments",
                                                ("body",), roots=("infrastructureEntity", "infrastructureDefinition")),
    Property(("secretManagerIdentifier",), r"\bsecret manager\b|\bvault\b|\bkeep\b|\bkept\b|\bstore\w*\b|"
                                           r"\bmanager\b|\bmove\b|"
                                           r"\bput\b", "text", "spec.secretManagerIdentifier", ("body",), roots=("secret",)),
    Property(("type",), r"\btype\b|\bkind\b|\bproduction\b|\bpre-?production\b|\bmake it a\b|"
                        r"\bsecret\b", "text", "type", ("body", "entry")),
    Property(("url", "repoUrl"), r"\burl\b|\baddress\b|\blink\b|\bpoint\w*\b|"
                                 r"\borg(?:ani[sz]ation)?\b", "text", "spec.url", ("body",), roots=("entity",)),
    Property(("executeOnDelegate",), r"\bdelegates?\b", "true", "spec.executeOnDelegate", ("body",), roots=("entity",)),
    Property(("region",), r"\bregion\b", "text", "spec.region", ("step",)),
    Property(("memory",), r"\bmemory\b|\bram\b|\bgb\b|\bgi\b|\bmb\b|"
                          r"\bmi\b|\d(?:gi|mi|gb|mb)\b", "quantity", "spec.resources.limits.memory", ("step",)),
    Property(("cpu",), r"\bcpus?\b|\bcores?\b", "quantity", "spec.resources.limits.cpu", ("step",)),
    Property(("imageName", "repository", "repo"), r"\bimage name\b|\brepositor(?:y|ies)\b|\brepo\b", "text"),
    Property(("shell",), r"\bshell\b", "text", "spec.shell", ("step",), allowed=("Bash", "Sh", "Powershell", "Pwsh", "Python")),
    Property(("replicas", "instances"), r"\breplicas?\b|\binstances\b|\bcopies\b", "number"),
    Property(("fail_on_severity",), r"\bseverit(?:y|ies)\b|\bcriticals?\b|"
                                    r"\bhighs?\b", "text", "spec.advanced.fail_on_severity", ("step",),
             allowed=("none", "low", "medium", "high", "critical")),
    Property(("skipDryRun",), r"\bdry[- ]?run\b", "false", "spec.skipDryRun", ("step",)),
    Property(("pruningEnabled",), r"\bprun\w+\b", "true", "spec.pruningEnabled", ("step",)),
    Property(("enabled",), r"\benabl\w+\b|\bswitch\w* on\b|\bturn\w* on\b", "true"),
    Property(("cloneCodebase",), r"\bclone\b", "true", "spec.cloneCodebase", ("stage",)),
    Property(("deploymentType",), r"\bdeployment type\b", "text", "spec.deploymentType", ("stage",)),
    Property(("releaseName",), r"\brelease name\b", "text", "spec.releaseName", ("body",), roots=("infrastructureEntity", "infrastructureDefinition")),
    Property(("os",), r"\bos\b|\boperating system\b|\blinux\b|"
                      r"\bwindows\b", "text", "spec.platform.os", ("stage",), allowed=("Linux", "Windows", "MacOS")),
    Property(("arch",), r"\barch\w*\b|\barm\b|\bamd\b", "text", "spec.platform.arch", ("stage",),
             allowed=("Amd64", "Arm64")),
    Property(("serviceRef",), r"\bservice\b", "text", "spec.service.serviceRef", ("stage",)),
    Property(("templateRef",), r"\btemplate\b", "text", "template.templateRef", ("stage", "step")),
    Property(("value",), r"\bvalue\b|\bvariable\b|\buse\b", "text"),
    Property(("name",), r"\bnames?\b|(?<![\w-])call(?:ed)?\b|\brenam\w+\b", "text", "name", ("body",)),
)  # fmt: skip
