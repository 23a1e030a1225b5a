//! The Deployment (spec 3.4, 3.10).

use k8s_openapi::api::apps::v1::{
    Deployment, DeploymentSpec, DeploymentStrategy, RollingUpdateDeployment,
};
use k8s_openapi::api::core::v1::{Container, PodSpec, PodTemplateSpec, Probe, TCPSocketAction};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::LabelSelector;
use k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;

use super::component::{CLASS, Component};
use super::{Write, owned, replacing};
use crate::admission::kserve::storage::SERVER;
use crate::admission::{self, Operation};
use crate::inventory::{KserveConfig, Object, ObjectKey, World};

/// The port that a container without ports is taken to serve on.
pub(super) const DEFAULT_PORT: i32 = 8080;

/// What KServe sends.
pub(super) fn desired(component: &Component, config: &KserveConfig) -> Deployment {
    let mut pod = component.pod.clone();
    pod_defaults(&mut pod);
    let replicas = component
        .predictor
        .min_replicas
        .filter(|_| component.annotation(CLASS) == Some("none"));
    Deployment {
        metadata: component.meta.clone(),
        spec: Some(DeploymentSpec {
            replicas,
            selector: LabelSelector {
                match_labels: Some(component.selector()),
                ..LabelSelector::default()
            },
            template: PodTemplateSpec {
                // The component's metadata whole, name and namespace too.
                metadata: Some(component.meta.clone()),
                spec: Some(pod),
            },
            strategy: component
                .predictor
                .deployment_strategy
                .clone()
                .or_else(|| rollout(config)),
            ..DeploymentSpec::default()
        }),
        status: None,
    }
}

/// What KServe sets before the API server does; of its own only pull policy and readiness probe.
fn pod_defaults(pod: &mut PodSpec) {
    for container in &mut pod.containers {
        container
            .image_pull_policy
            .get_or_insert_with(|| "IfNotPresent".to_owned());
        if container.name == SERVER && container.readiness_probe.is_none() {
            container.readiness_probe = Some(readiness(container));
        }
    }
}

fn readiness(container: &Container) -> Probe {
    let first = container.ports.iter().flatten().next();
    let port = first.map_or(DEFAULT_PORT, |port| port.container_port);
    Probe {
        tcp_socket: Some(TCPSocketAction {
            port: IntOrString::Int(port),
            host: None,
        }),
        timeout_seconds: Some(1),
        period_seconds: Some(10),
        success_threshold: Some(1),
        failure_threshold: Some(3),
        ..Probe::default()
    }
}

/// The rollout that the configuration asks for, in mode Standard only; its values go out as texts.
fn rollout(config: &KserveConfig) -> Option<DeploymentStrategy> {
    let deploy = config.deploy().ok()?;
    if deploy.default_deployment_mode != "Standard" {
        return None;
    }
    let rollout = deploy.deployment_rollout_strategy?.default_rollout?;
    let text = |text: String| (!text.is_empty()).then_some(IntOrString::String(text));
    Some(DeploymentStrategy {
        type_: Some("RollingUpdate".to_owned()),
        rolling_update: Some(RollingUpdateDeployment {
            max_surge: text(rollout.max_surge),
            max_unavailable: text(rollout.max_unavailable),
        }),
    })
}

/// Creates the Deployment, or patches it when its spec differs. Replicas count in class `none` only.
pub(super) fn write(mut wanted: Deployment, isvc: &ObjectKey, world: &World) -> Option<Write> {
    wanted.metadata = owned(wanted.metadata, isvc, world);
    let name = wanted.metadata.name.as_deref().unwrap_or_default();
    let Some(stored) = world.get::<Deployment>(&isvc.namespace, name) else {
        return Some(replacing(wanted.into(), None));
    };
    let fixed = |deployment: &Deployment| {
        let annotations = deployment.metadata.annotations.as_ref();
        annotations
            .and_then(|annotations| annotations.get(CLASS))
            .is_some_and(|class| class == "none")
    };
    let old: Object = stored.clone().into();
    let admitted = admission::admit(wanted.clone().into(), Some(&old), Operation::Write, world);
    let Ok(Object::Deployment(mut after)) = admitted else {
        // Let it be refused where everybody sees it.
        return Some(replacing(wanted.into(), Some(&old)));
    };
    let replicas = stored.spec.as_ref().and_then(|spec| spec.replicas);
    let same = {
        let mut compared = after.spec.clone();
        if let Some(spec) = compared.as_mut().filter(|_| !fixed(stored)) {
            spec.replicas = replicas;
        }
        compared == stored.spec
    };
    if same {
        return None;
    }
    if let Some(spec) = after.spec.as_mut().filter(|_| !fixed(&wanted)) {
        spec.replicas = replicas;
    }
    Some(replacing(after.into(), Some(&old)))
}
