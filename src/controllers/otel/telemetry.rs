//! The collector's own metrics: `service.telemetry` (spec 5.1, 5.3).

use serde_json::{Map, Value, json};

use super::components::add_missing;
use crate::api::otel::{CollectorService, Components};

/// The port of the collector's own metrics unless the configuration says otherwise.
const PORT: i32 = 8888;
/// The address they are served on.
const HOST: &str = "0.0.0.0";

/// What the operator reads of `service.telemetry`; `None` when it cannot.
fn metrics(telemetry: &Components) -> Option<Metrics<'_>> {
    let metrics = telemetry.get("metrics").unwrap_or(&Value::Null);
    if !metrics.is_null() && !metrics.is_object() {
        return None;
    }
    let text = |key: &str| match metrics.get(key) {
        None | Some(Value::Null) => Some(""),
        Some(Value::String(text)) => Some(text.as_str()),
        Some(_) => None,
    };
    text("level")?;
    let readers = match metrics.get("readers") {
        None | Some(Value::Null) => &[],
        Some(Value::Array(readers)) => readers.as_slice(),
        Some(_) => return None,
    };
    if let Some(resource) = telemetry.get("resource").and_then(Value::as_object)
        && !resource
            .values()
            .all(|value| value.is_null() || value.is_string())
    {
        return None;
    }
    Some(Metrics {
        address: text("address")?,
        readers,
    })
}

struct Metrics<'a> {
    address: &'a str,
    readers: &'a [Value],
}

/// Adds a Prometheus reader unless an address or readers are given; what else is there stays.
pub(crate) fn fill_in(service: &mut CollectorService) {
    let telemetry = service.telemetry.get_or_insert_default();
    match metrics(telemetry) {
        Some(metrics) if !metrics.address.is_empty() || !metrics.readers.is_empty() => return,
        Some(_) => {}
        // The operator replaces what it cannot read.
        None => telemetry.clear(),
    }
    let filled = json!({"metrics": {"readers": [
        {"pull": {"exporter": {"prometheus": {"host": HOST, "port": PORT}}}}
    ]}});
    let mut map: Map<String, Value> = std::mem::take(telemetry).into_iter().collect();
    if let Value::Object(filled) = &filled {
        add_missing(&mut map, filled);
    }
    *telemetry = map.into_iter().collect();
}

/// The port of the collector's own metrics.
///
/// # Errors
/// It is a variable, or out of range; in the operator's words.
pub(super) fn port(service: &CollectorService) -> Result<i32, String> {
    let Some(metrics) = service.telemetry.as_ref().and_then(metrics) else {
        return Ok(PORT);
    };
    if !metrics.address.is_empty() && metrics.readers.is_empty() {
        return address_port(metrics.address);
    }
    let prometheus = metrics.readers.iter().find_map(|reader| {
        reader
            .pointer("/pull/exporter/prometheus")
            .filter(|p| !p.is_null())
    });
    match prometheus
        .and_then(|p| p.get("port"))
        .and_then(Value::as_i64)
    {
        None | Some(0) => Ok(PORT),
        Some(port) => match i32::try_from(port) {
            Ok(port) if (0..=65_535).contains(&port) => Ok(port),
            _ => Err(format!("invalid prometheus metrics port: {port}")),
        },
    }
}

fn address_port(address: &str) -> Result<i32, String> {
    let unknown = || format!("couldn't determine metrics port from configuration: {address}");
    if address.contains(":${") && address.ends_with('}') {
        return Err(unknown());
    }
    let Some((_, digits)) = address.rsplit_once(':') else {
        return Ok(PORT);
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(PORT);
    }
    digits.parse().map_err(|_| unknown())
}
