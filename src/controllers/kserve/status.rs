//! The InferenceService's status (KServe 0.16.0, `inference_service_status.go`; spec 3.8).

use k8s_openapi::api::apps::v1::{Deployment, DeploymentCondition};

use super::component::{self, Component, Mode, name_of};
use super::{Failed, host, http_route, ingress};
use crate::api::kserve::{
    Addressable, InferenceService, InferenceServiceStatus, KserveCondition, ModelCopies,
    ModelStates, ModelStatus,
};
use crate::inventory::{KserveConfig, World};

const PREDICTOR: &str = "predictor";
const INGRESS_READY: &str = "IngressReady";
const PREDICTOR_READY: &str = "PredictorReady";
const READY: &str = "Ready";
const STOPPED: &str = "Stopped";

/// A condition's status, and why it is not `True`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// `True`: neither reason nor message.
    True,
    /// `False` or `Unknown`, with reason and message.
    Not {
        status: &'static str,
        reason: String,
        message: String,
    },
}

impl Verdict {
    pub(super) fn is_true(&self) -> bool {
        *self == Self::True
    }

    fn no(reason: &str) -> Self {
        Self::Not {
            status: "False",
            reason: reason.to_owned(),
            message: String::new(),
        }
    }

    fn condition(&self, type_: &str) -> KserveCondition {
        let text = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let mut condition = KserveCondition {
            type_: type_.to_owned(),
            status: "True".to_owned(),
            ..KserveCondition::default()
        };
        if let Self::Not {
            status,
            reason,
            message,
        } = self
        {
            (*status).clone_into(&mut condition.status);
            condition.reason = text(reason);
            condition.message = text(message);
        }
        condition
    }
}

/// Whether the predictor is ready, as the Deployment's conditions say.
pub(super) fn predictor(isvc: &InferenceService, world: &World) -> Verdict {
    let deployment = deployment(isvc, world);
    let condition = |type_: &str| -> Option<&DeploymentCondition> {
        deployment?
            .status
            .as_ref()?
            .conditions
            .iter()
            .flatten()
            .find(|condition| condition.type_ == type_)
    };
    let not = |status: &'static str, condition: &DeploymentCondition| Verdict::Not {
        status,
        reason: condition.reason.clone().unwrap_or_default(),
        message: condition.message.clone().unwrap_or_default(),
    };
    if let Some(failure) = condition("ReplicaFailure").filter(|c| c.status == "True") {
        return not("False", failure);
    }
    let available = condition("Available");
    if let Some(available) = available.filter(|c| c.status == "False") {
        return not("False", available);
    }
    match condition("Progressing") {
        Some(progressing)
            if progressing.status == "False"
                && progressing.message.as_ref().is_some_and(|m| !m.is_empty()) =>
        {
            return not("False", progressing);
        }
        Some(progressing) if progressing.status == "True" => {
            return if progressing.reason.as_deref() == Some("NewReplicaSetAvailable") {
                Verdict::True
            } else {
                not("Unknown", progressing)
            };
        }
        _ => {}
    }
    match available {
        Some(available) if available.status == "True" => Verdict::True,
        _ => Verdict::no(""),
    }
}

fn deployment<'a>(isvc: &InferenceService, world: &'a World) -> Option<&'a Deployment> {
    let meta = &isvc.metadata;
    let name = name_of(meta.name.as_deref().unwrap_or_default());
    world.get(meta.namespace.as_deref().unwrap_or_default(), &name)
}

/// Whether a status says Ready.
pub(super) fn is_ready(status: &InferenceServiceStatus) -> bool {
    status
        .conditions
        .iter()
        .any(|condition| condition.type_ == READY && condition.status == "True")
}

/// The status after a pass; `ingress_deleted` when a stop has just taken the Ingress away.
pub(super) fn after(
    isvc: &InferenceService,
    config: &KserveConfig,
    world: &World,
    failed: Option<&Failed>,
    ingress_deleted: bool,
) -> InferenceServiceStatus {
    let mut status = isvc.status.clone().unwrap_or_default();
    let Ok(mode) = component::mode(isvc, config) else {
        return status;
    };
    if failed.is_some_and(|failed| failed.reason == super::SILENT) {
        return status;
    }
    match mode {
        Mode::Standard => status.deployment_mode = Some("Standard".to_owned()),
        Mode::Knative | Mode::ModelMesh => return status,
        Mode::None => {}
    }
    status.model_status.get_or_insert_with(ModelStatus::default);
    if failed.is_some_and(|failed| failed.before_status) {
        return status;
    }
    let Ok(component) = Component::of(isvc, config) else {
        return status;
    };
    if component.is_stopped() {
        return stopped(&status, ingress_deleted);
    }
    served(status, &component, config, world)
}

fn served(
    mut status: InferenceServiceStatus,
    component: &Component,
    config: &KserveConfig,
    world: &World,
) -> InferenceServiceStatus {
    let Ok(settings) = config.ingress() else {
        return status;
    };
    let isvc = component.isvc;
    let ready = predictor(isvc, world);
    let own = status.components.entry(PREDICTOR.to_owned()).or_default();
    if ready.is_true()
        && let Ok(host) = host::of(component.name(), &component.meta, &settings)
    {
        own.url = Some(format!("http://{host}"));
    }
    let routed = if ingress::is_unwanted(isvc, &settings) {
        Verdict::True
    } else if settings.enable_gateway_api {
        http_route::verdict(isvc, world)
    } else if ready.is_true() {
        Verdict::True
    } else {
        Verdict::no("Predictor ingress not created")
    };
    if routed.is_true() {
        let scheme = &settings.url_scheme;
        let name = isvc.metadata.name.as_deref().unwrap_or_default();
        if let Ok(host) = host::of(name, &isvc.metadata, &settings) {
            status.url = Some(format!("{scheme}://{host}"));
        }
        let (service, namespace) = (component.name(), component.namespace());
        status.address = Some(Addressable {
            url: Some(format!(
                "{scheme}://{service}.{namespace}.svc.cluster.local"
            )),
        });
    }
    status.model_status = Some(model(isvc, world, ready.is_true() && routed.is_true()));
    // The later of the two that is not True speaks for the whole.
    let whole = if routed.is_true() { &ready } else { &routed };
    status.conditions = vec![
        routed.condition(INGRESS_READY),
        ready.condition(PREDICTOR_READY),
        whole.condition(READY),
        stopped_condition(&Verdict::no("")),
    ];
    status
}

fn stopped_condition(verdict: &Verdict) -> KserveCondition {
    KserveCondition {
        severity: Some("Info".to_owned()),
        ..verdict.condition(STOPPED)
    }
}

/// Everything that was reported before is gone.
fn stopped(before: &InferenceServiceStatus, ingress_deleted: bool) -> InferenceServiceStatus {
    let no = Verdict::no(STOPPED);
    let had_ingress = before.conditions.iter().any(|condition| {
        condition.type_ == INGRESS_READY && condition.reason.as_deref() == Some(STOPPED)
    });
    let mut conditions = Vec::new();
    if had_ingress || ingress_deleted {
        conditions.push(no.condition(INGRESS_READY));
    }
    conditions.extend([
        no.condition(PREDICTOR_READY),
        no.condition(READY),
        stopped_condition(&Verdict::True),
    ]);
    InferenceServiceStatus {
        deployment_mode: Some("Standard".to_owned()),
        model_status: Some(ModelStatus::default()),
        conditions,
        ..InferenceServiceStatus::default()
    }
}

/// How far the model is: loaded once the service is ready and has pods.
fn model(isvc: &InferenceService, world: &World, ready: bool) -> ModelStatus {
    let pods = deployment(isvc, world)
        .and_then(|deployment| deployment.status.as_ref()?.ready_replicas)
        .filter(|pods| *pods > 0);
    let loaded = ready && pods.is_some();
    let before = isvc
        .status
        .as_ref()
        .and_then(|status| status.model_status.as_ref()?.states.clone())
        .unwrap_or_default();
    let (active, target, transition) = if loaded {
        ("Loaded", "Loaded", "UpToDate")
    } else {
        (before.active_model_state.as_str(), "Pending", "InProgress")
    };
    ModelStatus {
        copies: Some(ModelCopies {
            failed_copies: 0,
            total_copies: pods,
        }),
        states: Some(ModelStates {
            active_model_state: active.to_owned(),
            target_model_state: target.to_owned(),
        }),
        transition_status: transition.to_owned(),
        last_failure_info: None,
    }
}
