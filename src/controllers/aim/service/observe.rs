//! What one pass over an AIMService sees (AIM Engine 0.2.1, spec 2.2, 2.5, 2.12, 2.17).

use k8s_openapi::api::apps::v1::Deployment;
use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscaler;
use k8s_openapi::api::core::v1::Pod;

use super::super::health::Problem;
use super::super::names::{self, NamespaceTooLong};
use super::super::runtime_config::{self, Resolved};
use super::super::view::{Model, Template};
use super::{cache, model, template};
use crate::api::aim::{
    AimService, AimServiceSpec, AimServiceStatus, AimTemplateCache, CachingMode,
};
use crate::api::gateway::HttpRoute;
use crate::api::kserve::InferenceService;
use crate::inventory::{Index, Kind, ObjectKey, World};
use crate::kube::unknown::Uid;

/// The model of a service, as far as it can be told.
#[derive(Debug, Clone)]
pub(super) enum ModelOutcome<'w> {
    /// It exists.
    Found(Model<'w>),
    /// It is to be made, under this name.
    ToCreate(String),
    /// It cannot be told which.
    Failed(Problem),
    /// It was not looked for.
    Unasked,
}

/// The template of a service, as far as it can be told.
#[derive(Debug, Clone)]
pub(super) enum TemplateOutcome<'w> {
    /// It exists; ready or not.
    Found(Template<'w>),
    /// The explicit one does not exist.
    Failed(Problem),
    /// The model has templates, none of them ready.
    NotReady,
    /// There is none, or no single best one.
    None,
}

/// Everything that a pass over a service looks up.
pub(super) struct Observation<'w> {
    pub(super) world: &'w World,
    pub(super) key: ObjectKey,
    pub(super) service: &'w AimService,
    pub(super) spec: &'w AimServiceSpec,
    pub(super) uid: Uid,
    pub(super) config: Resolved,
    /// The InferenceService's name, if the namespace leaves room for one.
    pub(super) isvc_name: Result<String, NamespaceTooLong>,
    pub(super) isvc: Option<&'w InferenceService>,
    pub(super) route: Option<&'w HttpRoute>,
    pub(super) hpa: Option<&'w HorizontalPodAutoscaler>,
    pub(super) model: ModelOutcome<'w>,
    pub(super) template: TemplateOutcome<'w>,
    pub(super) cache: Option<&'w AimTemplateCache>,
}

impl<'w> Observation<'w> {
    /// Looks at a service; `None` when it has no spec.
    pub(super) fn of(key: &ObjectKey, world: &'w World) -> Option<Self> {
        let service: &AimService = world.get(&key.namespace, &key.name)?;
        let spec = service.spec.as_ref()?;
        let config =
            runtime_config::resolve(spec.runtime_config_name.as_deref(), &key.namespace, world);
        let uid = world.uid(key);
        let isvc_name = names::inference_service(&key.name, &key.namespace);
        let isvc = isvc_name
            .as_ref()
            .ok()
            .and_then(|name| world.get::<InferenceService>(&key.namespace, name));
        let route_name = names::http_route(&key.name, &key.namespace);
        let hpa = isvc.and_then(|isvc| {
            let isvc = isvc.metadata.name.as_deref().unwrap_or_default();
            world.get(&key.namespace, &format!("keda-hpa-{isvc}-predictor"))
        });
        let mut observation = Self {
            world,
            key: key.clone(),
            service,
            spec,
            uid,
            config,
            isvc,
            route: world.get(&key.namespace, &route_name),
            hpa,
            model: ModelOutcome::Unasked,
            template: TemplateOutcome::None,
            cache: None,
            isvc_name,
        };
        observation.cache = cache::find(&observation);
        // Without a name for the InferenceService nothing else is looked up.
        if observation.isvc_name.is_ok() {
            observation.model = model::resolve(&observation);
            observation.template = template::resolve(&observation);
        }
        Some(observation)
    }

    pub(super) fn namespace(&self) -> &str {
        &self.key.namespace
    }

    pub(super) fn name(&self) -> &str {
        &self.key.name
    }

    pub(super) fn status(&self) -> Option<&'w AimServiceStatus> {
        self.service.status.as_ref()
    }

    /// The model, when it exists.
    pub(super) fn found_model(&self) -> Option<Model<'w>> {
        match &self.model {
            ModelOutcome::Found(model) => Some(*model),
            _ => None,
        }
    }

    /// The template, when it exists.
    pub(super) fn found_template(&self) -> Option<Template<'w>> {
        match &self.template {
            TemplateOutcome::Found(template) => Some(*template),
            _ => None,
        }
    }

    /// The pods that serve the InferenceService and of which a dump tells how they are.
    pub(super) fn pods(&self) -> impl Iterator<Item = &'w Pod> + Clone + use<'w> {
        let name = self.isvc_name.clone().unwrap_or_default();
        let pods: Vec<&Pod> = self
            .world
            .by_index::<Pod>(&self.key.namespace, Index::ServedBy, &name)
            .into_iter()
            .filter(|pod| {
                pod.status
                    .as_ref()
                    .is_some_and(|status| status.phase.is_some())
            })
            .collect();
        pods.into_iter()
    }

    /// Whether the predictor's Deployment has pods that are ready; they are taken to become so (spec 2.19).
    pub(super) fn has_ready_pods(&self) -> bool {
        let name = self.isvc_name.clone().unwrap_or_default();
        let deployment: Option<&Deployment> = self
            .world
            .get(&self.key.namespace, &format!("{name}-predictor"));
        deployment.is_some_and(|deployment| match &deployment.status {
            Some(status) => status.ready_replicas.is_some_and(|ready| ready > 0),
            None => {
                let replicas = deployment.spec.as_ref().and_then(|spec| spec.replicas);
                replicas != Some(0)
            }
        })
    }

    pub(super) fn isvc_key(&self) -> Option<ObjectKey> {
        let name = self.isvc_name.as_ref().ok()?;
        Some(ObjectKey::new(
            Kind::InferenceService,
            self.namespace(),
            name,
        ))
    }

    /// Whether KEDA is to scale it: `replicas` is then ignored (spec 2.11).
    pub(super) fn is_autoscaled(&self) -> bool {
        self.spec.auto_scaling.is_some()
            || self.spec.min_replicas.is_some()
            || self.spec.max_replicas.is_some()
    }

    /// Whether its cache is its own (spec 2.12: Dedicated and Never; everything else is Shared).
    pub(super) fn is_dedicated(&self) -> bool {
        let mode = self.spec.caching.as_ref().and_then(|caching| caching.mode);
        matches!(mode, Some(CachingMode::Dedicated | CachingMode::Never))
    }
}
