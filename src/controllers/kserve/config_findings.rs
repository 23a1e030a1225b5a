//! What is wrong with a given `inferenceservice-config` for AIM Engine (spec 3.2, rule K219).

use crate::diag::{FieldPath, Finding, Level, Place};
use crate::inventory::{KserveConfig, ObjectKey};
use crate::rules::K219;

/// Keys that must be there, what KServe does without, and what to write.
const NEEDED: [(&str, &str, &str); 7] = [
    (
        "deploy",
        "KServe knows no deployment mode and makes nothing of any InferenceService",
        r#"{"defaultDeploymentMode": "Standard"}"#,
    ),
    (
        "inferenceService",
        "no annotation is kept from KServe's objects, so a re-applied InferenceService's whole text ends up on its pods",
        r#"{"resource": {"cpuLimit": "", "cpuRequest": "", "memoryLimit": "", "memoryRequest": ""}}"#,
    ),
    (
        "security",
        "no pod gets a token of its ServiceAccount",
        r#"{"autoMountServiceAccountToken": true}"#,
    ),
    (
        "opentelemetryCollector",
        "collectors and triggers get empty addresses, so no metric ever arrives",
        r#"{"scrapeInterval": "5s", "metricReceiverEndpoint": "keda-otel-scaler.keda.svc:4317", "metricScalerEndpoint": "keda-otel-scaler.keda.svc:4318"}"#,
    ),
    (
        "autoscaler",
        "ScaledObjects get no stabilisation windows, so scaling follows KEDA's own",
        r#"{"scaleUpStabilizationWindowSeconds": "0", "scaleDownStabilizationWindowSeconds": "300"}"#,
    ),
    (
        "storageInitializer",
        "every reconcile of every InferenceService fails",
        r#"the chart's value, with image, requests and limits"#,
    ),
    (
        "ingress",
        "Ingresses get no class",
        r#"the chart's value, with ingressGateway and ingressClassName"#,
    ),
];

/// The findings, each at its key of the ConfigMap.
pub(super) fn of(config: &KserveConfig, key: &ObjectKey) -> Vec<Finding> {
    let data = FieldPath::root().key("data");
    let at = |section: &str| Place::field(key.clone(), data.key(section));
    let mut findings: Vec<Finding> = NEEDED
        .iter()
        .filter(|(section, ..)| !config.has(section))
        .map(|(section, consequence, value)| {
            Finding::new(
                &K219,
                Place::field(key.clone(), data.clone()),
                format!("key `{section}` is missing"),
            )
            .consequence(*consequence)
            .help(format!("add `{section}: {value}`"))
        })
        .collect();
    findings.extend(unreadable(config).into_iter().map(|(section, error)| {
        Finding::new(
            &K219,
            at(section),
            format!("key `{section}` cannot be read"),
        )
        .refusal(error)
        .consequence("KServe refuses InferenceServices, or fails before it makes anything")
        .help("write valid JSON with the chart's fields")
    }));
    if let Ok(deploy) = config.deploy()
        && config.has("deploy")
        && deploy.default_deployment_mode != "Standard"
    {
        let mode = &deploy.default_deployment_mode;
        findings.push(
            Finding::new(
                &K219,
                at("deploy"),
                format!("the deployment mode is {mode}; AIM Engine needs Standard"),
            )
            .consequence("KServe makes nothing of AIM Engine's InferenceServices")
            .help(r#"write `{"defaultDeploymentMode": "Standard"}`"#),
        );
    }
    if config
        .ingress()
        .is_ok_and(|ingress| ingress.enable_gateway_api)
    {
        let mut finding = Finding::new(
            &K219,
            at("ingress"),
            "enableGatewayApi is true; AIM Engine's installation sets it to false",
        )
        .consequence("KServe makes HTTPRoutes of its own, and one of them has the name of the route that AIM Engine makes of a service with routing, so the two overwrite each other")
        .help("write `\"enableGatewayApi\": false`");
        finding.level = Level::Warning;
        findings.push(finding);
    }
    if let Ok(section) = config.inference_service() {
        let defaults = section.resource;
        let left: Vec<String> = [
            ("cpuLimit", defaults.cpu_limit),
            ("cpuRequest", defaults.cpu_request),
            ("memoryLimit", defaults.memory_limit),
            ("memoryRequest", defaults.memory_request),
        ]
        .into_iter()
        .filter(|(_, amount)| !amount.is_empty())
        .map(|(name, amount)| format!("{name} {amount}"))
        .collect();
        if !left.is_empty() {
            findings.push(
                Finding::new(
                    &K219,
                    at("inferenceService"),
                    format!("the resource defaults are not cleared: {}", left.join(", ")),
                )
                .consequence("containers get them where AIM Engine sets nothing, such as a cpu limit below its requests, and the Deployment is refused")
                .help("set all four to the empty text, as AIM Engine's installation does"),
            );
        }
    }
    findings
}

/// Sections that KServe cannot read, with its words.
fn unreadable(config: &KserveConfig) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut note = |section: &'static str, error: Option<String>| {
        found.extend(error.map(|error| (section, error)));
    };
    note("deploy", config.deploy().err().map(|e| e.to_string()));
    note(
        "inferenceService",
        config.inference_service().err().map(|e| e.to_string()),
    );
    note("security", config.security().err().map(|e| e.to_string()));
    note(
        "localModel",
        config.local_model().err().map(|e| e.to_string()),
    );
    note(
        "autoscaler",
        config.autoscaler().err().map(|e| e.to_string()),
    );
    note(
        "opentelemetryCollector",
        config.collector().err().map(|e| e.to_string()),
    );
    note("ingress", config.ingress().err().map(|e| e.to_string()));
    note(
        "storageInitializer",
        config.storage_initializer().err().map(|e| e.to_string()),
    );
    found
}
