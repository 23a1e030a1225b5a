//! Jobs at the API server: defaults, and what is refused (Kubernetes 1.34.4, `pkg/apis/batch`; spec 2.4).

use k8s_openapi::api::batch::v1::Job;

use super::{metadata, names, pod_spec};
use crate::diag::{FieldPath, Refusal, field};
use crate::inventory::Kind;
use crate::kube::unknown::is_unknown;
use crate::rules;

/// A Job as it would be stored, but for what the cluster adds: selector and the labels that belong to it.
///
/// # Errors
/// What the API server refuses, as one 422.
pub(super) fn admit(mut job: Job) -> Result<Job, Box<Refusal>> {
    let root = FieldPath::root();
    let name = job.metadata.name.clone().unwrap_or_default();
    let mut errors = Vec::new();
    if !is_unknown(&name) {
        errors = metadata::validate(
            &job.metadata,
            names::dns1123_subdomain,
            &root.key("metadata"),
        );
    }
    if let Some(spec) = &mut job.spec {
        spec.parallelism.get_or_insert(1);
        spec.completions.get_or_insert(1);
        spec.backoff_limit.get_or_insert(6);
        spec.manual_selector.get_or_insert(false);
        spec.suspend.get_or_insert(false);
        spec.completion_mode
            .get_or_insert_with(|| "NonIndexed".to_owned());
        spec.pod_replacement_policy
            .get_or_insert_with(|| "TerminatingOrFailed".to_owned());
        pod_spec::defaults(spec.template.spec.get_or_insert_default());
        let template = root.key("spec").key("template");
        errors.extend(pod_spec::template(&spec.template, &template, &rules::M141));
    }
    errors.retain(|error| !is_unknown(&error.message));
    match field::refusal(Kind::Job, &name, &errors) {
        Some(refusal) => Err(Box::new(refusal)),
        None => Ok(job),
    }
}
