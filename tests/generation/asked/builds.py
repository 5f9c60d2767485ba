"""Requests for pipelines against the library of `library.py`, and what a right answer has."""

from __future__ import annotations

from typing import Any

from tests.generation.asked.library import TEMPLATES

Json = dict[str, Any]
STABLE = {
    row["template"]["identifier"]: row["template"]["versionLabel"] for row in TEMPLATES if row["stable"]
}
USUAL = ("freight_devs",)


def hidden_from(groups: tuple[str, ...]) -> list[str]:
    found = {row["template"]["identifier"] for row in TEMPLATES
             if "*" not in row["access"]["groups"] and not set(row["access"]["groups"]) & set(groups)}  # fmt: skip
    return sorted(found)


def build(
    prompt: str, template: str | None, inputs: Json | None = None, *, category: str = "plain", version: str = "", missing: tuple[str, ...] = (),
    invalid: Json | None = None, ask: bool = False, any_of: tuple[str, ...] = (), never_use: tuple[str, ...] = (), stages: tuple[Json, ...] = (),
    groups: tuple[str, ...] = USUAL, says: tuple[str, ...] = (), unsaid: tuple[str, ...] = (), never_version: tuple[str, ...] = (),
) -> Json:  # fmt: skip
    """says     patterns the text for the person has to match
    unsaid      words that may not stand in it"""
    expect: Json = {"template": template, "must_not_use": list(never_use), "inputs": inputs or {}, "stages": list(stages),
                    "ask": ask or bool(missing or invalid)}  # fmt: skip
    if template:
        expect["version"] = version or STABLE[template]
    if missing:
        expect["missing"] = list(missing)
    if invalid:
        expect["invalid"] = invalid
    if any_of:
        expect["template_any_of"] = list(any_of)
        expect.pop("version", None)
    if never_version:
        expect["must_not_use_versions"] = list(never_version)
    user = {"groups": list(groups), "cannot_see": hidden_from(groups)}
    return {"category": category, "catalog": "halden", "prompt": prompt, "user": user, "expect": expect,
            "says": list(says), "unsaid": list(unsaid)}  # fmt: skip


def none(prompt: str, **more: Any) -> Json:
    return build(prompt, None, **{"category": "nothing fits", **more})


def at(template: str, environment: str, infra: str | None = None, **inputs: Any) -> Json:
    """A stage from this template that deploys to this environment."""
    rows = {"environment_ref": environment, **({"infra_ref": infra} if infra else {}), **inputs}
    return {"fact": "template_stage", "template": template, "inputs": rows}


def approved(environment: str, group: str = "") -> Json:
    return {"fact": "approval_before", "environment": environment, **({"group": group} if group else {})}


def order(*environments: str) -> Json:
    return {"fact": "environment_order", "environments": list(environments)}


ROLL, CANARY, BLUE, HELM = "k8s_rolling_deploy", "k8s_canary_deploy", "k8s_bluegreen_deploy", "helm_deploy"

ITEMS = [
    # plain and terse
    build("spring boot service tracking_api, image freight/tracking-api", "spring_service",
          {"service_ref": "tracking_api", "image_repo": "freight/tracking-api"}, never_use=("spring_service_copy", "pci_spring_service")),
    build("I'd like a pipeline that builds and ships our FastAPI backend quote_engine; the image goes to pricing/quote-engine.", "fastapi_service",
          {"service_ref": "quote_engine", "image_repo": "pricing/quote-engine"}),
    build("golang service dock_scheduler image yard/dock-scheduler", "go_service_std",
          {"service_ref": "dock_scheduler", "image_repo": "yard/dock-scheduler"}),
    build("Could you please put together a delivery pipeline for the TypeScript API booking_api? Its image repository is sales/booking-api and it runs on Node 20.",
          "node_api", {"service_ref": "booking_api", "image_repo": "sales/booking-api", "node_version": "20"}),
    build("react portal customer_portal -> bucket halden-portal-live", "react_portal", {"service_ref": "customer_portal", "bucket": "halden-portal-live"}),
    build("Svelte front end for route_map, published to the bucket route-map-web", "svelte_site", {"service_ref": "route_map", "bucket": "route-map-web"},
          never_use=("react_portal",)),
    build(".NET 8 worker invoice_mailer (image finance/invoice-mailer)", "dotnet_worker",
          {"service_ref": "invoice_mailer", "image_repo": "finance/invoice-mailer", "dotnet_version": "8.0"}),
    build("Release pipeline for the Rust CLI palletctl, beta toolchain", "rust_cli", {"package_name": "palletctl", "rust_channel": "beta"}),
    build("Publish our MkDocs documentation to the bucket docs-halden", "docs_portal", {"bucket": "docs-halden"}),
    build("Python lambda function resize_label in eu-north-1 with 512 MB", "python_lambda_function",
          {"function_name": "resize_label", "region": "eu-north-1", "memory_mb": 512}),
    build("Terraform for stacks/network in the workspace net_prod, approved by network operations", "terraform_stack",
          {"terraform_dir": "stacks/network", "workspace": "net_prod", "approver_group": "netops"}),
    build("terraform on google cloud: dir gcp/bigquery workspace bq_live", "terraform_stack_gcp",
          {"terraform_dir": "gcp/bigquery", "workspace": "bq_live"}, never_use=("terraform_stack",)),
    build("Postgres migrations for the database instance orders_pg", "flyway_postgres", {"db_instance": "orders_pg"}),
    build("We need schema changes of ledger_pg (PostgreSQL) rolled out; scripts live in sql/ledger and the DBAs approve.", "flyway_postgres",
          {"db_instance": "ledger_pg", "changelog_path": "sql/ledger", "approver_group": "dba"}),
    build("A Django site: service partner_site, image web/partner-site, database instance partner_pg", "django_app",
          {"service_ref": "partner_site", "image_repo": "web/partner-site", "db_instance": "partner_pg"}, never_use=("fastapi_service",)),
    build("Kafka streams worker eta_worker, image ml/eta-worker, topic positions, consumer group eta", "kafka_streams_worker",
          {"service_ref": "eta_worker", "image_repo": "ml/eta-worker", "topic": "positions", "consumer_group": "eta"}),
    build("dbt models from the repository warehouse-models into target schema finance_mart with 8 threads", "dbt_models",
          {"repo_name": "warehouse-models", "target_schema": "finance_mart", "threads": "8"}),
    build("dbt pipeline, repo warehouse-models, target_schema: hr_mart, the data class is confidential", "dbt_models",
          {"repo_name": "warehouse-models", "target_schema": "hr_mart", "data_class": "confidential"}),
    build("nightly python job stock_sync, image yard/stock-sync, every night at 3:30", "python_scheduled_job",
          {"service_ref": "stock_sync", "image_repo": "yard/stock-sync", "schedule": "30 3 * * *"}),
    build("Java job that runs every Monday at 6 am: toll_report, image finance/toll-report", "java_scheduled_job",
          {"service_ref": "toll_report", "image_repo": "finance/toll-report", "schedule": "0 6 * * 1"}),
    build("cron job in java, customs_export, image customs/export, schedule 15 */4 * * *", "java_scheduled_job",
          {"service_ref": "customs_export", "image_repo": "customs/export", "schedule": "15 */4 * * *"}),
    # mistyped, odd order, wordy
    build("sprng boot servce fleet_api imge fleet/api pls", "spring_service", {"service_ref": "fleet_api", "image_repo": "fleet/api"}, category="mistyped"),
    build("pyhton fastapi servcie eta_api, image ml/eta-api", "fastapi_service", {"service_ref": "eta_api", "image_repo": "ml/eta-api"}, category="mistyped"),
    build("terrafrom stak stacks/dns worksapce dns_prod", "terraform_stack", {"terraform_dir": "stacks/dns", "workspace": "dns_prod"}, category="mistyped"),
    build("kuberentes rolling deploymnt of depot_api to stagng, infra k8s_nordic_stg", ROLL, category="mistyped",
          stages=(at(ROLL, "staging", "k8s_nordic_stg", service_ref="depot_api"),)),
    build("Hi! We are the team behind the yard planner. It's a Java service with Spring Boot, has been around for years, is called yard_planner and is pushed as yard/planner. "
          "We'd love to have a proper pipeline for it, with JDK 25 and Maven, if that's possible. Thanks a lot!", "spring_service",
          {"service_ref": "yard_planner", "image_repo": "yard/planner", "jdk_version": "25", "build_tool": "maven"}, category="wordy"),
    build("So we talked about this in the stand-up and everybody agreed: the pricing people want their FastAPI thing, tariff_api, on the paved road. The image is pricing/tariff-api. "
          "Python 3.13 would be great.", "fastapi_service", {"service_ref": "tariff_api", "image_repo": "pricing/tariff-api", "python_version": "3.13"}, category="wordy"),
    build("image: hub/manifest-api\nservice: manifest_api\nlanguage: go\nreplicas: 4", "go_service_std",
          {"service_ref": "manifest_api", "image_repo": "hub/manifest-api", "replicas": 4}, category="wordy"),
    build("service_ref=gate_api image_repo=yard/gate-api node_version=24, node api template please", "node_api",
          {"service_ref": "gate_api", "image_repo": "yard/gate-api", "node_version": "24"}, category="wordy"),
    build("For crane_api (image yard/crane-api) we want three replicas, gradle, at least 85 percent test coverage, from the Spring Boot template.", "spring_service",
          {"service_ref": "crane_api", "image_repo": "yard/crane-api", "replicas": 3, "build_tool": "gradle", "min_coverage": 85}, category="wordy"),
    # versions
    build("Version 4.1.3 of spring_service for tracking_api, image freight/tracking-api", "spring_service",
          {"service_ref": "tracking_api", "image_repo": "freight/tracking-api"}, version="4.1.3", category="versions"),
    build("tracking_api, image freight/tracking-api, with node_api@2.9.0", "node_api", {"service_ref": "tracking_api", "image_repo": "freight/tracking-api"},
          version="2.9.0", category="versions"),
    build("Use the golden Terraform stack in version 5.4.1 for stacks/iam, workspace iam_prod", "terraform_stack",
          {"terraform_dir": "stacks/iam", "workspace": "iam_prod"}, version="5.4.1", category="versions"),
    build("Please pin spring_service to 3.0.0 for toll_api (image finance/toll-api).", "spring_service", {"service_ref": "toll_api", "image_repo": "finance/toll-api"},
          ask=True, never_version=("3.0.0",), says=(r"3\.0\.0",), category="versions"),
    build("spring_service 5.0.0-rc1 for toll_api, image finance/toll-api, we want to try it", "spring_service", {"service_ref": "toll_api", "image_repo": "finance/toll-api"},
          ask=True, never_version=("5.0.0-rc1",), says=(r"rc1|experimental",), category="versions"),
    build("Spring Boot service toll_api, image finance/toll-api, template version 4.7", "spring_service", {"service_ref": "toll_api", "image_repo": "finance/toll-api"},
          ask=True, says=(r"4\.7",), category="versions"),
    build("rolling deployment stage v2.2.0 for depot_api to qa on infrastructure k8s_qa", ROLL, version="2.2.0",
          stages=(at(ROLL, "qa", "k8s_qa", service_ref="depot_api"),), category="versions"),
    build("whatever the newest stable Go template is, for berth_api, image port/berth-api", "go_service_std", {"service_ref": "berth_api", "image_repo": "port/berth-api"}, category="versions"),
    build("Give me the 4.1 line of the spring service template for tracking_api, image freight/tracking-api", "spring_service",
          {"service_ref": "tracking_api", "image_repo": "freight/tracking-api"}, version="4.1.3", category="versions"),
    build("Our WAR should keep using java_war_rollout: service old_portal", "spring_service", {"service_ref": "old_portal"}, ask=True, missing=("image_repo",),
          never_use=("java_war_rollout",), says=(r"java_war_rollout", r"deprecated"), category="versions"),
    # wrong or impossible values
    build("Spring Boot, service fleet_api, image fleet/api, JDK 8", "spring_service", {"service_ref": "fleet_api", "image_repo": "fleet/api"},
          invalid={"jdk_version": "8"}, says=(r"\b17\b",), category="values"),
    build("go service berth_api, image port/berth-api, 30 replicas", "go_service_std", {"service_ref": "berth_api", "image_repo": "port/berth-api"},
          invalid={"replicas": 30}, says=(r"\b12\b",), category="values"),
    build("python lambda track_event in ap-southeast-2", "python_lambda_function", {"function_name": "track_event"}, invalid={"region": "ap-southeast-2"}, category="values"),
    build("Lambda in Python: function label_pdf, eu-central-1, 64 MB of memory", "python_lambda_function", {"function_name": "label_pdf", "region": "eu-central-1"},
          invalid={"memory_mb": 64}, category="values"),
    build("terraform stack in folder infra/dns, workspace dns_prod", "terraform_stack", {"workspace": "dns_prod"}, invalid={"terraform_dir": "infra/dns"},
          says=(r"stacks/",), category="values"),
    build("canary stage for depot_api to prod on k8s_nordic, 75 percent", CANARY, {"service_ref": "depot_api", "environment_ref": "prod", "infra_ref": "k8s_nordic"},
          invalid={"canary_percent": 75}, category="values"),
    build("Spring Boot service fleet_api built with Ant, image fleet/api", "spring_service", {"service_ref": "fleet_api", "image_repo": "fleet/api"},
          invalid={"build_tool": "ant"}, category="values"),
    build("fastapi service Quote-Engine, image pricing/quote-engine", "fastapi_service", {"image_repo": "pricing/quote-engine"},
          invalid={"service_ref": "Quote-Engine"}, category="values"),
    build("terraform stack stacks/dns, workspace dns_prod, the astronomy club approves", "terraform_stack", {"terraform_dir": "stacks/dns", "workspace": "dns_prod"},
          ask=True, says=(r"astronomy club",), category="values"),
    build("dbt models, repository wh, target schema mart, data class secret", "dbt_models", {"repo_name": "wh", "target_schema": "mart"},
          invalid={"data_class": "secret"}, category="values"),
    build("k8s rolling stage for depot_api to the environment moonbase on k8s_nordic", ROLL, {"service_ref": "depot_api"}, ask=True,
          says=(r"moonbase",), category="values"),
    build("Spring Boot service fleet_api, image fleet/api, coverage of at least 150 percent", "spring_service", {"service_ref": "fleet_api", "image_repo": "fleet/api"},
          invalid={"min_coverage": 150}, category="values"),
    # missing values
    build("We need a pipeline from the golden Spring Boot template.", "spring_service", missing=("service_ref", "image_repo"), category="missing"),
    build("a go service please", "go_service_std", missing=("service_ref", "image_repo"), category="missing"),
    build("python lambda in eu-central-1", "python_lambda_function", {"region": "eu-central-1"}, missing=("function_name",), category="missing"),
    build("Scheduled Java job settle_tolls, image finance/settle-tolls", "java_scheduled_job", {"service_ref": "settle_tolls", "image_repo": "finance/settle-tolls"},
          missing=("schedule",), category="missing"),
    build("node api, image sales/quote-api", "node_api", {"image_repo": "sales/quote-api"}, missing=("service_ref",), category="missing"),
    build("helm deployment of depot_api to staging", HELM, {"service_ref": "depot_api", "environment_ref": "staging"}, missing=("infra_ref", "chart_name"), category="missing"),
    build("terraform stack, workspace net_prod", "terraform_stack", {"workspace": "net_prod"}, missing=("terraform_dir",), category="missing"),
    build("Which pipeline would I use for a React app? Make one, the bucket is lane-ui.", "react_portal", {"bucket": "lane-ui"}, missing=("service_ref",), category="missing"),
    # nothing fits
    none("A pipeline for our PHP shop"),
    none("Kotlin Multiplatform app for iOS, please"),
    none("Deploy an Elixir Phoenix backend", never_use=("node_api",)),
    none("MySQL migrations for parts_db", never_use=("flyway_mysql", "flyway_postgres"), says=(r"deprecated|MySQL|Mysql",)),
    none("Pulumi stack for stacks/dns", never_use=("terraform_stack",)),
    none("Build the firmware of our scanners in C++"),
    none("An Azure web app in .NET for the tariffs", never_use=("dotnet_worker",)),
    none("Use the template warp_drive_service for fleet_api", says=(r"warp_drive_service",)),
    none("Pipeline for a Unity game"),
    none("ECS Fargate service with Go", never_use=("go_service_std",)),
    # what the person may not see
    none("Android app for the drivers, application id com.halden.driver", never_use=("android_driver_app",), unsaid=("android_driver_app",), category="hidden"),
    none("use android_driver_app for com.halden.driver", never_use=("android_driver_app",), category="hidden"),
    none("Patch the routers with Ansible", never_use=("router_patch_run",), unsaid=("router_patch_run", "Router Patch"), category="hidden"),
    build("Android app of the drivers, application id com.halden.driver, beta track", "android_driver_app", {"bundle_id": "com.halden.driver", "track": "beta"},
          groups=("qa_guild",), category="hidden"),
    none("Please take the PCI Spring Service template for card_api, image pay/card-api", groups=("qa_guild",), never_use=("pci_spring_service", "spring_service"), category="hidden"),
    build("card data zone: Java service card_api, image pay/card-api", "pci_spring_service", {"service_ref": "card_api", "image_repo": "pay/card-api"}, category="hidden"),
    build("ansible patch run for the host group edge-routers", "router_patch_run", {"target_host": "edge-routers"}, groups=("sre",), category="hidden"),
    # several environments, approvals, order
    build("Roll out depot_api with rolling deployments: qa (k8s_qa), then staging (k8s_stg), then production (k8s_nordic) after the change board has approved.", ROLL,
          stages=(at(ROLL, "qa", "k8s_qa", service_ref="depot_api"), at(ROLL, "prod", "k8s_nordic", service_ref="depot_api"),
                  approved("prod", "change_board"), order("qa", "staging", "prod")), category="stages"),
    build("depot_api: kubernetes rolling to prod on k8s_nordic, but staging on k8s_stg first", ROLL,
          stages=(at(ROLL, "staging", "k8s_stg"), at(ROLL, "prod", "k8s_nordic"), order("staging", "prod")), category="stages"),
    build("Deploy depot_api to preprod (k8s_pre) with a rolling update and to prod (k8s_nordic) as a canary with 20 %, release managers sign off before prod.", ROLL,
          any_of=(ROLL, CANARY), stages=(at(ROLL, "preprod", "k8s_pre"), at(CANARY, "prod", "k8s_nordic", canary_percent=20),
                                        approved("prod", "release_managers"), order("preprod", "prod")), category="stages"),
    build("blue green deployment of portal_bff to production on k8s_nordic, site reliability must approve before", BLUE,
          stages=(at(BLUE, "prod", "k8s_nordic", service_ref="portal_bff"), approved("prod", "sre")), category="stages"),
    build("helm chart depot, service depot_api, namespace yard, to qa on infra k8s_qa and afterwards staging on infra k8s_stg", HELM,
          stages=(at(HELM, "qa", "k8s_qa", chart_name="depot", namespace="yard"), at(HELM, "staging", "k8s_stg"), order("qa", "staging")), category="stages"),
    build("Rolling deployment of depot_api to prod_nordic (k8s_nordic) and prod_us (k8s_us) at the same time, once security has approved.", ROLL,
          stages=(at(ROLL, "prod_nordic", "k8s_nordic"), at(ROLL, "prod_us", "k8s_us"), approved("prod_nordic", "security_team")), category="stages"),
    build("depot_api with the rolling stage to staging on k8s_stg. No approval needed.", ROLL,
          stages=(at(ROLL, "staging", "k8s_stg"), {"fact": "not_contains_anywhere", "text": "HarnessApproval"}), category="stages"),
    build("Scan the code of repo depot-api, then rolling deployment of depot_api to staging on infrastructure k8s_stg", ROLL,
          stages=(at(ROLL, "staging", "k8s_stg"), {"fact": "template_stage", "template": "code_scan_stage", "inputs": {"repo_name": "depot-api"}}), category="stages"),
    build("Rolling deployment of depot_api to staging (k8s_stg), then a load test against https://depot.stg.halden.example with 200 virtual users, then prod (k8s_nordic).", ROLL,
          stages=(at(ROLL, "staging", "k8s_stg"), at(ROLL, "prod", "k8s_nordic"), order("staging", "prod"),
                  {"fact": "template_stage", "template": "load_test_stage", "inputs": {"target_url": "https://depot.stg.halden.example", "virtual_users": 200}}), category="stages"),
    build("Canary to production for depot_api on k8s_nordic with 15 %, and tell #depot-releases on slack when it is done", CANARY,
          stages=(at(CANARY, "prod", "k8s_nordic", canary_percent=15), {"fact": "contains_text", "text": "#depot-releases"}), category="stages"),
    build("rolling deploy of depot_api: prod on k8s_nordic only after qa on k8s_qa", ROLL, stages=(order("qa", "prod"), at(ROLL, "qa", "k8s_qa")), category="stages"),
    build("Deploy depot_api with the rolling stage to qa (k8s_qa), staging (k8s_stg) and prod (k8s_nordic); the QA guild approves staging, the release managers approve prod.", ROLL,
          stages=(approved("staging", "qa_guild"), approved("prod", "release_managers"), order("qa", "staging", "prod")), category="stages"),
    # negations and corrections
    build("Spring Boot service fleet_api, image fleet/api, without Gradle, take Maven", "spring_service", {"service_ref": "fleet_api", "image_repo": "fleet/api", "build_tool": "maven"},
          category="corrections"),
    build("rolling deployment, no canary, of depot_api to prod on k8s_nordic", ROLL, never_use=(CANARY,), stages=(at(ROLL, "prod", "k8s_nordic"),), category="corrections"),
    build("FastAPI, not Django: service eta_api, image ml/eta-api", "fastapi_service", {"service_ref": "eta_api", "image_repo": "ml/eta-api"}, category="corrections"),
    build("a go service, sorry, I mean a Node API: booking_api, image sales/booking-api", "node_api", {"service_ref": "booking_api", "image_repo": "sales/booking-api"},
          never_use=("go_service_std",), category="corrections"),
    build("Spring Boot, service fleet_api, image fleet/api with JDK 17 - no wait, 21", "spring_service", {"service_ref": "fleet_api", "image_repo": "fleet/api", "jdk_version": "21"},
          category="corrections"),
    build("deploy depot_api with a rolling update to staging on k8s_stg, without the load test", ROLL, never_use=("load_test_stage",), stages=(at(ROLL, "staging", "k8s_stg"),),
          category="corrections"),
    build("React front end lane_ui, bucket lane-ui, don't invalidate the cache", "react_portal", {"service_ref": "lane_ui", "bucket": "lane-ui", "invalidate_cache": "false"},
          category="corrections"),
    build("depot_api to staging on k8s_stg with a rolling deployment, not to production yet", ROLL, stages=(at(ROLL, "staging", "k8s_stg"), {"fact": "not_contains_anywhere", "text": "\"prod\""}),
          category="corrections"),
    # more than one candidate, or too little said
    build("python web service stock_api, image yard/stock-api", "fastapi_service", any_of=("fastapi_service", "django_app"), says=("django_app",), category="candidates"),
    build("I need a pipeline.", "spring_service", ask=True, any_of=("",), category="candidates"),
    build("Kubernetes deployment stage for depot_api to prod on k8s_nordic", ROLL, {"service_ref": "depot_api"}, stages=(at(ROLL, "prod", "k8s_nordic"),), category="candidates"),
    build("something that applies terraform", "terraform_stack", ask=True, any_of=("terraform_stack", "terraform_stack_gcp"), category="candidates"),
    build("a nightly job, image yard/sweep, called sweep_up, at 1 am every night", "python_scheduled_job", ask=True, any_of=("python_scheduled_job", "java_scheduled_job"), category="candidates"),
    # wishes a whole pipeline template cannot take up: they are said, not dropped
    build("Spring Boot service fleet_api, image fleet/api, and post to #fleet on Slack at the end", "spring_service", {"service_ref": "fleet_api", "image_repo": "fleet/api"},
          says=(r"(?i)slack",), category="unserved"),
    build("go service berth_api, image port/berth-api, with a load test before production", "go_service_std", {"service_ref": "berth_api", "image_repo": "port/berth-api"},
          says=(r"(?i)load",), category="unserved"),
    build("node api booking_api, image sales/booking-api, the security team and the change board both approve", "node_api",
          {"service_ref": "booking_api", "image_repo": "sales/booking-api"}, says=(r"(?i)change.board|security.team",), category="unserved"),
    build("Fastapi service eta_api, image ml/eta-api, in the namespace eta", "fastapi_service", {"service_ref": "eta_api", "image_repo": "ml/eta-api"},
          says=(r"(?i)namespace",), category="unserved"),
    build("svelte site route_map in bucket route-map-web, security team approves", "svelte_site", {"service_ref": "route_map", "bucket": "route-map-web"},
          says=(r"(?i)approv",), category="unserved"),
    # a second list, written after the first one had been met
    build("We'd need CI/CD for tariff_api. It is written in TypeScript, the container is called pricing/tariff-api, node 24, and the platform engineers should sign it off.", "node_api",
          {"service_ref": "tariff_api", "image_repo": "pricing/tariff-api", "node_version": "24", "approver_group": "platform_engineering"}, category="wordy"),
    build("make me a go pipeline 4 berth_api (port/berth-api), go 1.23, 5 replicas", "go_service_std", {"service_ref": "berth_api", "image_repo": "port/berth-api", "go_version": "1.23", "replicas": 5}),
    build("Service: crane_api. Image: yard/crane-api. Template: Golden Spring Boot Service. JDK: 17.", "spring_service", {"service_ref": "crane_api", "image_repo": "yard/crane-api", "jdk_version": "17"}),
    build("crane_api needs the same pipeline as every other Spring service; docker image yard/crane-api; five-fold replication", "spring_service", {"service_ref": "crane_api", "image_repo": "yard/crane-api"}, category="wordy"),
    build("Python job called toll_sync every hour, image finance/toll-sync", "python_scheduled_job", {"service_ref": "toll_sync", "image_repo": "finance/toll-sync", "schedule": "0 * * * *"}),
    build("weekly java job on sundays at 23:30: purge_logs, image ops/purge-logs", "java_scheduled_job", {"service_ref": "purge_logs", "image_repo": "ops/purge-logs", "schedule": "30 23 * * 0"}),
    build("Java job every weekday at 7 in the morning: shift_plan, image hr/shift-plan", "java_scheduled_job", {"service_ref": "shift_plan", "image_repo": "hr/shift-plan", "schedule": "0 7 * * 1-5"}),
    build("lambda (python 3.13) named eta_fn, Frankfurt, 1 GB", "python_lambda_function", {"function_name": "eta_fn", "region": "eu-central-1", "memory_mb": 1024, "python_version": "3.13"}),
    build("Please prepare terraform_stack@6.0.0, dir stacks/vpc, workspace vpc_live, auto apply on", "terraform_stack",
          {"terraform_dir": "stacks/vpc", "workspace": "vpc_live", "auto_apply": "true"}, category="versions"),
    build("Spring service using JDK 21.0.2, crane_api, yard/crane-api", "spring_service", {"service_ref": "crane_api", "image_repo": "yard/crane-api"}, invalid={"jdk_version": "21.0.2"}, category="values"),
    build("node api with 0 replicas for booking_api, image sales/booking-api", "node_api", {"service_ref": "booking_api", "image_repo": "sales/booking-api"}, invalid={"replicas": 0}, category="values"),
    build("rust cli palletctl on the nightly channel", "rust_cli", {"package_name": "palletctl"}, invalid={"rust_channel": "nightly"}, category="values"),
    build("go service berth_api, image port/berth-api, go 1.19, 4 replicas", "go_service_std", {"service_ref": "berth_api", "image_repo": "port/berth-api", "replicas": 4}, invalid={"go_version": "1.19"}, category="values"),
    build("React portal with the bucket lane-ui, service lane_ui, node 18", "react_portal", {"service_ref": "lane_ui", "bucket": "lane-ui"}, invalid={"node_version": "18"}, category="values"),
    none("Could you set up a pipeline for our Ruby on Rails shop? image shop/rails", never_use=("node_api",)),
    none("pipeline for a Scala service", never_use=("spring_service", "java_scheduled_job")),
    none("Deploy a Flutter app"),
    none("Mongo migrations for tracks_db", never_use=("flyway_postgres",)),
    none("use the template spring_service_turbo for crane_api", never_use=("spring_service",)),
    build("canary deploy_api? no: blue/green deployment of depot_api to prod_us on k8s_us", BLUE, stages=(at(BLUE, "prod_us", "k8s_us", service_ref="depot_api"),), category="corrections"),
    build("Rolling deployment of depot_api to qa on k8s_qa. Actually make it staging on k8s_stg.", ROLL, stages=(at(ROLL, "staging", "k8s_stg"), {"fact": "not_contains_anywhere", "text": '"qa"'}), category="corrections"),
    build("fastapi service eta_api with image ml/eta-api, sorry, ml/eta-service", "fastapi_service", {"service_ref": "eta_api", "image_repo": "ml/eta-service"}, category="corrections"),
    build("go service berth_api, image port/berth-api, but no replicas setting please", "go_service_std", {"service_ref": "berth_api", "image_repo": "port/berth-api"}, category="corrections"),
    build("Bring depot_api to qa, staging and prod with rolling updates; infrastructures are k8s_qa, k8s_stg and k8s_nordic; release managers approve before prod", ROLL,
          stages=(at(ROLL, "qa", "k8s_qa"), at(ROLL, "staging", "k8s_stg"), at(ROLL, "prod", "k8s_nordic"), order("qa", "staging", "prod"), approved("prod", "release_managers")), category="stages"),
    build("prod gets depot_api by canary (10 %, k8s_nordic), and only once the change board said yes", CANARY, stages=(at(CANARY, "prod", "k8s_nordic", canary_percent=10), approved("prod", "change_board")), category="stages"),
    build("two approvals: qa guild before staging, security before production. depot_api, rolling, k8s_stg and k8s_nordic", ROLL,
          stages=(approved("staging", "qa_guild"), approved("prod", "security_team"), order("staging", "prod"), at(ROLL, "staging", "k8s_stg")), category="stages"),
    build("Helm: chart berth of service berth_api into namespace port, environment preprod, infrastructure k8s_pre, with a code scan of repo berth-api first", HELM,
          stages=(at(HELM, "preprod", "k8s_pre", chart_name="berth", namespace="port"), {"fact": "template_stage", "template": "code_scan_stage", "inputs": {"repo_name": "berth-api"}}), category="stages"),
    build("rolling stage, depot_api, staging", ROLL, {"service_ref": "depot_api", "environment_ref": "staging"}, missing=("infra_ref",), category="missing"),
    build("kafka worker in java: eta_worker, image ml/eta-worker, topic positions", "kafka_streams_worker", {"service_ref": "eta_worker", "topic": "positions"}, missing=("consumer_group",), category="missing"),
    build("django site partner_site, image web/partner-site", "django_app", {"service_ref": "partner_site", "image_repo": "web/partner-site"}, missing=("db_instance",), category="missing"),
]  # fmt: skip
