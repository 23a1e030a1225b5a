//! The API server's door for custom resources that controllers write.

use serde_json::Value;

use super::apiserver::{self, Request};
use crate::diag::Refusal;
use crate::inventory::Object;
use crate::kube::unknown::KNOWN_AFTER_APPLY;
use crate::schema;
use crate::source::DocumentId;

/// Stands for a value that only the cluster decides while an object is checked: fine as a number, a part of a name, a
/// label value.
const STAND_IN: &str = "00000000";

/// The object as stored: with defaults, in the status it had.
///
/// # Errors
/// What the API server refuses.
pub(super) fn admit(object: Object, old: Option<&Object>) -> Result<Object, Box<Refusal>> {
    let kind = object.kind();
    let Some(schema) = schema::of(kind) else {
        return Ok(object);
    };
    let value = object.to_value();
    let request = Request {
        // No finding is taken from this verdict, only the refusal.
        document: DocumentId(0),
        kind,
        namespace: object.metadata().namespace.as_deref().unwrap_or_default(),
    };
    let mut checked = value.clone();
    let unknown = replace_unknown(&mut checked);
    let verdict = match old {
        Some(old) => {
            let mut old = old.to_value();
            replace_unknown(&mut old);
            apiserver::update(request, checked, &old)
        }
        None => apiserver::create(request, checked),
    };
    let mut stored = verdict.outcome?;
    if unknown {
        stored = value;
        schema.complete(&mut stored, true);
    }
    match Object::from_value(kind, stored) {
        Ok(mut stored) => {
            stored.take_status_of(&object);
            Ok(stored)
        }
        // A shape that the schema lets pass and the type does not: the object stays as it was written.
        Err(_) => Ok(object),
    }
}

/// Puts the stand-in wherever something is unknown; whether anything is.
fn replace_unknown(value: &mut Value) -> bool {
    match value {
        Value::String(text) if text.contains(KNOWN_AFTER_APPLY) => {
            *text = text.replace(KNOWN_AFTER_APPLY, STAND_IN);
            true
        }
        // No short circuit: all of them are replaced.
        Value::Array(items) => items
            .iter_mut()
            .fold(false, |any, item| replace_unknown(item) || any),
        Value::Object(map) => map
            .values_mut()
            .fold(false, |any, item| replace_unknown(item) || any),
        _ => false,
    }
}
