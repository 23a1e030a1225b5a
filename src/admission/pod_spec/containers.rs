//! Containers of a pod (`validateContainers`, `validateInitContainers`).

use std::collections::BTreeSet;

use k8s_openapi::api::core::v1::{Container, ContainerPort, PodSpec, Probe, VolumeMount};
use serde_json::Value;

use super::{env, resources};
use crate::admission::names;
use crate::diag::{FieldError, FieldPath};
use crate::rules::Rule;

pub(super) fn validate(
    containers: &[Container],
    volumes: &BTreeSet<String>,
    path: &FieldPath,
    rule: &'static Rule,
) -> Vec<FieldError> {
    if containers.is_empty() {
        return vec![FieldError::required(rule, path, "")];
    }
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, container) in containers.iter().enumerate() {
        let path = path.index(index);
        errors.extend(common(container, volumes, &path, rule));
        if !seen.insert(&container.name) {
            errors.push(duplicate(&path.key("name"), &container.name, rule));
        }
        for (key, given, once) in [
            ("livenessProbe", &container.liveness_probe, true),
            ("readinessProbe", &container.readiness_probe, false),
            ("startupProbe", &container.startup_probe, true),
        ] {
            if let Some(given) = given {
                errors.extend(probe(given, once, &path.key(key), rule));
            }
        }
    }
    errors
}

/// Init containers: their names must differ from those of the containers, too.
pub(super) fn validate_init(
    spec: &PodSpec,
    volumes: &BTreeSet<String>,
    path: &FieldPath,
    rule: &'static Rule,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut seen: BTreeSet<&String> = spec.containers.iter().map(|c| &c.name).collect();
    for (index, container) in spec.init_containers.iter().flatten().enumerate() {
        let path = path.key("initContainers").index(index);
        errors.extend(common(container, volumes, &path, rule));
        if !container.name.is_empty() && !seen.insert(&container.name) {
            errors.push(duplicate(&path.key("name"), &container.name, rule));
        }
    }
    errors
}

fn duplicate(path: &FieldPath, text: &str, rule: &'static Rule) -> FieldError {
    FieldError::duplicate(rule, path, &Value::String(text.to_owned()))
}

fn common(
    container: &Container,
    volumes: &BTreeSet<String>,
    path: &FieldPath,
    rule: &'static Rule,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let at = path.key("name");
    if container.name.is_empty() {
        errors.push(FieldError::required(rule, &at, ""));
    } else {
        errors.extend(
            names::dns1123_label(&container.name)
                .iter()
                .map(|c| FieldError::invalid_text(rule, &at, &container.name, c)),
        );
    }
    if container.image.as_deref().unwrap_or_default().is_empty() {
        errors.push(FieldError::required(rule, &path.key("image"), ""));
    }
    errors.extend(not_one_of(
        container.termination_message_policy.as_deref(),
        &["FallbackToLogsOnError", "File"],
        &path.key("terminationMessagePolicy"),
        rule,
    ));
    errors.extend(ports(
        container.ports.as_deref().unwrap_or_default(),
        &path.key("ports"),
        rule,
    ));
    errors.extend(env::validate(
        container.env.as_deref().unwrap_or_default(),
        &path.key("env"),
        rule,
    ));
    errors.extend(env::validate_from(
        container.env_from.as_deref().unwrap_or_default(),
        &path.key("envFrom"),
        rule,
    ));
    errors.extend(mounts(
        container.volume_mounts.as_deref().unwrap_or_default(),
        volumes,
        &path.key("volumeMounts"),
        rule,
    ));
    errors.extend(not_one_of(
        container.image_pull_policy.as_deref(),
        &["Always", "IfNotPresent", "Never"],
        &path.key("imagePullPolicy"),
        rule,
    ));
    if let Some(given) = &container.resources {
        errors.extend(resources::validate(given, &path.key("resources"), rule));
    }
    errors
}

fn not_one_of(
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

fn ports(list: &[ContainerPort], path: &FieldPath, rule: &'static Rule) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, port) in list.iter().enumerate() {
        let path = path.index(index);
        if let Some(name) = port.name.as_ref().filter(|name| !name.is_empty()) {
            let at = path.key("name");
            let complaints = names::port_name(name);
            if !complaints.is_empty() {
                errors.extend(
                    complaints
                        .iter()
                        .map(|c| FieldError::invalid_text(rule, &at, name, c)),
                );
            } else if !seen.insert(name) {
                errors.push(duplicate(&at, name, rule));
            }
        }
        let at = path.key("containerPort");
        if port.container_port == 0 {
            errors.push(FieldError::required(rule, &at, ""));
        } else if !is_port(port.container_port) {
            errors.push(not_a_port(&at, port.container_port, rule));
        }
        if let Some(number) = port.host_port.filter(|n| *n != 0 && !is_port(*n)) {
            errors.push(not_a_port(&path.key("hostPort"), number, rule));
        }
        errors.extend(not_one_of(
            port.protocol.as_deref(),
            &["SCTP", "TCP", "UDP"],
            &path.key("protocol"),
            rule,
        ));
    }
    errors
}

fn is_port(number: i32) -> bool {
    (1..=65_535).contains(&number)
}

fn not_a_port(path: &FieldPath, number: i32, rule: &'static Rule) -> FieldError {
    let detail = "must be between 1 and 65535, inclusive";
    FieldError::invalid(rule, path, &number.into(), detail)
}

fn mounts(
    list: &[VolumeMount],
    volumes: &BTreeSet<String>,
    path: &FieldPath,
    rule: &'static Rule,
) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let mut seen = BTreeSet::new();
    for (index, mount) in list.iter().enumerate() {
        let path = path.index(index);
        if mount.name.is_empty() {
            errors.push(FieldError::required(rule, &path.key("name"), ""));
        }
        if !volumes.contains(&mount.name) {
            let name = Value::String(mount.name.clone());
            errors.push(FieldError::not_found(rule, &path.key("name"), &name));
        }
        let at = path.key("mountPath");
        if mount.mount_path.is_empty() {
            errors.push(FieldError::required(rule, &at, ""));
        }
        if !seen.insert(&mount.mount_path) {
            let detail = "must be unique";
            errors.push(FieldError::invalid_text(
                rule,
                &at,
                &mount.mount_path,
                detail,
            ));
        }
        if let Some(sub) = mount.sub_path.as_deref().filter(|sub| !sub.is_empty()) {
            let at = path.key("subPath");
            if sub.starts_with('/') {
                let detail = "must be a relative path";
                errors.push(FieldError::invalid_text(rule, &at, sub, detail));
            }
            if sub.split('/').any(|part| part == "..") {
                let detail = "must not contain '..'";
                errors.push(FieldError::invalid_text(rule, &at, sub, detail));
            }
        }
    }
    errors
}

fn probe(probe: &Probe, once: bool, path: &FieldPath, rule: &'static Rule) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let handlers = [
        ("exec", probe.exec.is_some()),
        ("httpGet", probe.http_get.is_some()),
        ("tcpSocket", probe.tcp_socket.is_some()),
        ("grpc", probe.grpc.is_some()),
    ];
    let mut given = handlers.iter().filter(|(_, there)| *there);
    if given.next().is_none() {
        let detail = "must specify a handler type";
        errors.push(FieldError::required(rule, path, detail));
    }
    for (key, _) in given {
        let detail = "may not specify more than 1 handler type";
        errors.push(FieldError::forbidden(rule, &path.key(key), detail));
    }
    for (key, number) in [
        ("initialDelaySeconds", probe.initial_delay_seconds),
        ("timeoutSeconds", probe.timeout_seconds),
        ("periodSeconds", probe.period_seconds),
        ("successThreshold", probe.success_threshold),
        ("failureThreshold", probe.failure_threshold),
    ] {
        if let Some(number) = number.filter(|number| *number < 0) {
            let detail = "must be greater than or equal to 0";
            errors.push(FieldError::invalid(
                rule,
                &path.key(key),
                &number.into(),
                detail,
            ));
        }
    }
    if once && let Some(number) = probe.success_threshold.filter(|number| *number != 1) {
        errors.push(FieldError::invalid(
            rule,
            &path.key("successThreshold"),
            &number.into(),
            "must be 1",
        ));
    }
    errors
}
