//! The API server's door for what controllers write to custom resources with a schema: AIM's kinds, HTTPRoutes,
//! collectors (spec 6.2, 6.5).
//!
//! Documents of users were judged before they were typed ([`super::apiserver`]); a typed object has no unknown fields
//! and no wrong types, so that metadata, bounds, rules and what must not change remain.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

use super::{metadata, names};
use crate::diag::{FieldError, FieldPath, Reason, Refusal, field};
use crate::inventory::Object;
use crate::kube::unknown::{KNOWN_AFTER_APPLY, is_unknown};
use crate::schema::{self, cel::Broken, transition};

/// Stands for a value that only the cluster decides while metadata is checked: a name's hash has this length.
const STAND_IN: &str = "00000000";

/// The object with the schema's defaults, in the status it had.
///
/// # Errors
/// The API server's refusal.
pub(super) fn admit(object: Object, old: Option<&Object>) -> Result<Object, Box<Refusal>> {
    let kind = object.kind();
    let Some(schema) = schema::of(kind) else {
        return Ok(object);
    };
    let mut value = object.to_value();
    // The status has a door of its own.
    let status = value.as_object_mut().and_then(|map| map.remove("status"));
    let completed = schema.complete(&mut value, true);
    let path = FieldPath::root().key("metadata");
    let mut errors =
        metadata::validate(&settled(object.metadata()), names::dns1123_subdomain, &path);
    if completed.invalid {
        let known = |error: &FieldError| {
            let value = value.pointer(&error.path.pointer()).and_then(Value::as_str);
            !value.is_some_and(is_unknown)
        };
        errors.extend(schema.errors(&value).into_iter().filter(known));
    }
    let mut rules: Vec<FieldError> = completed.broken.iter().map(Broken::error).collect();
    if let Some(old) = old {
        let mut before = old.to_value();
        schema.complete(&mut before, true);
        let touched =
            |error: &FieldError| !transition::unchanged(schema, &error.path, &value, &before);
        errors.retain(|error| error.field.starts_with("metadata") || touched(error));
        rules.retain(touched);
        rules.extend(
            transition::broken(schema, &value, &before)
                .iter()
                .map(Broken::error),
        );
    }
    // A value's own rules are asked before those of what it holds.
    rules.sort_by(|a, b| a.path.cmp(&b.path));
    if !errors.iter().any(|error| error.reason != Reason::Invalid) {
        errors.append(&mut rules);
    }
    let name = object.metadata().name.as_deref().unwrap_or_default();
    match field::refusal(kind, name, &errors) {
        Some(refusal) => Err(Box::new(refusal)),
        None if !completed.changed => Ok(object),
        None => {
            if let (Some(status), Some(map)) = (status, value.as_object_mut()) {
                map.insert("status".to_owned(), status);
            }
            // What was typed before is typed after its defaults are in.
            Ok(Object::from_value(kind, value).unwrap_or(object))
        }
    }
}

/// Metadata with a plain text wherever only the cluster knows the value.
fn settled(meta: &ObjectMeta) -> ObjectMeta {
    let mut meta = meta.clone();
    let settle = |text: &mut String| {
        if is_unknown(text) {
            *text = text.replace(KNOWN_AFTER_APPLY, STAND_IN);
        }
    };
    meta.name.iter_mut().for_each(settle);
    meta.labels
        .iter_mut()
        .flat_map(|labels| labels.values_mut())
        .for_each(settle);
    meta
}
