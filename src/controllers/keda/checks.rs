//! What KEDA asks of a ScaledObject, at the door and again in each pass (spec 4.1).

use std::collections::BTreeSet;

use crate::api::keda::{ScaledObject, ScaledObjectSpec, Trigger};
use crate::diag::FieldPath;
use crate::diag::field::go_quote;
use crate::rules::{D301, D302, D307, Rule};

/// Something that KEDA does not accept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The rule.
    pub rule: &'static Rule,
    /// The field.
    pub path: FieldPath,
    /// KEDA's text.
    pub text: String,
}

impl Fault {
    fn new(rule: &'static Rule, path: &str, text: impl Into<String>) -> Self {
        Self {
            rule,
            path: FieldPath::parse(path),
            text: text.into(),
        }
    }
}

/// Most replicas when none are given.
const DEFAULT_MAX: i64 = 100;

/// The fewest replicas of the HPA: a count that is not positive is 1.
#[must_use]
pub fn hpa_min(spec: &ScaledObjectSpec) -> i64 {
    spec.min_replica_count.filter(|min| *min > 0).unwrap_or(1)
}

/// The most replicas of the HPA.
#[must_use]
pub fn hpa_max(spec: &ScaledObjectSpec) -> i64 {
    spec.max_replica_count.unwrap_or(DEFAULT_MAX)
}

/// What is wrong with the bounds. An absent minimum counts as 0 here, a given one that is not positive as 1.
#[must_use]
pub fn bounds(spec: &ScaledObjectSpec) -> Option<Fault> {
    let min = spec.min_replica_count.map_or(0, |_| hpa_min(spec));
    let max = hpa_max(spec);
    if min > max {
        let text = format!("MinReplicaCount={min} must be less than MaxReplicaCount={max}");
        return Some(Fault::new(&D302, "spec.maxReplicaCount", text));
    }
    let idle = spec.idle_replica_count.filter(|idle| *idle >= min)?;
    let text = format!("IdleReplicaCount={idle} must be less than MinReplicaCount={min}");
    Some(Fault::new(&D302, "spec.idleReplicaCount", text))
}

/// What is wrong with the list of triggers.
#[must_use]
pub fn triggers(triggers: &[Trigger]) -> Option<Fault> {
    if triggers.is_empty() {
        return Some(Fault::new(
            &D301,
            "spec.triggers",
            "no triggers defined in the ScaledObject/ScaledJob",
        ));
    }
    let mut names = BTreeSet::new();
    for (index, trigger) in triggers.iter().enumerate() {
        let kind = trigger.type_.as_str();
        if trigger.use_cached_metrics == Some(true) && matches!(kind, "cpu" | "memory" | "cron") {
            return Some(Fault::new(
                &D307,
                &format!("spec.triggers[{index}].useCachedMetrics"),
                format!("property \"useCachedMetrics\" is not supported for \"{kind}\" scaler"),
            ));
        }
        let name = trigger.name.as_deref().unwrap_or_default();
        if !name.is_empty() && !names.insert(name) {
            return Some(Fault::new(
                &D307,
                &format!("spec.triggers[{index}].name"),
                format!(
                    "triggerName {} is defined multiple times in the ScaledObject/ScaledJob, but it must be unique",
                    go_quote(name)
                ),
            ));
        }
    }
    None
}

/// What is wrong with the fallback.
#[must_use]
pub fn fallback(spec: &ScaledObjectSpec) -> Option<Fault> {
    let fallback = spec.fallback.as_ref()?;
    if fallback.failure_threshold < 0 || fallback.replicas < 0 {
        let text = format!(
            "FailureThreshold={} & Replicas={} must both be greater than or equal to 0",
            fallback.failure_threshold, fallback.replicas
        );
        return Some(Fault::new(&D302, "spec.fallback", text));
    }
    let of_resources = spec
        .triggers
        .iter()
        .flatten()
        .all(|trigger| matches!(trigger.type_.as_str(), "cpu" | "memory"));
    (of_resources && !uses_modifiers(spec)).then(|| {
        Fault::new(
            &D307,
            "spec.fallback",
            "at least one trigger (that is not cpu or memory) has to have the `AverageValue` type for the fallback to be enabled",
        )
    })
}

/// Whether a formula over the triggers is set.
#[must_use]
pub fn uses_modifiers(spec: &ScaledObjectSpec) -> bool {
    spec.advanced
        .as_ref()
        .and_then(|advanced| advanced.scaling_modifiers.as_ref())
        .is_some_and(|modifiers| *modifiers != Default::default())
}

/// The HPA's own name in the ScaledObject, when it is set.
#[must_use]
pub fn given_hpa_name(spec: &ScaledObjectSpec) -> Option<&str> {
    let config = spec
        .advanced
        .as_ref()?
        .horizontal_pod_autoscaler_config
        .as_ref()?;
    config.name.as_deref().filter(|name| !name.is_empty())
}

/// The name of a ScaledObject's HPA; never cut.
#[must_use]
pub fn hpa_name(object: &ScaledObject) -> String {
    object
        .spec
        .as_ref()
        .and_then(given_hpa_name)
        .map_or_else(|| default_hpa_name(object), str::to_owned)
}

/// The name of the HPA when the ScaledObject gives none.
#[must_use]
pub fn default_hpa_name(object: &ScaledObject) -> String {
    format!(
        "keda-hpa-{}",
        object.metadata.name.as_deref().unwrap_or_default()
    )
}

/// Whether two versions of a ScaledObject want the same, but for what passing through Go's types adds.
#[must_use]
pub fn same_spec(a: &ScaledObject, b: &ScaledObject) -> bool {
    let normal = |object: &ScaledObject| through_go(object.clone()).spec;
    normal(a) == normal(b)
}

/// A ScaledObject as a Go program writes it: `scalingModifiers: {}` is added.
#[must_use]
pub fn through_go(mut object: ScaledObject) -> ScaledObject {
    if let Some(advanced) = object.spec.as_mut().and_then(|spec| spec.advanced.as_mut()) {
        advanced.scaling_modifiers.get_or_insert_default();
    }
    object
}
