"""Requests for pipelines with what must come out; the last third was written once and is not to be tuned for.

Each case: request, template ("" none fits, "?" ask which), inputs, and the inputs that are missing or do not fit.
"""

from __future__ import annotations

CASES = [
    ("Pipeline for the service cart_service from the golden Spring template, image shop/cart, JDK 17", "spring_service", {"service_ref": "cart_service", "image_repo": "shop/cart", "jdk_version": "17"}, set()),
    ("java microservice cart_service, image shop/cart, 3 replicas", "spring_service", {"replicas": 3}, set()),
    ("goldn java servise for cart_service, image shop/cart", "spring_service", {"service_ref": "cart_service"}, set()),
    ("Use spring_service for cart_service with the image shop/cart but JDK 11", "spring_service", {"service_ref": "cart_service"}, {"jdk_version"}),
    ("Golden Spring service for cart_service, image shop/cart, 50 replicas", "spring_service", {}, {"replicas"}),
    ("Build me something from our golden Java template", "spring_service", {}, {"service_ref", "image_repo"}),
    ("version 2.0.0 of spring_service for cart_service, image shop/cart", "spring_service@2.0.0", {"service_ref": "cart_service"}, set()),
    ("spring_service 1.4.0 for cart_service, image shop/cart", "spring_service@2.1.0", {"service_ref": "cart_service"}, {"!"}),
    ("the beta of spring_service for cart_service, image shop/cart", "spring_service@2.1.0", {}, {"!"}),
    ("old_java for cart_service, image shop/cart", "spring_service", {"image_repo": "shop/cart"}, {"!"}),
    ("A nightly Java job called invoice_run, image billing/run, at 0 2 * * *", "java_nightly", {"service_ref": "invoice_run", "schedule": "0 2 * * *"}, set()),
    ("Java job every day at 4:30 for stats_run, image x/stats", "java_nightly", {"schedule": "30 4 * * *"}, set()),
    ("Java service ledger_core in the card data zone, image pay/ledger", "card_java", {"service_ref": "ledger_core"}, set()),
    ("flask api quote_api, image x/quote, python 3.13", "fastapi_service", {"python_version": "3.13"}, set()),
    ("golang service geo_api, image maps/geo", "go_service", {"service_ref": "geo_api"}, set()),
    ("A kafka consumer in node: service mailer, image x/mail, topic orders.v1", "js_listener", {"topic": "orders.v1", "service_ref": "mailer"}, set()),
    (".NET service tax_api on Kubernetes, image fin/tax", "csharp_kube", {"service_ref": "tax_api"}, set()),
    ("React front end shop_ui, bucket shop-ui", "react_site", {"bucket": "shop-ui"}, set()),
    ("React Native app com.acme.shop", "rn_app", {"bundle_id": "com.acme.shop"}, set()),
    ("Python lambda resize in eu-west-1", "py_function", {"region": "eu-west-1"}, set()),
    ("python function on lambda, function resize_image, region us-east-1", "py_function", {"function_name": "resize_image"}, {"region"}),
    ("Terraform for AWS, folder aws/vpc, workspace vpc_prod, the security team approves", "tf_aws", {"terraform_dir": "aws/vpc", "workspace": "vpc_prod", "approver_group": "security_team"}, set()),
    ("Terraform for our network", "?", {}, set()),
    ("Postgres migrations for the database orders_pg, the DBAs approve", "pg_migrate", {"db_instance": "orders_pg", "approver_group": "dba_team"}, set()),
    ("Java service x_api, image x/api, approved by the wizards", "spring_service", {}, set()),
    ("Migrations for our Oracle database", "", {}, set()),
    ("A COBOL program on the mainframe", "", {}, set()),
    ("a Rust service", "", {}, set()),
    ("Use the Quantum Sandbox template for cart_service", "", {}, set()),
    ("Use secret_template_x for cart_service", "", {}, set()),
    ("Create a pipeline", "?", {}, set()),
]  # fmt: skip

HELD_OUT = [
    ("I'd need a pipeline for a Spring Boot API named order_api. The image lives at shop/order.", "spring_service", {"service_ref": "order_api", "image_repo": "shop/order"}, set()),
    ("Django back end forecast_api - image ml/forecast", "fastapi_service", {"service_ref": "forecast_api", "image_repo": "ml/forecast"}, set()),
    ("please set up express for search_api (image search/api)", "express_service", {"service_ref": "search_api"}, set()),
    ("terraform azure, dir azure/dns, workspace dns", "tf_azure", {"terraform_dir": "azure/dns", "workspace": "dns"}, set()),
    ("ASP.NET Core api on Azure, service inv_api, image fin/inv", "csharp_azure", {"service_ref": "inv_api"}, set()),
    ("card data: java service wallet_api with image pay/wallet", "card_java", {"image_repo": "pay/wallet"}, set()),
    ("python 3.9 web service for old_api, image x/old", "fastapi_service", {"service_ref": "old_api"}, {"python_version"}),
    ("our single page app in React, bucket promo-site", "react_site", {"bucket": "promo-site"}, {"service_ref"}),
    ("something for Elixir", "", {}, set()),
    ("an iOS app in Swift", "", {}, set()),
    ("Cassandra schema migrations for db users", "", {}, set()),
    ("hourly java job: service ping_run, image ops/ping", "java_nightly", {"schedule": "0 * * * *"}, set()),
    ("lambda in python called thumbs, Frankfurt", "py_function", {"function_name": "thumbs", "region": "eu-central-1"}, set()),
    ("spring_service@2.1.0: service_ref: a_api, image_repo: a/api, replicas: 4", "spring_service", {"replicas": 4, "image_repo": "a/api"}, set()),
    ("Java service pay_api, image pay/api, gradle, JDK 21, five replicas, release managers approve", "spring_service", {"replicas": 5, "jdk_version": "21", "approver_group": "release_managers"}, set()),
]  # fmt: skip
