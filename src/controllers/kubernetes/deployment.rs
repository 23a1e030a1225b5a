//! Statuses of Deployments (Kubernetes 1.34.4; spec 3.8, 3.9): pods that the API server takes become ready.

use k8s_openapi::api::apps::v1::{Deployment, DeploymentCondition, DeploymentStatus};

use crate::controllers::Stop;
use crate::diag::Refusal;
use crate::kube::unknown::KNOWN_AFTER_APPLY;
use crate::rules::K221;

/// How many pods it wants.
pub(super) fn replicas(deployment: &Deployment) -> i32 {
    let spec = deployment.spec.as_ref();
    spec.and_then(|spec| spec.replicas).unwrap_or(1)
}

/// The status once its pods are ready, or could not be made.
pub(super) fn status(deployment: &Deployment, stop: Option<&Stop>) -> DeploymentStatus {
    let wanted = replicas(deployment);
    let count = |number: i32| (number > 0).then_some(number);
    let condition = |type_: &str, good: bool, reason: &str, message: String| DeploymentCondition {
        type_: type_.to_owned(),
        status: if good { "True" } else { "False" }.to_owned(),
        reason: Some(reason.to_owned()),
        message: Some(message),
        ..DeploymentCondition::default()
    };
    let name = deployment.metadata.name.as_deref().unwrap_or_default();
    let replica_set = format!("{name}-{KNOWN_AFTER_APPLY}");
    if let Some(stop) = stop {
        return DeploymentStatus {
            unavailable_replicas: count(wanted),
            conditions: Some(vec![
                condition(
                    "Available",
                    false,
                    "MinimumReplicasUnavailable",
                    "Deployment does not have minimum availability.".to_owned(),
                ),
                condition(
                    "Progressing",
                    true,
                    "NewReplicaSetCreated",
                    format!("Created new replica set \"{replica_set}\""),
                ),
                condition(
                    "ReplicaFailure",
                    true,
                    "FailedCreate",
                    stop.refusal.message.clone(),
                ),
            ]),
            ..DeploymentStatus::default()
        };
    }
    DeploymentStatus {
        replicas: count(wanted),
        ready_replicas: count(wanted),
        available_replicas: count(wanted),
        updated_replicas: count(wanted),
        conditions: Some(vec![
            condition(
                "Available",
                true,
                "MinimumReplicasAvailable",
                "Deployment has minimum availability.".to_owned(),
            ),
            condition(
                "Progressing",
                true,
                "NewReplicaSetAvailable",
                format!("ReplicaSet \"{replica_set}\" has successfully progressed."),
            ),
        ]),
        ..DeploymentStatus::default()
    }
}

/// What the refusal of a pod means.
pub(super) fn reworded(stop: &Stop) -> Option<Refusal> {
    (stop.refusal.rule.code == K221.code).then(|| {
        stop.refusal
            .clone()
            .summary("the image has a blank at its start or end")
            .consequence(
                "the Deployment exists, but its ReplicaSet makes no pod: the service never runs",
            )
            .help("remove the blank")
    })
}
