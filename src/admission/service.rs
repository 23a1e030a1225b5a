//! Services at the API server (Kubernetes 1.34.4; spec 3.5). Addresses, which the cluster assigns, stay out.

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{Service, ServicePort};
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use serde_json::Value;

use super::{metadata, names};
use crate::diag::{FieldError, FieldPath, Refusal, field};
use crate::inventory::Kind;
use crate::rules::{A060, S002, S005};

/// The address of a Service without one.
const NONE: &str = "None";

/// A Service as it would be stored.
///
/// # Errors
/// What the API server refuses, as one 422.
pub fn admit(mut service: Service) -> Result<Service, Box<Refusal>> {
    defaults(&mut service);
    let errors = validate(&service);
    let name = service.metadata.name.as_deref().unwrap_or_default();
    match field::refusal(Kind::Service, name, &errors) {
        Some(refusal) => Err(Box::new(refusal)),
        None => Ok(service),
    }
}

fn defaults(service: &mut Service) {
    let spec = service.spec.get_or_insert_with(Default::default);
    spec.session_affinity
        .get_or_insert_with(|| "None".to_owned());
    let kind = spec
        .type_
        .get_or_insert_with(|| "ClusterIP".to_owned())
        .clone();
    if kind != "ExternalName" {
        spec.internal_traffic_policy
            .get_or_insert_with(|| "Cluster".to_owned());
    }
    if spec.cluster_ip.as_deref() == Some(NONE) {
        spec.cluster_ips = Some(vec![NONE.to_owned()]);
    }
    for port in spec.ports.iter_mut().flatten() {
        port.protocol.get_or_insert_with(|| "TCP".to_owned());
        let same = IntOrString::Int(port.port);
        let target = port.target_port.get_or_insert_with(|| same.clone());
        if *target == IntOrString::Int(0) || *target == IntOrString::String(String::new()) {
            *target = same;
        }
    }
}

fn validate(service: &Service) -> Vec<FieldError> {
    let root = FieldPath::root();
    let mut errors = metadata::validate(
        &service.metadata,
        names::dns1035_label,
        &root.key("metadata"),
    );
    let Some(spec) = &service.spec else {
        return errors;
    };
    let path = root.key("spec");
    let ports = spec.ports.as_deref().unwrap_or_default();
    let headless = spec.cluster_ip.as_deref() == Some(NONE);
    if ports.is_empty() && !headless && spec.type_.as_deref() != Some("ExternalName") {
        errors.push(FieldError::required(&S002, &path.key("ports"), ""));
    }
    let mut seen = BTreeSet::new();
    for (index, port) in ports.iter().enumerate() {
        let path = path.key("ports").index(index);
        errors.extend(port_errors(port, ports.len() > 1, &path));
        if let Some(name) = port.name.as_ref().filter(|name| !seen.insert(*name)) {
            let value = Value::String(name.clone());
            errors.push(FieldError::duplicate(&A060, &path.key("name"), &value));
        }
    }
    errors.extend(metadata::labels(
        spec.selector.iter().flatten(),
        &path.key("selector"),
    ));
    errors
}

fn port_errors(port: &ServicePort, needs_name: bool, path: &FieldPath) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let at = path.key("name");
    match port.name.as_deref().filter(|name| !name.is_empty()) {
        Some(name) => errors.extend(
            names::dns1123_label(name)
                .iter()
                .map(|c| FieldError::invalid_text(&A060, &at, name, c)),
        ),
        None if needs_name => errors.push(FieldError::required(&S002, &at, "")),
        None => {}
    }
    if !(1..=65_535).contains(&port.port) {
        errors.push(FieldError::invalid(
            &S005,
            &path.key("port"),
            &port.port.into(),
            "must be between 1 and 65535, inclusive",
        ));
    }
    errors
}
