//! The collector's configuration as the operator writes it: as YAML, and hashed (spec 5.4, 5.5).

use std::borrow::Cow;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::api::otel::{CollectorConfig, Components, Pipeline};
use crate::kube::go_json;
use crate::kube::go_yaml::{self, Document};

/// The configuration as text: `OTEL_CONFIG` and the ConfigMap's `collector.yaml`.
#[must_use]
pub fn text(config: &CollectorConfig) -> String {
    let components = |map: &Components| {
        let map: serde_json::Map<_, _> = map.clone().into_iter().collect();
        Document::Sorted(Cow::Owned(Value::Object(map)))
    };
    let given = |map: &Option<Components>| components(map.as_ref().unwrap_or(&Components::new()));
    let texts = |list: &[String]| Document::Sorted(Cow::Owned(json!(list)));
    let mut top = vec![
        ("receivers", given(&config.receivers)),
        ("exporters", given(&config.exporters)),
    ];
    for (name, map) in [
        ("processors", &config.processors),
        ("connectors", &config.connectors),
        ("extensions", &config.extensions),
    ] {
        top.extend(map.as_ref().map(|map| (name, components(map))));
    }
    let mut service = Vec::new();
    if !config.service.extensions.is_empty() {
        service.push(("extensions", texts(&config.service.extensions)));
    }
    if let Some(telemetry) = &config.service.telemetry {
        service.push(("telemetry", components(telemetry)));
    }
    let pipelines = config.service.pipelines.iter().flatten();
    let pipelines = pipelines
        .map(|(name, pipeline)| {
            let pipeline = match pipeline {
                None => Document::Sorted(Cow::Owned(Value::Null)),
                Some(pipeline) => {
                    let mut entries = vec![(
                        "exporters",
                        texts(pipeline.exporters.as_deref().unwrap_or_default()),
                    )];
                    if !pipeline.processors.is_empty() {
                        entries.push(("processors", texts(&pipeline.processors)));
                    }
                    entries.push((
                        "receivers",
                        texts(pipeline.receivers.as_deref().unwrap_or_default()),
                    ));
                    Document::Ordered(entries)
                }
            };
            (name.as_str(), pipeline)
        })
        .collect();
    service.push(("pipelines", Document::Ordered(pipelines)));
    top.push(("service", Document::Ordered(service)));
    go_yaml::encode(&Document::Ordered(top))
}

/// SHA-256 over the configuration as Go's JSON, in hex.
#[must_use]
pub fn hash(config: &CollectorConfig) -> String {
    Sha256::digest(json_text(config))
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The configuration as compact Go JSON: the known levels in the order of the Go types, the rest sorted.
fn json_text(config: &CollectorConfig) -> String {
    let components = |map: &Components| {
        let map: serde_json::Map<_, _> = map.clone().into_iter().collect();
        go_json::value(&Value::Object(map))
    };
    let required =
        |map: &Option<Components>| map.as_ref().map_or_else(|| "null".to_owned(), components);
    let mut top = vec![
        ("receivers", required(&config.receivers)),
        ("exporters", required(&config.exporters)),
    ];
    for (name, map) in [
        ("processors", &config.processors),
        ("connectors", &config.connectors),
        ("extensions", &config.extensions),
    ] {
        top.extend(map.as_ref().map(|map| (name, components(map))));
    }
    let mut service = Vec::new();
    if !config.service.extensions.is_empty() {
        service.push((
            "extensions",
            go_json::value(&json!(config.service.extensions)),
        ));
    }
    if let Some(telemetry) = &config.service.telemetry {
        service.push(("telemetry", components(telemetry)));
    }
    let pipelines = match &config.service.pipelines {
        None => "null".to_owned(),
        Some(pipelines) => object(pipelines.iter().map(|(name, pipeline)| {
            let text = pipeline
                .as_ref()
                .map_or_else(|| "null".to_owned(), pipeline_json);
            (name.as_str(), text)
        })),
    };
    service.push(("pipelines", pipelines));
    top.push(("service", object(service)));
    object(top)
}

fn pipeline_json(pipeline: &Pipeline) -> String {
    let list = |list: &Option<Vec<String>>| go_json::value(&json!(list));
    let mut entries = vec![("exporters", list(&pipeline.exporters))];
    if !pipeline.processors.is_empty() {
        entries.push(("processors", go_json::value(&json!(pipeline.processors))));
    }
    entries.push(("receivers", list(&pipeline.receivers)));
    object(entries)
}

fn object<'a>(entries: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let entries: Vec<String> = entries
        .into_iter()
        .map(|(key, value)| format!("{}:{value}", go_json::string(key)))
        .collect();
    format!("{{{}}}", entries.join(","))
}
