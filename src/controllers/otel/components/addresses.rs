//! The addresses that the operator's webhook fills in.

use serde_json::{Map, Value, json};

use super::Used;
use super::known::{Known, component_type, extension, receiver};
use super::ports::{of_endpoint, protocols};
use crate::api::otel::CollectorConfig;

/// The address that components listen on unless they say otherwise.
const ANY: &str = "0.0.0.0";

/// Fills in the addresses of receivers and extensions in use, as the operator's defaulting webhook does.
///
/// # Errors
/// A protocol is unknown, in the operator's words.
pub(crate) fn default_addresses(config: &mut CollectorConfig) -> Result<(), String> {
    let used = Used::of(config);
    for (names, known, given) in [
        (
            &used.receivers,
            receiver as fn(&str) -> Known,
            config.receivers.as_mut(),
        ),
        (&used.extensions, extension, config.extensions.as_mut()),
    ] {
        let Some(given) = given else {
            continue;
        };
        for name in names {
            let config = given.get(name).unwrap_or(&Value::Null);
            if let Some(filled) = with_address(name, known(name), config)? {
                given.insert(name.clone(), filled);
            }
        }
    }
    Ok(())
}

fn with_address(name: &str, known: Known, config: &Value) -> Result<Option<Value>, String> {
    let mut filled = match known {
        Known::Single(default, _)
            if default.number != 0 && component_type(name) == "health_check" =>
        {
            let path = config
                .get("path")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let path = if path.is_empty() { "/" } else { path };
            let mut filled = Map::new();
            filled.insert(
                "endpoint".to_owned(),
                json!(health_endpoint(config, default.number)),
            );
            filled.insert("path".to_owned(), json!(path));
            filled
        }
        Known::Single(default, _) if default.number != 0 => endpoint(config, default.number),
        Known::Http(default) => {
            let http = config.get("http").unwrap_or(&Value::Null);
            let mut filled = Map::new();
            filled.insert(
                "http".to_owned(),
                Value::Object(endpoint(http, default.number)),
            );
            filled
        }
        Known::Protocols(known) => {
            let mut filled = Map::new();
            for (protocol, config) in protocols(config) {
                let default = known
                    .iter()
                    .find(|(name, _)| name == protocol)
                    .ok_or_else(|| format!("unknown protocol set: {protocol}"))?
                    .1;
                let number = of_endpoint(config).unwrap_or(default.number);
                filled.insert(protocol.clone(), Value::Object(endpoint(config, number)));
            }
            let mut map = Map::new();
            map.insert("protocols".to_owned(), Value::Object(filled));
            map
        }
        Known::None | Known::Single(..) => return Ok(None),
    };
    if let Some(given) = config.as_object() {
        add_missing(&mut filled, given);
    }
    Ok(Some(Value::Object(filled)))
}

/// `endpoint` with the default port, or with the default host before a bare port.
fn endpoint(config: &Value, number: i32) -> Map<String, Value> {
    let given = config
        .get("endpoint")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let endpoint = if given.is_empty() {
        format!("{ANY}:{number}")
    } else {
        let parts: Vec<&str> = given.split(':').collect();
        match parts.as_slice() {
            [only] => format!("{ANY}:{only}"),
            ["", .., last] => format!("{ANY}:{last}"),
            _ => given.to_owned(),
        }
    };
    let mut map = Map::new();
    map.insert("endpoint".to_owned(), Value::String(endpoint));
    map
}

fn health_endpoint(config: &Value, number: i32) -> String {
    let given = config
        .get("endpoint")
        .and_then(Value::as_str)
        .unwrap_or_default();
    match given {
        "" => format!("{ANY}:{number}"),
        given => match given.strip_prefix(':') {
            Some(port) if !port.is_empty() && !port.contains(':') => format!("{ANY}:{port}"),
            _ => given.to_owned(),
        },
    }
}

/// Adds what is only in `from`, maps within maps included.
pub(crate) fn add_missing(into: &mut Map<String, Value>, from: &Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(key), value) {
            (Some(Value::Object(into)), Value::Object(from)) => add_missing(into, from),
            (Some(present), _) if !is_zero(present) => {}
            _ => {
                into.insert(key.clone(), value.clone());
            }
        }
    }
}

fn is_zero(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Bool(true) => false,
    }
}
