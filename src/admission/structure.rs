//! The check of a controller's write to a custom resource against the schema of its CRD.

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde::de::DeserializeOwned;

use serde_json::Value;

use crate::diag::{FieldError, Reason, Refusal, field};
use crate::inventory::Kind;
use crate::schema::{self, Schema};

/// Fills the schema's defaults into an object, and checks it.
///
/// Documents of users were judged before they were typed; what controllers write is typed from the start, so that only
/// bounds, enumerations and missing fields can be wrong.
///
/// # Errors
/// The API server's refusal.
pub(super) fn conform<T>(kind: Kind, object: T) -> Result<T, Box<Refusal>>
where
    T: Serialize + DeserializeOwned + Metadata<Ty = ObjectMeta>,
{
    let Some(schema) = schema::of(kind) else {
        return Ok(object);
    };
    let Ok(mut value) = serde_json::to_value(&object) else {
        return Ok(object);
    };
    if schema.complete(&mut value, true).invalid {
        let errors = errors(kind, schema, &value);
        let name = object.metadata().name.as_deref().unwrap_or_default();
        if let Some(refusal) = field::refusal(kind, name, &errors) {
            return Err(Box::new(refusal));
        }
    }
    Ok(serde_json::from_value(value).unwrap_or(object))
}

/// What does not fit the schema, in Kubernetes' words.
///
/// A collector's missing parts go out as nulls: the operator's webhook writes its Go type, after which the API server
/// drops no nulls any more.
pub(super) fn errors(kind: Kind, schema: &Schema, value: &Value) -> Vec<FieldError> {
    let mut errors = schema.errors(value);
    if kind == Kind::OpenTelemetryCollector {
        for error in &mut errors {
            if error.reason == Reason::Required && NULLED.contains(&error.field.as_str()) {
                *error = FieldError::wrong_type(error.rule, &error.path, "object", "null");
            }
        }
    }
    errors
}

const NULLED: [&str; 3] = [
    "spec.config.receivers",
    "spec.config.exporters",
    "spec.config.service.pipelines",
];
