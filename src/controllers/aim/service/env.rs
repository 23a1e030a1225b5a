//! The environment of the inference container, layer over layer (AIM Engine 0.2.1, spec 2.8).

use k8s_openapi::api::core::v1::EnvVar;

use super::super::go_form;
use super::super::view::Template;
use super::observe::Observation;
use crate::api::aim::{AimClusterRuntimeConfig, AimRuntimeConfig, AimRuntimeConfigSpec};
use crate::diag::FieldPath;
use crate::inventory::ObjectKey;
use crate::kube::env;

/// How a layer meets what lies below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Join {
    /// Names are overridden in place.
    Merge,
    /// Entries are added, whatever is there.
    Append,
}

/// One entry of a layer, with where it was written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) variable: EnvVar,
    /// `None` for what the operator itself adds.
    pub(super) written: Option<(ObjectKey, FieldPath)>,
}

/// One layer of the container's environment.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layer {
    /// What it is, for messages.
    pub(super) name: &'static str,
    join: Join,
    pub(super) entries: Vec<Entry>,
}

/// The container's environment in the making.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Environment {
    /// From the lowest to the highest.
    pub(super) layers: Vec<Layer>,
    /// The variables by name; `None` where merging makes the operator panic.
    pub(super) variables: Option<Vec<EnvVar>>,
}

impl Environment {
    /// Puts the layers for a service on a template together.
    pub(super) fn of(observation: &Observation<'_>, template: &Template<'_>) -> Self {
        let layers = vec![
            Layer::fixed(&[
                ("AIM_CACHE_PATH", "/workspace/cache"),
                ("VLLM_ENABLE_METRICS", "true"),
            ]),
            Layer::of_config(observation),
            Layer::of_profile(template),
            Layer::written("template", &template.spec.env, &template.key()),
            Layer::of_source(template),
            Layer::written("service", &observation.spec.env, &observation.key),
        ];
        let variables = if observation.config.panics {
            None
        } else {
            join(&layers)
        };
        Self { layers, variables }
    }
}

/// Whether merging the layers makes the operator panic. Only `AIM_ENGINE_ARGS` in two layers can.
pub(super) fn panics(seen: &Observation<'_>, template: &Template<'_>) -> bool {
    let has = |env: &[EnvVar]| env.iter().any(|variable| variable.name == env::ENGINE_ARGS);
    let higher = has(&seen.spec.env) || has(&template.spec.env);
    seen.config.panics || higher && Environment::of(seen, template).variables.is_none()
}

fn join(layers: &[Layer]) -> Option<Vec<EnvVar>> {
    let mut variables: Vec<EnvVar> = Vec::new();
    for layer in layers {
        let entries: Vec<EnvVar> = layer
            .entries
            .iter()
            .map(|entry| entry.variable.clone())
            .collect();
        match layer.join {
            Join::Append => variables.extend(entries),
            Join::Merge => variables = env::merge_engine_args(&variables, &entries)?,
        }
    }
    variables.sort_by(|a, b| a.name.cmp(&b.name));
    Some(go_form::env(&variables))
}

impl Layer {
    /// Whether its entries are added whatever is there.
    pub(super) fn appends(&self) -> bool {
        self.join == Join::Append
    }

    /// What the operator sets by itself.
    fn fixed(variables: &[(&str, &str)]) -> Self {
        Self {
            name: "operator",
            join: Join::Merge,
            entries: variables
                .iter()
                .map(|(name, value)| Entry {
                    variable: variable(name, value),
                    written: None,
                })
                .collect(),
        }
    }

    /// A list of variables that somebody wrote.
    fn written(name: &'static str, env: &[EnvVar], object: &ObjectKey) -> Self {
        let path = FieldPath::parse("spec.env");
        let entries = env.iter().enumerate().map(|(index, variable)| Entry {
            variable: variable.clone(),
            written: Some((object.clone(), path.index(index))),
        });
        Self {
            name,
            join: Join::Merge,
            entries: entries.collect(),
        }
    }

    /// The merged runtime config's variables, each where its value was written last.
    fn of_config(observation: &Observation<'_>) -> Self {
        let config = &observation.config;
        let world = observation.world;
        let merged = config.spec.as_ref().map_or(&[][..], |spec| &spec.env);
        let spec = |key: &ObjectKey| -> Option<&AimRuntimeConfigSpec> {
            let (namespace, name) = (key.namespace.as_str(), key.name.as_str());
            match key.kind.namespaced() {
                true => world
                    .get::<AimRuntimeConfig>(namespace, name)?
                    .spec
                    .as_ref(),
                false => world
                    .get::<AimClusterRuntimeConfig>("", name)?
                    .spec
                    .as_ref(),
            }
        };
        let written = |name: &str| {
            [&config.namespaced, &config.cluster]
                .into_iter()
                .flatten()
                .find_map(|key| {
                    let index = spec(key)?.env.iter().position(|env| env.name == name)?;
                    Some((key.clone(), FieldPath::parse("spec.env").index(index)))
                })
        };
        Self {
            name: "runtime config",
            join: Join::Merge,
            entries: merged
                .iter()
                .map(|variable| Entry {
                    variable: variable.clone(),
                    written: written(&variable.name),
                })
                .collect(),
        }
    }

    /// What the template's spec says of its profile.
    fn of_profile(template: &Template<'_>) -> Self {
        let spec = template.spec;
        let profile_id = spec.profile_id.as_deref().filter(|id| !id.is_empty());
        let fields = [
            ("AIM_PROFILE_ID", "profileId", profile_id),
            (
                "AIM_METRIC",
                "metric",
                spec.metric.map(|metric| metric.as_str()),
            ),
            (
                "AIM_PRECISION",
                "precision",
                spec.precision.map(|precision| precision.as_str()),
            ),
        ];
        let entries = fields.into_iter().filter_map(|(name, field, value)| {
            let path = FieldPath::parse("spec").key(field);
            Some(Entry {
                variable: variable(name, value?),
                written: Some((template.key(), path)),
            })
        });
        Self {
            name: "template's profile",
            join: Join::Append,
            entries: entries.collect(),
        }
    }

    /// The model ID of the first source in the template's spec.
    fn of_source(template: &Template<'_>) -> Self {
        let entries = template.spec.model_sources.first().map(|source| Entry {
            variable: variable("AIM_MODEL_ID", &source.model_id),
            written: Some((
                template.key(),
                FieldPath::parse("spec.modelSources[0].modelId"),
            )),
        });
        Self {
            name: "template's model source",
            join: Join::Append,
            entries: entries.into_iter().collect(),
        }
    }
}

fn variable(name: &str, value: &str) -> EnvVar {
    EnvVar {
        name: name.to_owned(),
        value: Some(value.to_owned()),
        value_from: None,
    }
}
