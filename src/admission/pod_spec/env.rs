//! Environment variables of a container (`ValidateEnv`, `ValidateEnvFrom`).

use k8s_openapi::api::core::v1::{
    EnvFromSource, EnvVar, EnvVarSource, ObjectFieldSelector, ResourceFieldSelector,
};
use serde_json::Value;

use crate::admission::names;
use crate::diag::{FieldError, FieldPath};
use crate::kube::quantity;
use crate::rules::Rule;

/// Fields of a pod that a variable may take its value from.
const ENV_FIELDS: [&str; 9] = [
    "metadata.name",
    "metadata.namespace",
    "metadata.uid",
    "spec.nodeName",
    "spec.serviceAccountName",
    "status.hostIP",
    "status.hostIPs",
    "status.podIP",
    "status.podIPs",
];

/// Further fields that Kubernetes knows by name, and that a variable may not have.
const OTHER_FIELDS: [&str; 5] = [
    "metadata.annotations",
    "metadata.labels",
    "spec.restartPolicy",
    "spec.schedulerName",
    "status.phase",
];

const RESOURCE_FIELDS: [&str; 6] = [
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
];

const BYTE_DIVISORS: [&str; 13] = [
    "1", "1k", "1M", "1G", "1T", "1P", "1E", "1Ki", "1Mi", "1Gi", "1Ti", "1Pi", "1Ei",
];

pub(super) fn validate(
    variables: &[EnvVar],
    path: &FieldPath,
    rule: &'static Rule,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (index, variable) in variables.iter().enumerate() {
        let path = path.index(index);
        let at = path.key("name");
        if variable.name.is_empty() {
            errors.push(FieldError::required(rule, &at, ""));
        } else if !is_name(&variable.name) {
            let detail = "a valid environment variable name must consist only of printable ASCII characters other than '='";
            errors.push(FieldError::invalid_text(rule, &at, &variable.name, detail));
        }
        if let Some(from) = &variable.value_from {
            let has_value = variable.value.as_deref().is_some_and(|v| !v.is_empty());
            errors.extend(source(from, has_value, &path.key("valueFrom"), rule));
        }
    }
    errors
}

fn is_name(name: &str) -> bool {
    name.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'=')
}

fn source(
    from: &EnvVarSource,
    has_value: bool,
    path: &FieldPath,
    rule: &'static Rule,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut sources = 0;
    if let Some(field) = &from.field_ref {
        sources += 1;
        errors.extend(field_ref(field, &path.key("fieldRef"), rule));
    }
    if let Some(field) = &from.resource_field_ref {
        sources += 1;
        errors.extend(resource_field_ref(
            field,
            &path.key("resourceFieldRef"),
            rule,
        ));
    }
    if let Some(key) = &from.config_map_key_ref {
        sources += 1;
        errors.extend(key_ref(&key.key, &path.key("configMapKeyRef"), rule));
    }
    if let Some(key) = &from.secret_key_ref {
        sources += 1;
        errors.extend(key_ref(&key.key, &path.key("secretKeyRef"), rule));
    }
    let detail = if sources == 0 {
        "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"
    } else if has_value {
        "may not be specified when `value` is not empty"
    } else if sources > 1 {
        "may not have more than one field specified at a time"
    } else {
        return errors;
    };
    errors.push(FieldError::invalid_text(rule, path, "", detail));
    errors
}

fn field_ref(
    selector: &ObjectFieldSelector,
    path: &FieldPath,
    rule: &'static Rule,
) -> Vec<FieldError> {
    let version = selector.api_version.as_deref().unwrap_or_default();
    if version.is_empty() {
        return vec![FieldError::required(rule, &path.key("apiVersion"), "")];
    }
    let at = path.key("fieldPath");
    let field = selector.field_path.as_str();
    if field.is_empty() {
        return vec![FieldError::required(rule, &at, "")];
    }
    let cannot = |cause: &str| {
        let detail = format!("error converting fieldPath: {cause}");
        vec![FieldError::invalid_text(rule, &at, field, &detail)]
    };
    if version != "v1" {
        return cannot(&format!("unsupported pod version: {version}"));
    }
    // `metadata.labels['key']`
    if let Some((map, key)) = field
        .strip_suffix("']")
        .and_then(|head| head.split_once("['"))
    {
        let complaints = match map {
            "metadata.annotations" => names::qualified_name(&key.to_lowercase()),
            "metadata.labels" => names::qualified_name(key),
            _ => return cannot(&format!("field label does not support subscript: {field}")),
        };
        return complaints
            .iter()
            .map(|c| FieldError::invalid_text(rule, path, key, c))
            .collect();
    }
    let field = if field == "spec.host" {
        "spec.nodeName"
    } else {
        field
    };
    if ENV_FIELDS.contains(&field) {
        Vec::new()
    } else if OTHER_FIELDS.contains(&field) {
        vec![FieldError::not_supported(
            rule,
            &at,
            &Value::String(field.to_owned()),
            &ENV_FIELDS,
        )]
    } else {
        cannot(&format!("field label not supported: {field}"))
    }
}

fn resource_field_ref(
    selector: &ResourceFieldSelector,
    path: &FieldPath,
    rule: &'static Rule,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let resource = selector.resource.as_str();
    let at = path.key("resource");
    let huge = ["limits.hugepages-", "requests.hugepages-"];
    if resource.is_empty() {
        errors.push(FieldError::required(rule, &at, ""));
    } else if !RESOURCE_FIELDS.contains(&resource)
        && !huge.iter().any(|prefix| resource.starts_with(prefix))
    {
        errors.push(FieldError::not_supported(
            rule,
            &at,
            &Value::String(resource.to_owned()),
            &RESOURCE_FIELDS,
        ));
    }
    let divisor = selector
        .divisor
        .as_ref()
        .map_or_else(|| "0".to_owned(), |divisor| quantity::canonical(&divisor.0));
    let bytes = "1, 1k, 1M, 1G, 1T, 1P, 1E, 1Ki, 1Mi, 1Gi, 1Ti, 1Pi, 1Ei";
    let complaint = match resource.split_once('.').map(|(_, name)| name) {
        Some("cpu") if !["1", "1m"].contains(&divisor.as_str()) => {
            "only divisor's values 1m and 1 are supported with the cpu resource".to_owned()
        }
        Some("memory") if !BYTE_DIVISORS.contains(&divisor.as_str()) => {
            format!("only divisor's values {bytes} are supported with the memory resource")
        }
        Some("ephemeral-storage") if !BYTE_DIVISORS.contains(&divisor.as_str()) => format!(
            "only divisor's values {bytes} are supported with the local ephemeral storage resource"
        ),
        _ => String::new(),
    };
    if divisor != "0" && !complaint.is_empty() {
        let at = path.key("divisor");
        errors.push(FieldError::invalid_text(rule, &at, resource, &complaint));
    }
    errors
}

fn key_ref(key: &str, path: &FieldPath, rule: &'static Rule) -> Vec<FieldError> {
    let at = path.key("key");
    if key.is_empty() {
        return vec![FieldError::required(rule, &at, "")];
    }
    names::config_map_key(key)
        .iter()
        .map(|c| FieldError::invalid_text(rule, &at, key, c))
        .collect()
}

/// `envFrom`: a ConfigMap or a Secret, not both.
pub(super) fn validate_from(
    sources: &[EnvFromSource],
    path: &FieldPath,
    rule: &'static Rule,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let path = path.index(index);
        if let Some(prefix) = source.prefix.as_deref().filter(|prefix| !is_name(prefix)) {
            let detail = "a valid environment variable name must consist only of printable ASCII characters other than '='";
            errors.push(FieldError::invalid_text(
                rule,
                &path.key("prefix"),
                prefix,
                detail,
            ));
        }
        for (key, name) in [
            (
                "configMapRef",
                source.config_map_ref.as_ref().map(|r| &r.name),
            ),
            ("secretRef", source.secret_ref.as_ref().map(|r| &r.name)),
        ] {
            if name.is_some_and(String::is_empty) {
                errors.push(FieldError::required(rule, &path.key(key).key("name"), ""));
            }
        }
        let detail = match (&source.config_map_ref, &source.secret_ref) {
            (None, None) => "must specify one of: `configMapRef` or `secretRef`",
            (Some(_), Some(_)) => "may not have more than one field specified at a time",
            _ => continue,
        };
        errors.push(FieldError::invalid_text(rule, &path, "", detail));
    }
    errors
}
