//! The compiled schema of each kind, made when it is first asked for.

use std::sync::OnceLock;

use super::Schema;
use crate::inventory::Kind;

/// The schema that the API server checks documents of a kind by; `None` for kinds without a CRD here.
///
/// The AIM kinds' come from their types; of the others the recorded CRDs are kept (Gateway API v1, KEDA 2.18.1,
/// OpenTelemetry operator 0.140.0).
#[must_use]
pub fn of(kind: Kind) -> Option<&'static Schema> {
    macro_rules! schemas {
        ($($kind:ident => $make:expr,)*) => {
            match kind {
                $(Kind::$kind => {
                    static SCHEMA: OnceLock<Schema> = OnceLock::new();
                    Some(SCHEMA.get_or_init(|| $make))
                })*
                _ => None,
            }
        };
    }
    schemas! {
        HttpRoute => recorded(include_str!("crds/httproutes.json")),
        ScaledObject => recorded(include_str!("crds/scaledobjects.json")),
        OpenTelemetryCollector => recorded(include_str!("crds/opentelemetrycollectors.json")),
    }
}

fn recorded(text: &str) -> Schema {
    // The files are part of the program and a test reads them all.
    Schema::compile(serde_json::from_str(text).unwrap_or_default())
}
