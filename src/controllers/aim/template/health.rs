//! Health of what a template depends on and makes.

use k8s_openapi::api::batch::v1::Job;

use super::super::health::{Category, Health, Problem, Side, observed};
use super::super::view::{Model, Scope};
use super::discovery::Outcome;
use super::gpu;
use super::observe::Seen;
use crate::api::aim::ObjectStatus;
use crate::kube::unknown::KNOWN_AFTER_APPLY;

impl Seen<'_> {
    pub(super) fn health(&self) -> Vec<Health> {
        let mut health = vec![self.config.health(Side::Downstream), self.model_health()];
        if self.checks_discovery() {
            health.extend(self.discovery_health());
        }
        health.extend(self.need.as_ref().map(gpu::Need::health));
        health
    }

    pub(super) fn model_health(&self) -> Health {
        let (component, kind, prefix) = match self.template.scope {
            Scope::Namespace => ("Model", "AIMModel", ""),
            Scope::Cluster => ("ClusterModel", "AIMClusterModel", "Cluster"),
        };
        let state = |state, reason: String, message: String| {
            Health::new(component, Side::Upstream, state, reason, message)
        };
        let Some(model) = self.model else {
            let problem = Problem::new(
                Category::MissingUpstream,
                "ReferenceNotFound",
                "Upstream dependency not found",
            );
            return Health::failing(component, Side::Upstream, problem);
        };
        if model.spec.image.is_empty() {
            let named = if prefix.is_empty() {
                "Model"
            } else {
                "Cluster model"
            };
            let message = format!("{named} does not specify an image");
            return state(
                ObjectStatus::Failed,
                "ImageNotSpecified".to_owned(),
                message,
            );
        }
        match model.state() {
            Some(failed @ (ObjectStatus::Failed | ObjectStatus::Degraded))
                if fails_by_itself(&model) =>
            {
                let message = format!("{kind} is in {} state", failed.as_str());
                state(failed, format!("{prefix}ModelFailed"), message)
            }
            _ => state(
                ObjectStatus::Ready,
                format!("{prefix}ModelFound"),
                format!("{kind} found with valid image"),
            ),
        }
    }

    fn discovery_health(&self) -> Vec<Health> {
        const JOB: &str = "DiscoveryJob";
        const PODS: &str = "DiscoveryPods";
        let ready = |component, reason: &str, message: &str| {
            Health::new(
                component,
                Side::Downstream,
                ObjectStatus::Ready,
                reason,
                message,
            )
        };
        match &self.outcome {
            Outcome::NoJob => vec![Health::new(
                JOB,
                Side::Downstream,
                ObjectStatus::Pending,
                "JobNotCreated",
                "Discovery job has not been created yet",
            )],
            Outcome::Running(job) => vec![
                observed::job(JOB, Some(job)),
                match job.status.as_ref().and_then(|status| status.ready) {
                    Some(1..) => ready(PODS, "PodsReady", "Pods are ready"),
                    _ => Health::new(
                        PODS,
                        Side::Downstream,
                        ObjectStatus::Pending,
                        "PodsPending",
                        "Pods are pending",
                    ),
                },
            ],
            Outcome::Found(..) => vec![
                ready(JOB, "Ready", ""),
                ready(PODS, "PodsReady", "Pods are ready"),
            ],
            Outcome::Failed(job) => {
                let failing = |component, reason: &str, message: &str| {
                    let problem = Problem::new(Category::InvalidSpec, reason, message);
                    Health::failing(component, Side::Downstream, problem)
                };
                vec![
                    failing(JOB, "JobBackoffLimitExceeded", &failure(job)),
                    failing(
                        PODS,
                        "PodFailed",
                        &format!(
                            "Container discovery failed with exit code 1: {KNOWN_AFTER_APPLY}"
                        ),
                    ),
                ]
            }
        }
    }
}

/// Why a discovery Job failed, in its own words.
pub(super) fn failure(job: &Job) -> String {
    job.status
        .iter()
        .flat_map(|status| status.conditions.iter().flatten())
        .find(|condition| condition.type_ == "Failed" && condition.status == "True")
        .and_then(|condition| condition.message.clone())
        .unwrap_or_else(|| "Job has reached the specified backoff limit".to_owned())
}

/// Whether a model has failed for another reason than its templates; otherwise the two would hold each other down.
fn fails_by_itself(model: &Model<'_>) -> bool {
    let templates = match model.scope {
        Scope::Namespace => "ServiceTemplatesReady",
        Scope::Cluster => "ClusterServiceTemplatesReady",
    };
    model
        .status
        .iter()
        .flat_map(|status| &status.conditions)
        .any(|condition| {
            condition.r#type.ends_with("Ready")
                && condition.r#type != "Ready"
                && condition.r#type != templates
                && condition.status == "False"
        })
}
