//! Deployments at the API server: defaults, and what is refused (Kubernetes 1.34.4, `pkg/apis/apps`; spec 3.4, 3.9).

use k8s_openapi::api::apps::v1::{Deployment, DeploymentStrategy, RollingUpdateDeployment};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::{Value, json};

use super::{metadata, names, pod_spec};
use crate::diag::{FieldError, FieldPath, Refusal, field};
use crate::inventory::Kind;
use crate::rules::{K208, K209, Rule};

/// Longest value of a label.
const MAX_LABEL: usize = 63;

/// A Deployment as it would be stored.
///
/// # Errors
/// What the API server refuses, as one 422.
pub(super) fn admit(
    mut deployment: Deployment,
    old: Option<&Deployment>,
) -> Result<Deployment, Box<Refusal>> {
    defaults(&mut deployment);
    let mut errors = validate(&deployment);
    if let Some(old) = old {
        errors.extend(validate_update(&deployment, old));
    }
    let name = deployment.metadata.name.as_deref().unwrap_or_default();
    match field::refusal(Kind::Deployment, name, &errors) {
        Some(refusal) => Err(Box::new(refusal)),
        None => Ok(deployment),
    }
}

/// Fills in what is absent.
fn defaults(deployment: &mut Deployment) {
    let Some(spec) = &mut deployment.spec else {
        return;
    };
    spec.replicas.get_or_insert(1);
    spec.revision_history_limit.get_or_insert(10);
    spec.progress_deadline_seconds.get_or_insert(600);
    let strategy = spec
        .strategy
        .get_or_insert_with(DeploymentStrategy::default);
    let kind = strategy
        .type_
        .get_or_insert_with(|| "RollingUpdate".to_owned());
    if kind == "RollingUpdate" {
        let quarter = || IntOrString::String("25%".to_owned());
        let update = strategy
            .rolling_update
            .get_or_insert_with(RollingUpdateDeployment::default);
        update.max_unavailable.get_or_insert_with(quarter);
        update.max_surge.get_or_insert_with(quarter);
    }
    pod_spec::defaults(spec.template.spec.get_or_insert_with(Default::default));
}

fn validate(deployment: &Deployment) -> Vec<FieldError> {
    let root = FieldPath::root();
    let mut errors = metadata::validate(
        &deployment.metadata,
        names::dns1123_subdomain,
        &root.key("metadata"),
    );
    let Some(spec) = &deployment.spec else {
        return errors;
    };
    let path = root.key("spec");
    errors.extend(not_negative(spec.replicas, &path.key("replicas")));
    let selector_path = path.key("selector");
    let matched = spec.selector.match_labels.iter().flatten();
    let selector_errors = metadata::labels(matched.clone(), &selector_path.key("matchLabels"));
    let selector_fails = !selector_errors.is_empty();
    errors.extend(selector_errors);
    let empty = matched.clone().next().is_none()
        && spec
            .selector
            .match_expressions
            .as_ref()
            .is_none_or(Vec::is_empty);
    if empty {
        let detail = "empty selector is invalid for deployment";
        errors.push(about_selector(&spec.selector, &selector_path, detail));
    }
    if selector_fails {
        let detail = "invalid label selector";
        errors.push(about_selector(&spec.selector, &selector_path, detail));
    } else {
        let template = path.key("template");
        let labels = spec
            .template
            .metadata
            .as_ref()
            .and_then(|meta| meta.labels.as_ref());
        let matches = |(key, value): (&String, &String)| {
            labels.and_then(|labels| labels.get(key)) == Some(value)
        };
        if !matched.clone().all(matches) {
            let detail = "`selector` does not match template `labels`";
            errors.push(FieldError::invalid(
                &K209,
                &template.key("metadata").key("labels"),
                &json!(labels.cloned().unwrap_or_default()),
                detail,
            ));
        }
        errors.extend(pod_spec::template(&spec.template, &template, &K209));
        let policy = spec
            .template
            .spec
            .as_ref()
            .and_then(|pod| pod.restart_policy.as_deref());
        if let Some(policy) = policy.filter(|policy| *policy != "Always") {
            errors.push(FieldError::not_supported(
                &K209,
                &template.key("spec").key("restartPolicy"),
                &Value::String(policy.to_owned()),
                &["Always"],
            ));
        }
    }
    if let Some(given) = &spec.strategy {
        errors.extend(strategy(given, &path.key("strategy")));
    }
    errors.extend(not_negative(
        spec.min_ready_seconds,
        &path.key("minReadySeconds"),
    ));
    errors.extend(not_negative(
        spec.revision_history_limit,
        &path.key("revisionHistoryLimit"),
    ));
    if let Some(deadline) = spec.progress_deadline_seconds {
        let at = path.key("progressDeadlineSeconds");
        errors.extend(not_negative(Some(deadline), &at));
        if deadline <= spec.min_ready_seconds.unwrap_or_default() {
            let detail = "must be greater than minReadySeconds";
            errors.push(FieldError::invalid(&K209, &at, &deadline.into(), detail));
        }
    }
    for error in &mut errors {
        error.rule = rule_of(error);
    }
    errors
}

/// KServe's label `app` can be too long for its name; everything else is one rule.
fn rule_of(error: &FieldError) -> &'static Rule {
    let label = error.field == "metadata.labels" || error.field.starts_with("spec.selector");
    let too_long = format!("must be no more than {MAX_LABEL} characters");
    if label && error.message.ends_with(&too_long) {
        &K208
    } else {
        &K209
    }
}

fn about_selector(selector: &LabelSelector, path: &FieldPath, detail: &str) -> FieldError {
    let value = serde_json::to_value(selector).unwrap_or_default();
    FieldError::invalid(&K209, path, &value, detail)
}

fn not_negative(number: Option<i32>, path: &FieldPath) -> Option<FieldError> {
    let number = number.filter(|number| *number < 0)?;
    let detail = "must be greater than or equal to 0";
    Some(FieldError::invalid(&K209, path, &number.into(), detail))
}

fn strategy(strategy: &DeploymentStrategy, path: &FieldPath) -> Vec<FieldError> {
    let kind = strategy.type_.as_deref().unwrap_or_default();
    let update_path = path.key("rollingUpdate");
    match (kind, &strategy.rolling_update) {
        ("Recreate", None) => Vec::new(),
        ("Recreate", Some(_)) => {
            let detail = "may not be specified when strategy `type` is 'Recreate'";
            vec![FieldError::forbidden(&K209, &update_path, detail)]
        }
        ("RollingUpdate", None) => {
            let detail = "this should be defaulted and never be nil";
            vec![FieldError::required(&K209, &update_path, detail)]
        }
        ("RollingUpdate", Some(update)) => rolling_update(update, &update_path),
        _ => vec![FieldError::not_supported(
            &K209,
            &path.key("type"),
            &Value::String(kind.to_owned()),
            &["Recreate", "RollingUpdate"],
        )],
    }
}

fn rolling_update(update: &RollingUpdateDeployment, path: &FieldPath) -> Vec<FieldError> {
    let unavailable_path = path.key("maxUnavailable");
    let mut errors = Vec::new();
    for (given, path) in [
        (&update.max_unavailable, &unavailable_path),
        (&update.max_surge, &path.key("maxSurge")),
    ] {
        match given {
            Some(IntOrString::String(text)) => errors.extend(
                names::percent(text)
                    .iter()
                    .map(|c| FieldError::invalid_text(&K209, path, text, c)),
            ),
            Some(IntOrString::Int(number)) => errors.extend(not_negative(Some(*number), path)),
            None => {}
        }
    }
    let unavailable = update.max_unavailable.as_ref();
    if let Some(given) = unavailable
        && amount(given) == 0
        && update
            .max_surge
            .as_ref()
            .is_none_or(|surge| amount(surge) == 0)
    {
        let value = serde_json::to_value(given).unwrap_or_default();
        let detail = "may not be 0 when `maxSurge` is 0";
        errors.push(FieldError::invalid(
            &K209,
            &unavailable_path,
            &value,
            detail,
        ));
    }
    if let Some(IntOrString::String(text)) = unavailable
        && names::percent(text).is_empty()
        && amount(&IntOrString::String(text.clone())) > 100
    {
        let detail = "must not be greater than 100%";
        errors.push(FieldError::invalid_text(
            &K209,
            &unavailable_path,
            text,
            detail,
        ));
    }
    errors
}

/// The number in a count or a per cent text; other texts are read as a number, else 0.
fn amount(given: &IntOrString) -> i64 {
    match given {
        IntOrString::Int(number) => i64::from(*number),
        IntOrString::String(text) => text
            .strip_suffix('%')
            .unwrap_or(text)
            .parse()
            .unwrap_or_default(),
    }
}

fn validate_update(deployment: &Deployment, old: &Deployment) -> Option<FieldError> {
    let selector = &deployment.spec.as_ref()?.selector;
    if *selector == old.spec.as_ref()?.selector {
        return None;
    }
    let path = FieldPath::parse("spec.selector");
    Some(about_selector(selector, &path, "field is immutable"))
}
