//! The OpenTelemetryCollector that reads a pod's metrics (spec 3.7, 3.10).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ResourceRequirements;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::json;

use super::component::{Component, OPENTELEMETRY};
use super::scaled_object::put_when_spec_differs;
use super::{Write, not_begun, owned};
use crate::api::otel::{
    CollectorConfig, CollectorService, CollectorSpec, OpenTelemetryCollector, Pipeline,
};
use crate::diag::Refusal;
use crate::inventory::kserve_config::{CollectorSection, ResourceDefaults};
use crate::inventory::{KserveConfig, ObjectKey, World};
use crate::rules::K219;

/// Annotation with the port that the pod serves its metrics on.
pub(super) const METRICS_PORT: &str = "prometheus.kserve.io/port";

/// The port that is taken without it.
const DEFAULT_METRICS_PORT: &str = "8080";

/// The names of all PodMetrics, in order, duplicates kept.
pub(super) fn metric_names(component: &Component) -> Vec<String> {
    component
        .pod_metrics()
        .filter(|(_, source)| source.metric.backend == OPENTELEMETRY)
        .flat_map(|(_, source)| source.metric.metric_names.iter().cloned())
        .collect()
}

/// What KServe sends; nothing when no metric is named.
pub(super) fn desired(
    component: &Component,
    config: &KserveConfig,
) -> Result<Option<OpenTelemetryCollector>, Box<Refusal>> {
    let names = metric_names(component);
    if names.is_empty() {
        return Ok(None);
    }
    let section = config
        .collector()
        .map_err(|error| not_begun(&K219, &error.to_string()))?;
    Ok(Some(OpenTelemetryCollector {
        metadata: ObjectMeta {
            name: component.meta.name.clone(),
            namespace: component.meta.namespace.clone(),
            annotations: component.meta.annotations.clone(),
            ..ObjectMeta::default()
        },
        spec: Some(CollectorSpec {
            mode: Some("sidecar".to_owned()),
            config: configuration(component, &section, &names),
            resources: resources(&section.resource),
            // KServe's older type has no default here; the operator's webhook turns it into `automatic`.
            upgrade_strategy: Some(String::new()),
            ..CollectorSpec::default()
        }),
        status: None,
    }))
}

fn configuration(
    component: &Component,
    section: &CollectorSection,
    names: &[String],
) -> CollectorConfig {
    let port = component
        .annotation(METRICS_PORT)
        .unwrap_or(DEFAULT_METRICS_PORT);
    let scrape = json!({
        "config": {"scrape_configs": [{
            "job_name": "otel-collector",
            "scrape_interval": section.scrape_interval,
            "static_configs": [{"targets": [format!("localhost:{port}")]}],
        }]}
    });
    let export = json!({
        "endpoint": section.metric_receiver_endpoint,
        "compression": "none",
        "tls": {"insecure": true},
    });
    let processors = BTreeMap::from([
        (
            "resourcedetection/env".to_owned(),
            json!({"detectors": ["env"], "timeout": "2s", "override": false}),
        ),
        (
            "transform".to_owned(),
            json!({"metric_statements": [{
                "context": "datapoint",
                "statements": [
                    r#"set(attributes["namespace"], resource.attributes["k8s.namespace.name"])"#,
                    r#"set(attributes["deployment"], resource.attributes["k8s.deployment.name"])"#,
                    r#"set(attributes["pod"], resource.attributes["k8s.pod.name"])"#,
                ],
            }]}),
        ),
        (
            "filter/metrics".to_owned(),
            json!({"metrics": {"include": {"match_type": "strict", "metric_names": names}}}),
        ),
    ]);
    let pipeline = Pipeline {
        receivers: Some(vec!["prometheus".to_owned()]),
        processors: ["resourcedetection/env", "transform", "filter/metrics"]
            .map(str::to_owned)
            .to_vec(),
        exporters: Some(vec!["otlp".to_owned()]),
    };
    CollectorConfig {
        receivers: Some(BTreeMap::from([("prometheus".to_owned(), scrape)])),
        exporters: Some(BTreeMap::from([("otlp".to_owned(), export)])),
        processors: Some(processors),
        service: CollectorService {
            pipelines: Some(BTreeMap::from([("metrics".to_owned(), Some(pipeline))])),
            ..CollectorService::default()
        },
        ..CollectorConfig::default()
    }
}

fn resources(given: &ResourceDefaults) -> ResourceRequirements {
    let list = |cpu: &str, memory: &str| {
        let list: BTreeMap<String, Quantity> = [("cpu", cpu), ("memory", memory)]
            .into_iter()
            .filter(|(_, amount)| !amount.is_empty())
            .map(|(name, amount)| {
                let amount = crate::kube::quantity::canonical(amount);
                (name.to_owned(), Quantity(amount))
            })
            .collect();
        (!list.is_empty()).then_some(list)
    };
    ResourceRequirements {
        requests: list(&given.cpu_request, &given.memory_request),
        limits: list(&given.cpu_limit, &given.memory_limit),
        claims: None,
    }
}

/// Creates the collector, or replaces it when its spec differs after the doors.
pub(super) fn write(
    mut wanted: OpenTelemetryCollector,
    isvc: &ObjectKey,
    world: &World,
) -> Option<Write> {
    wanted.metadata = owned(wanted.metadata, isvc, world);
    put_when_spec_differs(wanted.into(), world, |object| {
        object
            .typed::<OpenTelemetryCollector>()
            .and_then(|o| o.spec.clone())
    })
}
