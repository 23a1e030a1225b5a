//! KServe's webhook on Pods (KServe 0.16.0, `pkg/webhook/admission/pod`; spec 3.4).

use k8s_openapi::api::core::v1::Pod;

use super::storage;
use crate::diag::Refusal;
use crate::inventory::{KserveConfig, World};
use crate::rules::K219;

/// The label that makes a pod KServe's.
const ISVC_LABEL: &str = "serving.kserve.io/inferenceservice";

const AGGREGATE: &str = "serving.kserve.io/enable-metric-aggregation";
const SCRAPE: &str = "serving.kserve.io/enable-prometheus-scraping";

/// Changes a pod of an InferenceService: annotations on its metrics, and the model that env `STORAGE_URI` names.
///
/// # Errors
/// The configuration cannot be read.
pub fn mutate(pod: &mut Pod, world: &World) -> Result<(), Box<Refusal>> {
    let ours = pod
        .metadata
        .labels
        .as_ref()
        .is_some_and(|labels| labels.contains_key(ISVC_LABEL));
    if !ours {
        return Ok(());
    }
    let config = KserveConfig::of(world);
    let initializer = config
        .storage_initializer()
        .map_err(|error| refused(&error.to_string()))?;
    let uri = pod
        .metadata
        .annotations
        .as_ref()
        .and_then(|annotations| annotations.get(storage::SOURCE_URI))
        .cloned();
    if let (Some(uri), Some(spec)) = (&uri, &mut pod.spec) {
        let read_only = pod
            .metadata
            .annotations
            .as_ref()
            .and_then(|annotations| annotations.get("storage.kserve.io/readonly"))
            .is_none_or(|text| text != "false");
        let version = world.facts().kserve;
        storage::initialize(spec, uri, read_only, &initializer, version);
    }
    metrics(pod, &config);
    if let (Some(uri), Some(spec)) = (&uri, &mut pod.spec)
        && initializer.enable_modelcar
    {
        storage::modelcar(spec, uri, &initializer);
    }
    Ok(())
}

/// What the pod's annotations say about its metrics, where they say nothing yet.
fn metrics(pod: &mut Pod, config: &KserveConfig) {
    let defaults = config.metrics_aggregator();
    let annotations = pod
        .metadata
        .annotations
        .get_or_insert_with(Default::default);
    let aggregate = annotations
        .entry(AGGREGATE.to_owned())
        .or_insert(defaults.enable_metric_aggregation)
        .clone();
    let scrape = annotations
        .entry(SCRAPE.to_owned())
        .or_insert(defaults.enable_prometheus_scraping)
        .clone();
    if scrape == "true" {
        // The port of Knative's queue proxy, which a pod in Standard mode does not even have.
        let port = if aggregate == "true" { "9088" } else { "9091" };
        annotations.insert("prometheus.io/port".to_owned(), port.to_owned());
        annotations.insert("prometheus.io/path".to_owned(), "/metrics".to_owned());
    }
}

fn refused(cause: &str) -> Box<Refusal> {
    let message = format!(
        "admission webhook \"inferenceservice.kserve-webhook-server.pod-mutator\" denied the request: {cause}"
    );
    Box::new(Refusal::new(&K219, 500, "InternalError", message))
}
