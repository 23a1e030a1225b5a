//! Ingresses at the API server (Kubernetes 1.34.4; spec 3.8).

use k8s_openapi::api::networking::v1::Ingress;

use super::{metadata, names};
use crate::diag::{FieldError, FieldPath, Refusal, field};
use crate::inventory::Kind;
use crate::rules::{K213, K219};

/// An Ingress as it would be stored. There is nothing to fill in.
///
/// # Errors
/// What the API server refuses, as one 422.
pub fn admit(ingress: Ingress) -> Result<Ingress, Box<Refusal>> {
    let errors = validate(&ingress);
    let name = ingress.metadata.name.as_deref().unwrap_or_default();
    match field::refusal(Kind::Ingress, name, &errors) {
        Some(refusal) => Err(Box::new(refusal)),
        None => Ok(ingress),
    }
}

fn validate(ingress: &Ingress) -> Vec<FieldError> {
    let root = FieldPath::root();
    let mut errors = metadata::validate(
        &ingress.metadata,
        names::dns1123_subdomain,
        &root.key("metadata"),
    );
    let Some(spec) = &ingress.spec else {
        return errors;
    };
    let path = root.key("spec");
    for (index, rule) in spec.rules.iter().flatten().enumerate() {
        let Some(host) = rule.host.as_deref().filter(|host| !host.is_empty()) else {
            continue;
        };
        let name = host.strip_prefix("*.").unwrap_or(host);
        let at = path.key("rules").index(index).key("host");
        errors.extend(
            names::dns1123_subdomain(name)
                .iter()
                .map(|c| FieldError::invalid_text(&K213, &at, host, c)),
        );
    }
    if let Some(class) = &spec.ingress_class_name {
        let at = path.key("ingressClassName");
        errors.extend(
            names::dns1123_subdomain(class)
                .iter()
                .map(|c| FieldError::invalid_text(&K219, &at, class, c)),
        );
    }
    errors
}
