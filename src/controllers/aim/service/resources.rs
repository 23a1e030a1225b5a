//! Requests and limits of the inference container (AIM Engine 0.2.1, spec 2.9).

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ResourceRequirements;
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;

use super::super::view::Template;
use crate::api::aim::Resources;
use crate::kube::quantity::canonical;

/// CPUs requested for each GPU.
const CPU_PER_GPU: i64 = 4;
/// Memory requested for each GPU, in GiB.
const MEMORY_PER_GPU: i64 = 32;
/// Memory allowed for each GPU, in GiB.
const MEMORY_LIMIT_PER_GPU: i64 = 48;

/// Defaults by the template's GPU count, then the template's resources, then the service's, key by key.
pub(super) fn of(template: &Template<'_>, service: Option<&Resources>) -> ResourceRequirements {
    let mut requests = BTreeMap::new();
    let mut limits = BTreeMap::new();
    let gpu = template
        .status
        .and_then(|status| status.resolved_hardware.as_ref()?.gpu.as_ref());
    let count = gpu.and_then(|gpu| gpu.requests).map_or(0, i64::from);
    if count > 0 {
        let resource = gpu
            .and_then(|gpu| gpu.resource_name.clone())
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| "amd.com/gpu".to_owned());
        let memory = |each: i64| Quantity(canonical(&format!("{}Gi", count * each)));
        requests.insert(
            "cpu".to_owned(),
            Quantity((count * CPU_PER_GPU).to_string()),
        );
        requests.insert("memory".to_owned(), memory(MEMORY_PER_GPU));
        limits.insert("memory".to_owned(), memory(MEMORY_LIMIT_PER_GPU));
        requests.insert(resource.clone(), Quantity(count.to_string()));
        limits.insert(resource, Quantity(count.to_string()));
    }
    for layer in [template.spec.resources.as_ref(), service]
        .into_iter()
        .flatten()
    {
        overlay(&mut requests, &layer.requests);
        overlay(&mut limits, &layer.limits);
    }
    ResourceRequirements {
        claims: None,
        requests: (!requests.is_empty()).then_some(requests),
        limits: (!limits.is_empty()).then_some(limits),
    }
}

fn overlay(below: &mut BTreeMap<String, Quantity>, above: &BTreeMap<String, crate::api::Quantity>) {
    for (name, quantity) in above {
        below.insert(name.clone(), Quantity(canonical(quantity.as_str())));
    }
}
