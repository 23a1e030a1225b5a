//! What the operator 0.140.0 knows of collector components: ports, addresses, health checks (spec 5.3).

mod addresses;
mod known;
mod ports;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::api::otel::CollectorConfig;
use known::component_type;

pub(crate) use addresses::{add_missing, default_addresses};
pub(crate) use ports::{Of, Port, ports};

/// Names of the components that pipelines and `service.extensions` use.
struct Used {
    receivers: BTreeSet<String>,
    exporters: BTreeSet<String>,
    extensions: BTreeSet<String>,
}

impl Used {
    fn of(config: &CollectorConfig) -> Self {
        let pipelines = || {
            config
                .service
                .pipelines
                .iter()
                .flat_map(|p| p.values().flatten())
        };
        Self {
            receivers: pipelines()
                .flat_map(|p| p.receivers.iter().flatten().cloned())
                .collect(),
            exporters: pipelines()
                .flat_map(|p| p.exporters.iter().flatten().cloned())
                .collect(),
            extensions: config.service.extensions.iter().cloned().collect(),
        }
    }
}

/// Path and port of the health check extension in use.
pub(super) fn health_check(config: &CollectorConfig) -> Option<(String, i32)> {
    let given = config.extensions.as_ref()?;
    let mut names: Vec<&String> = config.service.extensions.iter().collect();
    names.sort();
    let name = names
        .into_iter()
        .find(|name| component_type(name) == "health_check")?;
    let config = given.get(name).unwrap_or(&Value::Null);
    let path = config
        .get("path")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let path = if path.is_empty() { "/" } else { path };
    Some((path.to_owned(), ports::of_endpoint(config).unwrap_or(13133)))
}
