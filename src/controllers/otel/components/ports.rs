//! The ports that the components of a collector open.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::naming;
use super::Used;
use super::known::{Default, Known, component_type, exporter, extension, receiver};
use crate::api::otel::{CollectorConfig, Components};

/// A port that a component opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Port {
    pub(crate) name: String,
    pub(crate) number: i32,
    /// `TCP`, `UDP`; empty where the operator leaves it to the API server.
    pub(crate) protocol: &'static str,
    pub(crate) app_protocol: Option<&'static str>,
    /// The Service's targetPort is written out.
    pub(crate) target: bool,
}

/// Which components to look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Of {
    /// Receivers and exporters: what the Service opens.
    Pipelines,
    /// Extensions.
    Extensions,
    /// All: what the container opens.
    All,
}

/// The ports that the components in use open, sorted by name.
///
/// # Errors
/// A port that must be there is not, or a protocol is unknown; in the operator's words.
pub(crate) fn ports(config: &CollectorConfig, of: Of) -> Result<Vec<Port>, String> {
    let used = Used::of(config);
    let mut ports = Vec::new();
    let mut collect =
        |names: &BTreeSet<String>, known: fn(&str) -> Known, given: &Option<Components>| {
            for name in names {
                let config = given
                    .as_ref()
                    .and_then(|map| map.get(name))
                    .unwrap_or(&Value::Null);
                ports.extend(component_ports(name, known(name), config)?);
            }
            Ok::<(), String>(())
        };
    if of != Of::Extensions {
        collect(&used.receivers, receiver, &config.receivers)?;
        collect(&used.exporters, exporter, &config.exporters)?;
    }
    if of != Of::Pipelines {
        collect(&used.extensions, extension, &config.extensions)?;
    }
    ports.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(ports)
}

fn component_ports(name: &str, known: Known, config: &Value) -> Result<Vec<Port>, String> {
    let opened = |name: &str, default: Default, number: i32| Port {
        name: naming::port(name, number),
        number,
        protocol: default.protocol,
        app_protocol: default.app_protocol,
        target: default.target && number > 0,
    };
    match known {
        Known::None => Ok(Vec::new()),
        Known::Single(default, silent) => {
            // A health check is decoded into a plain struct, the others into a pointer that null leaves empty.
            if config.is_null() && component_type(name) != "health_check" {
                return Ok(Vec::new());
            }
            match of_endpoint(config).or(Some(default.number).filter(|number| *number != 0)) {
                Some(number) => Ok(vec![opened(name, default, number)]),
                None if silent => Ok(Vec::new()),
                None => Err("port should not be empty".to_owned()),
            }
        }
        Known::Http(default) => {
            let number = config
                .pointer("/http/endpoint")
                .and_then(Value::as_str)
                .and_then(port_of)
                .unwrap_or(default.number);
            Ok(if config.is_null() {
                Vec::new()
            } else {
                vec![opened(name, default, number)]
            })
        }
        Known::Protocols(known) => protocols(config)
            .map(|(protocol, config)| {
                let default = known
                    .iter()
                    .find(|(name, _)| name == protocol)
                    .map(|(_, default)| *default)
                    .ok_or_else(|| format!("unknown protocol set: {protocol}"))?;
                let number = of_endpoint(config).unwrap_or(default.number);
                Ok(opened(&format!("{name}-{protocol}"), default, number))
            })
            .collect(),
    }
}

/// The protocols of a component, by name.
pub(super) fn protocols(config: &Value) -> impl Iterator<Item = (&String, &Value)> {
    config
        .get("protocols")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// The port of `endpoint`, or of `listen_address` when that is empty.
pub(super) fn of_endpoint(config: &Value) -> Option<i32> {
    let text = |key: &str| {
        let text = config.get(key).and_then(Value::as_str).unwrap_or_default();
        Some(text).filter(|text| !text.is_empty())
    };
    port_of(text("endpoint").or_else(|| text("listen_address"))?)
}

/// The first run of digits behind a colon; 0 is none.
fn port_of(address: &str) -> Option<i32> {
    let mut rest = address;
    while let Some((_, after)) = rest.split_once(':') {
        let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0 {
            return after.get(..digits)?.parse().ok().filter(|port| *port != 0);
        }
        rest = after;
    }
    None
}
