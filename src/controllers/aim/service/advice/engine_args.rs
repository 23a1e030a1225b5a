//! Layers of `AIM_ENGINE_ARGS` that do not merge (M113, M117, M118; AIM Engine 0.2.1, spec 2.8).

use k8s_openapi::api::core::v1::EnvVar;

use super::super::observe::Observation;
use super::configs;
use crate::diag::{FieldPath, Finding, Place};
use crate::inventory::ObjectKey;
use crate::kube::{env, go_json};
use crate::rules;

/// One value of the variable.
struct Layer<'w> {
    /// Whose it is, for messages.
    name: &'static str,
    place: Place,
    /// Empty when it is a `valueFrom`.
    text: &'w str,
    from: bool,
}

impl<'w> Layer<'w> {
    fn of(name: &'static str, env: &'w [EnvVar], object: ObjectKey) -> Option<Self> {
        let index = env
            .iter()
            .rposition(|variable| variable.name == env::ENGINE_ARGS)?;
        let variable = env.get(index)?;
        let from = variable.value_from.is_some();
        let path = FieldPath::parse("spec.env").index(index);
        Some(Self {
            name,
            place: Place::field(object, path.key(if from { "valueFrom" } else { "value" })),
            text: variable.value.as_deref().unwrap_or_default(),
            from,
        })
    }
}

/// Walks the layers from the lowest to the highest, as the operator does.
pub(super) fn of(seen: &Observation<'_>) -> Vec<Finding> {
    let mut layers = Vec::new();
    let named = |key: &ObjectKey| {
        if key.kind.namespaced() {
            "runtime config"
        } else {
            "cluster's runtime config"
        }
    };
    layers.extend(configs(seen).filter_map(|(key, spec)| Layer::of(named(&key), &spec.env, key)));
    layers.reverse();
    if let Some(template) = seen.found_template() {
        layers.extend(Layer::of("template", &template.spec.env, template.key()));
    }
    layers.extend(Layer::of("service", &seen.spec.env, seen.key.clone()));
    let mut findings = Vec::new();
    let mut layers = layers.into_iter();
    let Some(mut lower) = layers.next() else {
        return findings;
    };
    let mut below = lower.text.to_owned();
    for layer in layers {
        findings.extend(meet(&lower, &below, &layer));
        let Some(merged) = env::merge_json(&below, layer.text) else {
            break;
        };
        below = merged;
        // A reference that is lost leaves the lower value where it was written.
        if !layer.from {
            lower = layer;
        }
    }
    findings
}

/// What happens where a layer meets the value below it.
fn meet(lower: &Layer<'_>, below: &str, upper: &Layer<'_>) -> Option<Finding> {
    if upper.from {
        return Some(value_from_lost(lower, below, upper));
    }
    if below.is_empty() || upper.text.is_empty() {
        return None;
    }
    if env::merge_json(below, upper.text).is_none() {
        return Some(null_below(lower, upper));
    }
    let culprit = match (is_object(below), is_object(upper.text)) {
        (true, true) => return None,
        (_, false) => upper,
        (false, true) => lower,
    };
    let other = if std::ptr::eq(culprit, upper) {
        lower
    } else {
        upper
    };
    Some(
        Finding::new(
            &rules::M113,
            culprit.place.clone(),
            format!(
                "AIM_ENGINE_ARGS of the {} is no JSON object, so the layers are not merged",
                culprit.name
            ),
        )
        .consequence(format!(
            "the value of the {} replaces that of the {} as a whole",
            upper.name, lower.name
        ))
        .help("write a JSON object, such as {\"max-model-len\": 8192}")
        .related(
            other.place.clone(),
            format!("the value of the {}", other.name),
        ),
    )
}

/// What Go reads into a map: an object, or `null`.
fn is_object(text: &str) -> bool {
    go_json::parse(text).is_ok_and(|value| value.is_object() || value.is_null())
}

fn value_from_lost(lower: &Layer<'_>, below: &str, upper: &Layer<'_>) -> Finding {
    let consequence = if below.is_empty() {
        "the variable is empty in the container: both references are lost".to_owned()
    } else {
        format!(
            "the container gets the value of the {}, and the reference is lost",
            lower.name
        )
    };
    Finding::new(
        &rules::M118,
        upper.place.clone(),
        "valueFrom does not count here: AIM_ENGINE_ARGS is merged by its text, which is empty",
    )
    .label("lost")
    .consequence(consequence)
    .help(format!(
        "write the JSON here, or take the variable out of the {}",
        lower.name
    ))
    .related(
        lower.place.clone(),
        format!("the value of the {}", lower.name),
    )
}

fn null_below(lower: &Layer<'_>, upper: &Layer<'_>) -> Finding {
    Finding::new(
        &rules::M117,
        lower.place.clone(),
        format!("AIM_ENGINE_ARGS is null here, and the {} gives an object", upper.name),
    )
    .refusal("assignment to entry in nil map")
    .consequence(
        "AIM Engine panics in every pass: nothing of the service ever runs, and its status stays as it is",
    )
    .help("write {}, or leave the variable out")
    .related(upper.place.clone(), format!("the value of the {}", upper.name))
}
