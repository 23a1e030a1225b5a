//! Jobs: they run and end well (spec 2.19).

use k8s_openapi::api::batch::v1::{Job, JobCondition, JobStatus};

use crate::controllers::{Conclusion, Controller, Creator, Pass, Stop};
use crate::inventory::{Kind, ObjectKey, World};

/// The controller of Jobs, with their pods.
pub struct Jobs;

impl Controller for Jobs {
    fn creator(&self) -> Creator {
        Creator::Kubernetes
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::Job]
    }

    fn reconcile(&self, _key: &ObjectKey, _world: &World) -> Pass {
        Pass::default()
    }

    fn conclude(
        &self,
        key: &ObjectKey,
        world: &World,
        _pass: &Pass,
        _stop: Option<&Stop>,
    ) -> Conclusion {
        let mut conclusion = Conclusion::default();
        let job: Option<&Job> = world.get(&key.namespace, &key.name);
        // How a discovery Job ends depends on its image: AIM Engine's controller of templates plays it to its end.
        let Some(mut job) = job.filter(|job| !is_discovery(job)).cloned() else {
            return conclusion;
        };
        let condition = |r#type: &str| JobCondition {
            type_: r#type.to_owned(),
            status: "True".to_owned(),
            reason: Some("CompletionsReached".to_owned()),
            message: Some("Reached expected number of succeeded pods".to_owned()),
            ..JobCondition::default()
        };
        job.status = Some(JobStatus {
            succeeded: Some(1),
            ready: Some(0),
            conditions: Some(vec![condition("SuccessCriteriaMet"), condition("Complete")]),
            ..JobStatus::default()
        });
        conclusion.status = Some(Box::new(job.into()));
        conclusion
    }
}

fn is_discovery(job: &Job) -> bool {
    let labels = job.metadata.labels.as_ref();
    labels
        .and_then(|labels| labels.get("app.kubernetes.io/component"))
        .is_some_and(|component| component == "discovery")
}
