//! The API server's door for HorizontalPodAutoscalers, `autoscaling/v2` (Kubernetes 1.34.4): defaults and validation.
//!
//! A HorizontalPodAutoscaler without metrics scales on CPU: that is how a trigger that nobody can read ends up as
//! "CPU 80 %" (spec 4.2).

use k8s_openapi::api::autoscaling::v2::{
    HPAScalingPolicy, HPAScalingRules, HorizontalPodAutoscaler, HorizontalPodAutoscalerBehavior,
    HorizontalPodAutoscalerSpec, MetricSpec, MetricTarget, ResourceMetricSource,
};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use serde_json::json;

use super::{metadata, names};
use crate::diag::{FieldError, FieldPath, Refusal, field};
use crate::inventory::Kind;
use crate::kube::quantity;
use crate::rules::{D302, D306, D309, Rule, S003, S005};

/// The HorizontalPodAutoscaler as stored.
///
/// # Errors
/// The API server's refusal.
pub(super) fn admit(
    mut hpa: HorizontalPodAutoscaler,
) -> Result<HorizontalPodAutoscaler, Box<Refusal>> {
    if let Some(spec) = &mut hpa.spec {
        default(spec);
    }
    let mut errors = metadata::validate(
        &hpa.metadata,
        names::dns1123_subdomain,
        &FieldPath::parse("metadata"),
    );
    if let Some(spec) = &hpa.spec {
        errors.extend(validate(spec, &FieldPath::parse("spec")));
    }
    let name = hpa.metadata.name.as_deref().unwrap_or_default();
    match field::refusal(Kind::HorizontalPodAutoscaler, name, &errors) {
        Some(refusal) => Err(Box::new(refusal)),
        None => Ok(hpa),
    }
}

fn default(spec: &mut HorizontalPodAutoscalerSpec) {
    spec.min_replicas.get_or_insert(1);
    let metrics = spec.metrics.get_or_insert_default();
    if metrics.is_empty() {
        metrics.push(MetricSpec {
            type_: "Resource".to_owned(),
            resource: Some(ResourceMetricSource {
                name: "cpu".to_owned(),
                target: MetricTarget {
                    type_: "Utilization".to_owned(),
                    average_utilization: Some(80),
                    ..MetricTarget::default()
                },
            }),
            ..MetricSpec::default()
        });
    }
    for target in metrics.iter_mut().flat_map(targets_mut) {
        let values = [&mut target.average_value, &mut target.value];
        for Quantity(text) in values.into_iter().flatten() {
            *text = quantity::canonical(text);
        }
    }
    if let Some(behavior) = &mut spec.behavior {
        behavior.scale_up = Some(filled(
            behavior.scale_up.take(),
            Some(0),
            &[("Pods", 4), ("Percent", 100)],
        ));
        behavior.scale_down = Some(filled(
            behavior.scale_down.take(),
            None,
            &[("Percent", 100)],
        ));
    }
}

/// Scaling rules with what the API server adds. A list of policies is kept or replaced as a whole; the tolerance is
/// behind a feature gate that is off.
fn filled(
    given: Option<HPAScalingRules>,
    window: Option<i32>,
    policies: &[(&str, i32)],
) -> HPAScalingRules {
    let given = given.unwrap_or_default();
    let policy = |&(type_, value): &(&str, i32)| HPAScalingPolicy {
        type_: type_.to_owned(),
        value,
        period_seconds: 15,
    };
    HPAScalingRules {
        stabilization_window_seconds: given.stabilization_window_seconds.or(window),
        select_policy: given.select_policy.or_else(|| Some("Max".to_owned())),
        policies: given
            .policies
            .or_else(|| Some(policies.iter().map(policy).collect())),
        tolerance: None,
    }
}

fn targets_mut(metric: &mut MetricSpec) -> impl Iterator<Item = &mut MetricTarget> {
    let external = metric.external.as_mut().map(|source| &mut source.target);
    let resource = metric.resource.as_mut().map(|source| &mut source.target);
    let container = metric
        .container_resource
        .as_mut()
        .map(|source| &mut source.target);
    let pods = metric.pods.as_mut().map(|source| &mut source.target);
    let object = metric.object.as_mut().map(|source| &mut source.target);
    [external, resource, container, pods, object]
        .into_iter()
        .flatten()
}

fn validate(spec: &HorizontalPodAutoscalerSpec, path: &FieldPath) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut invalid = |name: &str, value: i32, detail: &str| {
        errors.push(FieldError::invalid(
            &D302,
            &path.key(name),
            &json!(value),
            detail,
        ));
    };
    let (min, max) = (spec.min_replicas, spec.max_replicas);
    if let Some(min) = min.filter(|min| *min < 1) {
        invalid("minReplicas", min, "must be greater than or equal to 1");
    }
    if max < 1 {
        invalid("maxReplicas", max, "must be greater than 0");
    }
    if min.is_some_and(|min| max < min) {
        invalid(
            "maxReplicas",
            max,
            "must be greater than or equal to `minReplicas`",
        );
    }
    let target = path.key("scaleTargetRef");
    for (name, value) in [
        ("kind", &spec.scale_target_ref.kind),
        ("name", &spec.scale_target_ref.name),
    ] {
        errors.extend(path_segment(value, &target.key(name)));
    }
    let metrics = path.key("metrics");
    for (index, metric) in spec.metrics.iter().flatten().enumerate() {
        errors.extend(validate_metric(metric, &metrics.index(index)));
    }
    if let Some(behavior) = &spec.behavior {
        errors.extend(validate_behavior(behavior, &path.key("behavior")));
    }
    errors
}

fn path_segment(value: &str, path: &FieldPath) -> Vec<FieldError> {
    if value.is_empty() {
        return vec![FieldError::required(&D309, path, "")];
    }
    let mut complaints: Vec<&str> = Vec::new();
    match value {
        "." => complaints.push("may not be '.'"),
        ".." => complaints.push("may not be '..'"),
        _ => {
            complaints.extend(value.contains('/').then_some("may not contain '/'"));
            complaints.extend(value.contains('%').then_some("may not contain '%'"));
        }
    }
    complaints
        .into_iter()
        .map(|text| FieldError::invalid_text(&D309, path, value, text))
        .collect()
}

fn validate_metric(metric: &MetricSpec, path: &FieldPath) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if let Some(source) = &metric.external {
        let path = path.key("external");
        errors.extend(path_segment(
            &source.metric.name,
            &path.key("metric").key("name"),
        ));
        let at = path.key("target");
        errors.extend(validate_target(&source.target, &at));
        match (&source.target.value, &source.target.average_value) {
            (None, None) => errors.push(FieldError::required(
                &D309,
                &at.key("averageValue"),
                "must set either a target value for metric or a per-pod target",
            )),
            (Some(_), Some(_)) => errors.push(FieldError::forbidden(
                &D309,
                &at.key("value"),
                "may not set both a target value for metric and a per-pod target",
            )),
            _ => {}
        }
    }
    if let Some(source) = &metric.resource {
        errors.extend(validate_resource_target(
            &source.target,
            &path.key("resource").key("target"),
        ));
    }
    if let Some(source) = &metric.container_resource {
        errors.extend(validate_resource_target(
            &source.target,
            &path.key("containerResource").key("target"),
        ));
    }
    errors
}

fn validate_resource_target(target: &MetricTarget, path: &FieldPath) -> Vec<FieldError> {
    let mut errors = validate_target(target, path);
    match (target.average_utilization, &target.average_value) {
        (None, None) => errors.push(FieldError::required(
            &D309,
            &path.key("averageUtilization"),
            "must set either a target raw value or a target utilization",
        )),
        (Some(_), Some(_)) => errors.push(FieldError::forbidden(
            &D309,
            &path.key("averageValue"),
            "may not set both a target raw value and a target utilization",
        )),
        _ => {}
    }
    errors
}

fn validate_target(target: &MetricTarget, path: &FieldPath) -> Vec<FieldError> {
    let mut errors = Vec::new();
    match target.type_.as_str() {
        "" => errors.push(FieldError::required(
            &D309,
            &path.key("type"),
            "must specify a metric target type",
        )),
        "Utilization" | "Value" | "AverageValue" => {}
        other => errors.push(FieldError::invalid_text(
            &D309,
            &path.key("type"),
            other,
            "must be either Utilization, Value, or AverageValue",
        )),
    }
    if let Some(percent) = target.average_utilization.filter(|percent| *percent < 1) {
        errors.push(FieldError::invalid(
            &D306,
            &path.key("averageUtilization"),
            &json!(percent),
            "must be greater than 0",
        ));
    }
    for (name, value) in [
        ("value", &target.value),
        ("averageValue", &target.average_value),
    ] {
        let Some(Quantity(text)) = value else {
            continue;
        };
        let positive = quantity::Quantity::parse(text)
            .is_ok_and(|value| !value.is_zero() && !value.is_negative());
        if !positive {
            errors.push(FieldError::invalid_text(
                &D306,
                &path.key(name),
                text,
                "must be positive",
            ));
        }
    }
    errors
}

fn validate_behavior(
    behavior: &HorizontalPodAutoscalerBehavior,
    path: &FieldPath,
) -> Vec<FieldError> {
    let up = behavior.scale_up.iter().map(|rules| ("scaleUp", rules));
    let down = behavior.scale_down.iter().map(|rules| ("scaleDown", rules));
    up.chain(down)
        .flat_map(|(name, rules)| validate_rules(rules, &path.key(name)))
        .collect()
}

fn validate_rules(rules: &HPAScalingRules, path: &FieldPath) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let bound = |rule: &'static Rule, at: &FieldPath, value: i32, detail: &str| {
        FieldError::invalid(rule, at, &json!(value), detail)
    };
    let at = path.key("stabilizationWindowSeconds");
    match rules.stabilization_window_seconds {
        Some(seconds) if seconds < 0 => errors.push(bound(
            &S005,
            &at,
            seconds,
            "must be greater than or equal to zero",
        )),
        Some(seconds) if seconds > 3600 => errors.push(bound(
            &S005,
            &at,
            seconds,
            "must be less than or equal to 3600",
        )),
        _ => {}
    }
    let select = rules.select_policy.as_deref().unwrap_or("Max");
    if !["Disabled", "Max", "Min"].contains(&select) {
        errors.push(FieldError::not_supported(
            &S003,
            &path.key("selectPolicy"),
            &json!(select),
            &["Disabled", "Max", "Min"],
        ));
    }
    let at = path.key("policies");
    let policies = rules.policies.as_deref().unwrap_or_default();
    if policies.is_empty() {
        errors.push(FieldError::required(
            &S005,
            &at,
            "must specify at least one Policy",
        ));
    }
    for (index, policy) in policies.iter().enumerate() {
        let at = at.index(index);
        if !["Percent", "Pods"].contains(&policy.type_.as_str()) {
            errors.push(FieldError::not_supported(
                &S003,
                &at.key("type"),
                &json!(policy.type_),
                &["Percent", "Pods"],
            ));
        }
        if policy.value <= 0 {
            let at = at.key("value");
            errors.push(bound(&S005, &at, policy.value, "must be greater than zero"));
        }
        let at = at.key("periodSeconds");
        if policy.period_seconds <= 0 {
            errors.push(bound(
                &S005,
                &at,
                policy.period_seconds,
                "must be greater than zero",
            ));
        } else if policy.period_seconds > 1800 {
            errors.push(bound(
                &S005,
                &at,
                policy.period_seconds,
                "must be less than or equal to 1800",
            ));
        }
    }
    errors
}
