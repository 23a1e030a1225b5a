//! Requests and limits of a container (`ValidateContainerResourceRequirements`).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ResourceRequirements;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity as Text;

use crate::admission::names;
use crate::diag::{FieldError, FieldPath, field};
use crate::kube::quantity::Quantity;
use crate::rules::Rule;

/// Resources without a domain that a container may ask for.
const CONTAINER: [&str; 3] = ["cpu", "ephemeral-storage", "memory"];

/// Further resources without a domain, which only quotas know.
const QUOTA: [&str; 17] = [
    "configmaps",
    "limits.cpu",
    "limits.ephemeral-storage",
    "limits.memory",
    "persistentvolumeclaims",
    "pods",
    "replicationcontrollers",
    "requests.cpu",
    "requests.ephemeral-storage",
    "requests.memory",
    "requests.storage",
    "resourcequotas",
    "secrets",
    "services",
    "services.loadbalancers",
    "services.nodeports",
    "storage",
];

const HUGE_PAGES: &str = "hugepages-";

pub(super) fn validate(
    resources: &ResourceRequirements,
    path: &FieldPath,
    rule: &'static Rule,
) -> Vec<FieldError> {
    let none = BTreeMap::new();
    let limits = resources.limits.as_ref().unwrap_or(&none);
    let requests = resources.requests.as_ref().unwrap_or(&none);
    let (limits_path, requests_path) = (path.key("limits"), path.key("requests"));
    let mut errors = Vec::new();
    for (name, text) in limits {
        errors.extend(entry(name, text, &limits_path, rule));
    }
    for (name, text) in requests {
        errors.extend(entry(name, text, &requests_path, rule));
        let Some(request) = parsed(text) else {
            continue;
        };
        let limit = limits.get(name).and_then(parsed);
        let problem = match &limit {
            Some(limit) if *limit != request && !may_overcommit(name) => {
                Some(("must be equal to", limit))
            }
            Some(limit) if request > *limit => Some(("must be less than or equal to", limit)),
            _ => None,
        };
        if let Some((words, limit)) = problem {
            let detail = format!("{words} {name} limit of {}", limit.canonical());
            let mut error =
                FieldError::invalid_text(rule, &requests_path, &request.canonical(), &detail);
            error.path = requests_path.key(name);
            errors.push(error);
        }
        if limit.is_none() && !may_overcommit(name) {
            let detail = "Limit must be set for non overcommitable resources";
            let mut error = FieldError::required(rule, &limits_path, detail);
            error.path = requests_path.key(name);
            errors.push(error);
        }
    }
    let all = || limits.keys().chain(requests.keys());
    if all().any(|name| name.starts_with(HUGE_PAGES))
        && !all().any(|name| name == "cpu" || name == "memory")
    {
        let detail = "HugePages require cpu or memory";
        errors.push(FieldError::forbidden(rule, path, detail));
    }
    errors
}

fn parsed(text: &Text) -> Option<Quantity> {
    Quantity::parse(&text.0).ok()
}

fn entry(name: &str, text: &Text, list: &FieldPath, rule: &'static Rule) -> Vec<FieldError> {
    let path = list.key(name);
    let field = format!("{}[{name}]", field::dotted(list));
    let invalid = |value: &str, detail: &str| {
        FieldError::invalid_text(rule, &path, value, detail).named(&field)
    };
    let mut errors: Vec<FieldError> = name_complaints(name)
        .iter()
        .map(|complaint| invalid(name, complaint))
        .collect();
    if let Some(quantity) = parsed(text) {
        let written = quantity.canonical();
        if quantity.is_negative() {
            errors.push(invalid(&written, "must be greater than or equal to 0"));
        }
        if counts_whole(name) && !quantity.is_whole() {
            errors.push(invalid(&written, "must be an integer"));
        }
    }
    errors
}

fn name_complaints(name: &str) -> Vec<String> {
    let mut complaints = names::qualified_name(name);
    if name.contains('/') {
        if !is_native(name) && !is_extended(name) {
            complaints.push("doesn't follow extended resource name standard".to_owned());
        }
        return complaints;
    }
    let in_container = CONTAINER.contains(&name) || name.starts_with(HUGE_PAGES);
    let standard = in_container || QUOTA.contains(&name) || name.starts_with("requests.hugepages-");
    if complaints.is_empty() && !standard {
        complaints.push("must be a standard resource type or fully qualified".to_owned());
    }
    if !in_container {
        complaints.push("must be a standard resource for containers".to_owned());
    }
    complaints
}

/// Kubernetes' own: without a domain, or of the domain `kubernetes.io`.
fn is_native(name: &str) -> bool {
    !name.contains('/') || name.contains("kubernetes.io/")
}

/// A device plug-in's (`amd.com/gpu`).
fn is_extended(name: &str) -> bool {
    !is_native(name)
        && !name.starts_with("requests.")
        && names::qualified_name(&format!("requests.{name}")).is_empty()
}

fn may_overcommit(name: &str) -> bool {
    is_native(name) && !name.starts_with(HUGE_PAGES)
}

fn counts_whole(name: &str) -> bool {
    const COUNTS: [&str; 9] = [
        "configmaps",
        "persistentvolumeclaims",
        "pods",
        "replicationcontrollers",
        "resourcequotas",
        "secrets",
        "services",
        "services.loadbalancers",
        "services.nodeports",
    ];
    COUNTS.contains(&name) || is_extended(name)
}
