//! Merging environment variables as AIM Engine does (AIM Engine 0.2.1, spec 2.8).

use std::collections::HashMap;

use k8s_openapi::api::core::v1::EnvVar;
use serde_json::{Map, Value};

use super::go_json;

/// The variable whose layers are merged as JSON objects.
pub const ENGINE_ARGS: &str = "AIM_ENGINE_ARGS";

/// `defaults ⊕ overrides`: the order of the defaults, whole entries overridden in place, then the remaining overrides.
#[must_use]
pub fn merge(defaults: &[EnvVar], overrides: &[EnvVar]) -> Vec<EnvVar> {
    merge_with(defaults, overrides, |_, higher| Some(higher.clone())).unwrap_or_default()
}

/// The same, with [`ENGINE_ARGS`] merged as JSON; `None` where the operator panics.
#[must_use]
pub fn merge_engine_args(defaults: &[EnvVar], overrides: &[EnvVar]) -> Option<Vec<EnvVar>> {
    merge_with(defaults, overrides, |base, higher| {
        if base.name != ENGINE_ARGS {
            return Some(higher.clone());
        }
        let text = |env: &EnvVar| env.value.clone().unwrap_or_default();
        // A valueFrom counts as the empty text, and is lost.
        let value = merge_json(&text(base), &text(higher))?;
        Some(EnvVar {
            name: base.name.clone(),
            value: (!value.is_empty()).then_some(value),
            value_from: None,
        })
    })
}

fn merge_with(
    defaults: &[EnvVar],
    overrides: &[EnvVar],
    both: impl Fn(&EnvVar, &EnvVar) -> Option<EnvVar>,
) -> Option<Vec<EnvVar>> {
    // Of several overrides of one name the last counts, for the first of several defaults.
    let mut last: HashMap<&str, Option<&EnvVar>> = HashMap::with_capacity(overrides.len());
    for higher in overrides {
        last.insert(&higher.name, Some(higher));
    }
    let mut merged: Vec<EnvVar> = Vec::with_capacity(defaults.len() + overrides.len());
    for base in defaults {
        match last.get_mut(base.name.as_str()).and_then(Option::take) {
            Some(higher) => merged.push(both(base, higher)?),
            None => merged.push(base.clone()),
        }
    }
    let left = |env: &&EnvVar| last.get(env.name.as_str()).is_some_and(Option::is_some);
    merged.extend(overrides.iter().filter(left).cloned());
    Some(merged)
}

/// Two texts deep-merged as JSON objects, the higher winning; `None` where Go panics (members for a `null`).
///
/// An empty text yields the other. When either is no JSON object (`null` counts as one), the higher wins as it stands.
#[must_use]
pub fn merge_json(base: &str, higher: &str) -> Option<String> {
    if base.is_empty() {
        return Some(higher.to_owned());
    }
    if higher.is_empty() {
        return Some(base.to_owned());
    }
    let (Some(below), Some(above)) = (object(base), object(higher)) else {
        return Some(higher.to_owned());
    };
    match (below, above) {
        (None, Some(above)) if !above.is_empty() => None,
        (None, _) => Some("null".to_owned()),
        (Some(mut below), above) => {
            deep_merge(&mut below, above.unwrap_or_default());
            Some(go_json::value(&Value::Object(below)))
        }
    }
}

/// What Go reads into a map: an object, nothing for `null`; `None` when it cannot.
#[expect(clippy::option_option, reason = "Go tells a nil map from an error")]
fn object(text: &str) -> Option<Option<Map<String, Value>>> {
    match go_json::parse(text) {
        Ok(Value::Object(map)) => Some(Some(map)),
        Ok(Value::Null) => Some(None),
        _ => None,
    }
}

fn deep_merge(base: &mut Map<String, Value>, higher: Map<String, Value>) {
    for (key, value) in higher {
        match (base.get_mut(&key), value) {
            (Some(Value::Object(below)), Value::Object(above)) => deep_merge(below, above),
            (_, value) => {
                base.insert(key, value);
            }
        }
    }
}
