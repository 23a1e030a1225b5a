//! The check of a controller's write to a custom resource against the schema of its CRD.

use k8s_openapi::Metadata;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::diag::{Refusal, field};
use crate::inventory::Kind;
use crate::schema;

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
        let errors = schema.errors(&value);
        let name = object.metadata().name.as_deref().unwrap_or_default();
        if let Some(refusal) = field::refusal(kind, name, &errors) {
            return Err(Box::new(refusal));
        }
    }
    Ok(serde_json::from_value(value).unwrap_or(object))
}
