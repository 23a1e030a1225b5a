//! What the API server refuses in a pod template (`ValidatePodTemplateSpec`).

use k8s_openapi::api::core::v1::{PodSpec, PodTemplateSpec};
use serde_json::Value;

use super::{containers, volumes};
use crate::admission::{metadata, names};
use crate::diag::{FieldError, FieldPath};
use crate::rules::Rule;

/// The errors of a template; `path` is where it stands, `rule` what a refusal is filed under.
#[must_use]
pub fn template(
    template: &PodTemplateSpec,
    path: &FieldPath,
    rule: &'static Rule,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    if let Some(meta) = &template.metadata {
        // Kubernetes names these fields without `metadata`.
        for mut error in metadata::labels(
            meta.labels.iter().flatten(),
            &path.key("metadata").key("labels"),
        ) {
            error.field = crate::diag::field::dotted(&path.key("labels"));
            errors.push(error);
        }
        for mut error in metadata::annotations(
            meta.annotations.iter().flatten(),
            &path.key("metadata").key("annotations"),
        ) {
            error.field = crate::diag::field::dotted(&path.key("annotations"));
            errors.push(error);
        }
    }
    if let Some(spec) = &template.spec {
        errors.extend(validate(spec, &path.key("spec"), rule));
    }
    errors
}

/// The errors of a pod specification, after defaults.
#[must_use]
pub fn validate(spec: &PodSpec, path: &FieldPath, rule: &'static Rule) -> Vec<FieldError> {
    let (volumes, mut errors) = volumes::validate(
        spec.volumes.as_deref().unwrap_or_default(),
        &path.key("volumes"),
        rule,
    );
    errors.extend(containers::validate(
        &spec.containers,
        &volumes,
        &path.key("containers"),
        rule,
    ));
    errors.extend(containers::validate_init(spec, &volumes, path, rule));
    errors.extend(one_of(
        spec.restart_policy.as_deref(),
        &["Always", "Never", "OnFailure"],
        &path.key("restartPolicy"),
        rule,
    ));
    errors.extend(one_of(
        spec.dns_policy.as_deref(),
        &["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"],
        &path.key("dnsPolicy"),
        rule,
    ));
    errors.extend(metadata::labels(
        spec.node_selector.iter().flatten(),
        &path.key("nodeSelector"),
    ));
    let subdomain: fn(&str) -> Vec<String> = names::dns1123_subdomain;
    let label: fn(&str) -> Vec<String> = names::dns1123_label;
    for (key, text, complaints) in [
        ("serviceAccountName", &spec.service_account_name, subdomain),
        ("nodeName", &spec.node_name, subdomain),
        ("hostname", &spec.hostname, label),
        ("subdomain", &spec.subdomain, label),
        ("priorityClassName", &spec.priority_class_name, subdomain),
        ("runtimeClassName", &spec.runtime_class_name, subdomain),
    ] {
        if let Some(text) = text {
            errors.extend(
                complaints(text)
                    .iter()
                    .map(|c| FieldError::invalid_text(rule, &path.key(key), text, c)),
            );
        }
    }
    errors
}

fn one_of(
    text: Option<&str>,
    supported: &[&str],
    path: &FieldPath,
    rule: &'static Rule,
) -> Option<FieldError> {
    let text = text.filter(|text| !supported.contains(text))?;
    Some(FieldError::not_supported(
        rule,
        path,
        &Value::String(text.to_owned()),
        supported,
    ))
}
