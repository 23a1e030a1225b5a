//! The compiled schema of each kind, made when it is first asked for.

use std::sync::OnceLock;

use schemars::JsonSchema;

use super::{Schema, generate};
use crate::api::CustomResource;
use crate::api::aim::{
    AimArtifact, AimClusterModel, AimClusterModelSource, AimClusterRuntimeConfig,
    AimClusterServiceTemplate, AimModel, AimRuntimeConfig, AimService, AimServiceTemplate,
    AimTemplateCache,
};
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
        AimService => of_type::<AimService>(),
        AimModel => of_type::<AimModel>(),
        AimClusterModel => of_type::<AimClusterModel>(),
        AimServiceTemplate => of_type::<AimServiceTemplate>(),
        AimClusterServiceTemplate => cluster_template(),
        AimTemplateCache => of_type::<AimTemplateCache>(),
        AimArtifact => of_type::<AimArtifact>(),
        AimRuntimeConfig => of_type::<AimRuntimeConfig>(),
        AimClusterRuntimeConfig => of_type::<AimClusterRuntimeConfig>(),
        AimClusterModelSource => of_type::<AimClusterModelSource>(),
        HttpRoute => recorded(include_str!("crds/httproutes.json")),
        ScaledObject => recorded(include_str!("crds/scaledobjects.json")),
        OpenTelemetryCollector => recorded(include_str!("crds/opentelemetrycollectors.json")),
    }
}

fn of_type<T>() -> Schema
where
    T: CustomResource<Spec: JsonSchema, Status: JsonSchema>,
{
    Schema::compile(generate::structural::<T>())
}

/// The two kinds of template share their type, but only a namespaced one can have a cache of its own.
fn cluster_template() -> Schema {
    let mut source = generate::structural::<AimClusterServiceTemplate>();
    let fields = source.pointer_mut("/properties/spec/properties");
    if let Some(fields) = fields.and_then(serde_json::Value::as_object_mut) {
        fields.remove("caching");
    }
    Schema::compile(source)
}

fn recorded(text: &str) -> Schema {
    // The files are part of the program and a test reads them all.
    Schema::compile(serde_json::from_str(text).unwrap_or_default())
}
