//! Collectors of `opentelemetry.io/v1alpha1`, as the operator's conversion webhook makes v1beta1 of them
//! (operator 0.140.0, `apis/v1alpha1/convert.go`).

use serde_json::{Map, Value, json};

use crate::inventory::Kind;
use crate::source::{FileContent, Sources};

const OLD: &str = "opentelemetry.io/v1alpha1";

/// A v1alpha1 collector as v1beta1; everything else as it is.
#[must_use]
pub fn upgrade(mut document: Value) -> Value {
    let is = |key: &str, text: &str| document.get(key).and_then(Value::as_str) == Some(text);
    let kind = Kind::OpenTelemetryCollector;
    if !is("apiVersion", OLD) || !is("kind", kind.as_str()) {
        return document;
    }
    if let Some(object) = document.as_object_mut() {
        object.insert("apiVersion".to_owned(), kind.api_version().into());
        if let Some(spec) = object.get_mut("spec").and_then(Value::as_object_mut) {
            upgrade_spec(spec);
        }
    }
    document
}

fn upgrade_spec(spec: &mut Map<String, Value>) {
    let text = spec
        .get("config")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let config = configuration(text);
    spec.insert("config".to_owned(), config);
    for (old, new) in [
        ("minReplicas", "minReplicas"),
        ("maxReplicas", "maxReplicas"),
    ] {
        if let Some(count) = spec.remove(old) {
            let autoscaler = spec.entry("autoscaler").or_insert_with(|| json!({}));
            if let Some(autoscaler) = autoscaler.as_object_mut() {
                autoscaler.entry(new).or_insert(count);
            }
        }
    }
    if let Some(strategy) = spec.remove("updateStrategy") {
        spec.insert("daemonSetUpdateStrategy".to_owned(), strategy);
    }
    // The conversion does not carry it over.
    spec.remove("serviceName");
    let annotations = "DisablePrometheusAnnotations";
    if let Some(metrics) = map_at(spec, &["observability", "metrics"])
        && let Some(flag) = metrics.remove(annotations)
    {
        metrics.insert("disablePrometheusAnnotations".to_owned(), flag);
    }
    let allocator = spec.entry("targetAllocator").or_insert_with(|| json!({}));
    let Some(allocator) = allocator.as_object_mut() else {
        return;
    };
    let monitors = allocator.entry("prometheusCR").or_insert_with(|| json!({}));
    let Some(monitors) = monitors.as_object_mut() else {
        return;
    };
    for selector in ["podMonitorSelector", "serviceMonitorSelector"] {
        let labels = match monitors.remove(selector) {
            Some(Value::Object(labels)) if !labels.is_empty() => json!({"matchLabels": labels}),
            _ => json!({}),
        };
        monitors.insert(selector.to_owned(), labels);
    }
}

fn map_at<'a>(
    map: &'a mut Map<String, Value>,
    path: &[&str],
) -> Option<&'a mut Map<String, Value>> {
    path.iter()
        .try_fold(map, |map, key| map.get_mut(*key)?.as_object_mut())
}

/// The configuration of its text. What cannot be read becomes an empty one: the conversion must not fail.
fn configuration(text: &str) -> Value {
    let file = FileContent::read(
        "config".to_owned(),
        text.as_bytes().to_vec(),
        false,
        &|_: &str| true,
    );
    let mut documents = Sources::new([file]).documents.into_iter();
    let mut config = match (documents.next(), documents.next()) {
        (Some(document), None) if document.value.is_object() => document.value,
        _ => json!({}),
    };
    if let Some(config) = config.as_object_mut() {
        let required = |map: &mut Map<String, Value>, key: &str| {
            let value = map.entry(key).or_insert(Value::Null);
            if value.is_null() {
                *value = json!({});
            }
        };
        required(config, "receivers");
        required(config, "exporters");
        required(config, "service");
        if let Some(service) = config.get_mut("service").and_then(Value::as_object_mut) {
            required(service, "pipelines");
        }
    }
    config
}
