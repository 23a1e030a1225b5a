//! How AIM Engine reads the health of the Kubernetes objects that it made (AIM Engine 0.2.1, spec 2.16).

use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{ContainerStatus, PersistentVolumeClaim, Pod};

use super::{Category, Health, Problem, Side};
use crate::api::aim::ObjectStatus;

/// An object that the controller makes and that is not there yet.
pub(in crate::controllers::aim) fn absent(component: &'static str) -> Health {
    Health::failing(
        component,
        Side::Downstream,
        Problem::new(
            Category::MissingDownstream,
            "ResourceNotReady",
            "Downstream resource not found or being created",
        ),
    )
}

/// A Job that has ended well is all a Job can be; one that still runs is no error.
pub(in crate::controllers::aim) fn job(component: &'static str, job: Option<&Job>) -> Health {
    let Some(job) = job else {
        return absent(component);
    };
    if job_succeeded(job) {
        return Health::ready(component, Side::Downstream);
    }
    let Some(failed) = job_condition(job, "Failed") else {
        return Health::new(
            component,
            Side::Downstream,
            ObjectStatus::Progressing,
            "JobRunning",
            "Job is in progress",
        );
    };
    let message = failed
        .message
        .as_deref()
        .filter(|message| !message.is_empty())
        .unwrap_or("Job failed");
    let (category, reason) = match failed.reason.as_deref() {
        Some("BackoffLimitExceeded") => (Category::InvalidSpec, "JobBackoffLimitExceeded"),
        Some("DeadlineExceeded") => (Category::InvalidSpec, "JobDeadlineExceeded"),
        Some("Evicted") => (Category::Infrastructure, "JobEvicted"),
        _ => (Category::InvalidSpec, "JobFailed"),
    };
    Health::failing(
        component,
        Side::Downstream,
        Problem::new(category, reason, message),
    )
}

/// Whether a Job has the condition Complete.
pub(in crate::controllers::aim) fn job_succeeded(job: &Job) -> bool {
    job_condition(job, "Complete").is_some()
}

/// Whether a Job has the condition Failed.
pub(in crate::controllers::aim) fn job_failed(job: &Job) -> bool {
    job_condition(job, "Failed").is_some()
}

fn job_condition<'a>(
    job: &'a Job,
    r#type: &str,
) -> Option<&'a k8s_openapi::api::batch::v1::JobCondition> {
    job.status
        .as_ref()?
        .conditions
        .iter()
        .flatten()
        .find(|condition| condition.type_ == r#type && condition.status == "True")
}

/// A claim is ready once it is bound.
pub(in crate::controllers::aim) fn claim(
    component: &'static str,
    claim: Option<&PersistentVolumeClaim>,
) -> Health {
    let Some(claim) = claim else {
        return absent(component);
    };
    let status = claim.status.as_ref();
    match status.and_then(|status| status.phase.as_deref()) {
        Some("Bound") => return Health::ready(component, Side::Downstream),
        Some("Lost") => {
            let problem = Problem::new(
                Category::Infrastructure,
                "PvcLost",
                "PVC lost its underlying volume",
            );
            return Health::failing(component, Side::Downstream, problem);
        }
        _ => {}
    }
    let failed = status
        .and_then(|status| status.conditions.as_ref())
        .into_iter()
        .flatten()
        .find(|condition| {
            condition.type_ == "Resizing"
                && condition.status == "False"
                && condition.reason.as_deref() == Some("ProvisioningFailed")
        });
    match failed {
        Some(condition) => {
            let message = format!(
                "PVC provisioning failed: {}",
                condition.message.as_deref().unwrap_or_default()
            );
            let problem = Problem::new(Category::Infrastructure, "PvcProvisioningFailed", message);
            Health::failing(component, Side::Downstream, problem)
        }
        None => Health::new(
            component,
            Side::Downstream,
            ObjectStatus::Progressing,
            "PvcPending",
            "PVC is pending",
        ),
    }
}

/// Pods are ready when one of them is; a failing image pull comes first, then a failed pod.
///
/// The pods' events and logs are no part of a dump, so what the operator reads from them is not known here.
pub(in crate::controllers::aim) fn pods<'a>(
    component: &'static str,
    pods: impl Iterator<Item = &'a Pod> + Clone,
) -> Health {
    let failing = |category, reason: &str, message: String| {
        Health::failing(
            component,
            Side::Downstream,
            Problem::new(category, reason, message),
        )
    };
    if pods.clone().next().is_none() {
        return failing(
            Category::MissingDownstream,
            "NoPods",
            "No pods found".to_owned(),
        );
    }
    if let Some((container, message)) = pods.clone().find_map(failing_pull) {
        let (category, reason) = pull_failure(&message);
        return failing(
            category,
            reason,
            format!("Container {container}: {message}"),
        );
    }
    if let Some(pod) = pods.clone().find(|pod| phase(pod) == "Failed") {
        let (category, reason, message) = pod_failure(pod);
        return failing(category, reason, message);
    }
    let (mut ready, mut running, mut pending) = (false, false, false);
    for pod in pods {
        match phase(pod) {
            "Succeeded" => ready = true,
            "Running" if is_ready(pod) => ready = true,
            "Running" => running = true,
            "Pending" => pending = true,
            _ => {}
        }
    }
    let (state, reason, message) = if ready {
        (ObjectStatus::Ready, "PodsReady", "Pods are ready")
    } else if running {
        (
            ObjectStatus::Progressing,
            "PodsStarting",
            "Pods are running, waiting for readiness",
        )
    } else if pending {
        (ObjectStatus::Pending, "PodsPending", "Pods are pending")
    } else {
        (
            ObjectStatus::Progressing,
            "PodsProgressing",
            "Pods are progressing",
        )
    };
    Health::new(component, Side::Downstream, state, reason, message)
}

fn phase(pod: &Pod) -> &str {
    pod.status
        .as_ref()
        .and_then(|status| status.phase.as_deref())
        .unwrap_or_default()
}

fn is_ready(pod: &Pod) -> bool {
    pod.status
        .iter()
        .flat_map(|status| status.conditions.iter().flatten())
        .any(|condition| condition.type_ == "Ready" && condition.status == "True")
}

/// The first container that cannot pull its image, with the kubelet's text.
fn failing_pull(pod: &Pod) -> Option<(String, String)> {
    let status = pod.status.as_ref()?;
    let containers = status.container_statuses.iter().flatten();
    let init_containers = status.init_container_statuses.iter().flatten();
    containers.chain(init_containers).find_map(|container| {
        let waiting = container.state.as_ref()?.waiting.as_ref()?;
        matches!(
            waiting.reason.as_deref(),
            Some("ImagePullBackOff" | "ErrImagePull")
        )
        .then(|| {
            (
                container.name.clone(),
                waiting.message.clone().unwrap_or_default(),
            )
        })
    })
}

/// What the kubelet's text of a failing pull stands for: words decide.
fn pull_failure(message: &str) -> (Category, &'static str) {
    const AUTH: [&str; 8] = [
        "unauthorized",
        "authentication",
        "401",
        "403",
        "forbidden",
        "denied",
        "access denied",
        "credentials",
    ];
    const MISSING: [&str; 5] = [
        "not found",
        "404",
        "manifest unknown",
        "name unknown",
        "no such",
    ];
    let message = message.to_lowercase();
    if AUTH.iter().any(|word| message.contains(word)) {
        (Category::Auth, "ImagePullAuthFailure")
    } else if MISSING.iter().any(|word| message.contains(word)) {
        (Category::MissingUpstream, "ImageNotFound")
    } else {
        (Category::Infrastructure, "ImagePullBackOff")
    }
}

/// Why a pod failed, by the exit reason of its first ended container.
fn pod_failure(pod: &Pod) -> (Category, &'static str, String) {
    let status = pod.status.as_ref();
    let ended = |containers: Option<&Vec<ContainerStatus>>, word: &str| {
        containers.into_iter().flatten().find_map(|container| {
            let ended = container.state.as_ref()?.terminated.as_ref()?;
            let reason = ended.reason.clone().unwrap_or_default();
            let text = ended.message.clone().unwrap_or_default();
            let name = &container.name;
            let message = if ended.exit_code != 0 {
                format!(
                    "{word} {name} failed with exit code {}: {text}",
                    ended.exit_code
                )
            } else if text.is_empty() || word == "Init container" {
                format!("{word} {name} terminated with reason: {reason}")
            } else {
                text
            };
            Some((reason, message))
        })
    };
    let (reason, message) = ended(
        status.and_then(|status| status.container_statuses.as_ref()),
        "Container",
    )
    .filter(|(reason, _)| !reason.is_empty())
    .or_else(|| {
        ended(
            status.and_then(|status| status.init_container_statuses.as_ref()),
            "Init container",
        )
    })
    .filter(|(reason, _)| !reason.is_empty())
    .unwrap_or_else(|| {
        let text = |field: Option<&String>| field.cloned().unwrap_or_default();
        (
            text(status.and_then(|status| status.reason.as_ref())),
            text(status.and_then(|status| status.message.as_ref())),
        )
    });
    let message = if message.is_empty() {
        "Pod failed".to_owned()
    } else {
        message
    };
    match reason.as_str() {
        "OOMKilled" => (Category::Exhausted, "PodOOMKilled", message),
        "DeadlineExceeded" => (Category::InvalidSpec, "PodDeadlineExceeded", message),
        "Evicted" => (Category::Infrastructure, "PodEvicted", message),
        _ => (Category::InvalidSpec, "PodFailed", message),
    }
}
