//! For `why`: the layers of the container's environment, and which of them decides each variable (AIM Engine 0.2.1, spec
//! 2.8).

use std::collections::BTreeMap;

use super::super::env::Environment;
use super::super::observe::Observation;
use crate::api::aim::{AimClusterRuntimeConfig, AimRuntimeConfigSpec};
use crate::controllers::{Considered, Decision};
use crate::diag::FieldPath;
use crate::inventory::ObjectKey;
use crate::kube::env;

/// One layer's value of a variable.
struct Mention {
    /// What the layer is.
    layer: String,
    /// Where it is written; `None` for the operator's own.
    written: Option<(ObjectKey, FieldPath)>,
    /// It is added whatever is there, so a name below it stands twice.
    appended: bool,
    value: String,
}

/// The layers of a service on its template; `None` without a template.
pub(super) fn decision(seen: &Observation<'_>) -> Option<Decision> {
    let template = seen.found_template()?;
    let environment = Environment::of(seen, &template);
    let mut variables: BTreeMap<&str, Vec<Mention>> = BTreeMap::new();
    for layer in &environment.layers {
        for entry in &layer.entries {
            let mentions = variables.entry(&entry.variable.name).or_default();
            let (layer_name, below) = match &entry.written {
                Some((key, _)) if layer.name == "runtime config" => (
                    key.kind.to_string(),
                    cluster_value(seen, key, &entry.variable.name),
                ),
                _ => (layer.name.to_owned(), None),
            };
            mentions.extend(below);
            mentions.push(Mention {
                layer: layer_name,
                written: entry.written.clone(),
                appended: layer.appends(),
                value: entry.variable.value.clone().unwrap_or_default(),
            });
        }
    }
    let outcome = match &environment.variables {
        Some(_) => format!("{} variables in the container", variables.len()),
        None => "merging the layers of AIM_ENGINE_ARGS makes the operator panic".to_owned(),
    };
    let considered = variables
        .into_iter()
        .flat_map(|(name, mentions)| rows(name, mentions));
    Some(Decision {
        topic: "env",
        outcome,
        considered: considered.collect(),
        rule: "AIM Engine 0.2.1: operator, runtime config, template and service, a higher layer replacing a lower one's value; AIM_ENGINE_ARGS is merged as JSON; what the template says of its profile is appended (spec 2.8)",
    })
}

/// What the cluster's config says of a variable that the namespaced one sets, too.
fn cluster_value(seen: &Observation<'_>, decisive: &ObjectKey, name: &str) -> Option<Mention> {
    let key = seen
        .config
        .cluster
        .as_ref()
        .filter(|key| *key != decisive)?;
    let config: &AimClusterRuntimeConfig = seen.world.get("", &key.name)?;
    let spec: &AimRuntimeConfigSpec = config.spec.as_ref()?;
    let index = spec.env.iter().position(|env| env.name == name)?;
    Some(Mention {
        layer: key.kind.to_string(),
        written: Some((key.clone(), FieldPath::parse("spec.env").index(index))),
        appended: false,
        value: spec.env.get(index)?.value.clone().unwrap_or_default(),
    })
}

/// The layers of one variable, the highest first, each with what became of it.
fn rows(name: &str, mentions: Vec<Mention>) -> Vec<Considered> {
    let mut rows = Vec::new();
    // The layer above, and whether it stands beside what is below it instead of in its place.
    let mut above: Option<(String, bool, String)> = None;
    for mention in mentions.into_iter().rev() {
        let verdict = match &above {
            None => "counts".to_owned(),
            Some((layer, true, _)) => {
                format!("stands beside that of the {layer}: the name is there twice")
            }
            Some((layer, false, higher)) => {
                let merged = name == env::ENGINE_ARGS
                    && env::merge_json(&mention.value, higher)
                        .is_none_or(|merged| merged != *higher);
                if merged {
                    format!("merged below that of the {layer}")
                } else {
                    format!("overridden by the {layer}")
                }
            }
        };
        above = Some((mention.layer.clone(), mention.appended, mention.value));
        let (object, path) = match mention.written {
            Some((object, path)) => (Some(object), path),
            None => (None, FieldPath::root()),
        };
        rows.push(Considered {
            what: format!("{name} ({})", mention.layer),
            object,
            path,
            verdict,
        });
    }
    rows
}
