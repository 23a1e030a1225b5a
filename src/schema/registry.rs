//! The compiled schema of each kind, made when it is first asked for.

use std::sync::OnceLock;

use super::Schema;
use crate::inventory::Kind;

/// The schema that the API server checks documents of a kind by; `None` for kinds without a CRD here.
///
/// The AIM kinds' are made from their types ([`super::publish::embedded`]; making them at run time would take longer than
/// rendering a service), of the others the recorded CRDs are kept (Gateway API v1, KEDA 2.18.1, OpenTelemetry operator
/// 0.140.0).
#[must_use]
pub fn of(kind: Kind) -> Option<&'static Schema> {
    macro_rules! schemas {
        ($($kind:ident: $file:literal,)*) => {
            match kind {
                $(Kind::$kind => {
                    static SCHEMA: OnceLock<Schema> = OnceLock::new();
                    Some(SCHEMA.get_or_init(|| compile(include_str!($file))))
                })*
                _ => None,
            }
        };
    }
    schemas! {
        AimService: "crds/aimservices.json",
        AimModel: "crds/aimmodels.json",
        AimClusterModel: "crds/aimclustermodels.json",
        AimServiceTemplate: "crds/aimservicetemplates.json",
        AimClusterServiceTemplate: "crds/aimclusterservicetemplates.json",
        AimTemplateCache: "crds/aimtemplatecaches.json",
        AimArtifact: "crds/aimartifacts.json",
        AimRuntimeConfig: "crds/aimruntimeconfigs.json",
        AimClusterRuntimeConfig: "crds/aimclusterruntimeconfigs.json",
        AimClusterModelSource: "crds/aimclustermodelsources.json",
        HttpRoute: "crds/httproutes.json",
        ScaledObject: "crds/scaledobjects.json",
        OpenTelemetryCollector: "crds/opentelemetrycollectors.json",
    }
}

fn compile(text: &str) -> Schema {
    // The files are part of the program and a test reads them all.
    Schema::compile(serde_json::from_str(text).unwrap_or_default())
}
