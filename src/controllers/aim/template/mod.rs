//! The controllers of AIMServiceTemplate and AIMClusterServiceTemplate (AIM Engine 0.2.1, spec 2.4).

mod advice;
mod discovery;
mod gpu;

use std::sync::Arc;

use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::health::{Category, Conditions, Health, Problem, Side, judge};
use super::runtime_config::{self, Resolved};
use super::view::{Model, Scope, Template};
use super::{child, go_form};
use crate::api::aim::{
    AimServiceTemplateStatus, AimTemplateCache, AimTemplateCacheSpec, DiscoveryState,
    GpuRequirements, Hardware, ObjectStatus, Profile, ProfileMetadata, ResolutionScope,
    ResolvedReference,
};
use crate::controllers::{Aspect, Conclusion, Controller, Creator, FieldOrigin, Pass, Stop, Write};
use crate::diag::FieldPath;
use crate::inventory::{Index, Kind, Object, ObjectKey, World};
use crate::kube::unknown::KNOWN_AFTER_APPLY;
use discovery::Outcome;

/// AIM Engine's controller of templates of one scope.
pub(super) struct TemplateController(pub(super) Scope);

impl Controller for TemplateController {
    fn creator(&self) -> Creator {
        match self.0 {
            Scope::Namespace => Creator::AimServiceTemplate,
            Scope::Cluster => Creator::AimClusterServiceTemplate,
        }
    }

    fn kinds(&self) -> &'static [Kind] {
        match self.0 {
            Scope::Namespace => &[Kind::AimServiceTemplate],
            Scope::Cluster => &[Kind::AimClusterServiceTemplate],
        }
    }

    fn reconcile(&self, key: &ObjectKey, world: &World) -> Pass {
        let mut pass = Pass::default();
        let Some((object, template)) = seen_object(key, world) else {
            return pass;
        };
        let seen = Seen::of(template, world);
        pass.notes = advice::notes(&seen, world);
        let verdict = judge(&mut seen.conditions(), &seen.health(), |_| {});
        if !verdict.applies || seen.config.panics {
            return pass;
        }
        if let Some(mut planned) = seen.plan(world) {
            child::own(&mut planned, object, world);
            let config = seen.config.spec.as_ref();
            child::add_labels(&mut planned, object, self.creator(), config);
            pass.writes.push(Write::Apply(Arc::new(planned)));
        }
        pass
    }

    fn conclude(
        &self,
        key: &ObjectKey,
        world: &World,
        _pass: &Pass,
        stop: Option<&Stop>,
    ) -> Conclusion {
        let mut conclusion = Conclusion::default();
        let Some((object, template)) = seen_object(key, world) else {
            return conclusion;
        };
        let seen = Seen::of(template, world);
        if seen.config.panics {
            return conclusion;
        }
        let status = seen.status(stop);
        let mut object = object.clone();
        match &mut object {
            Object::AimServiceTemplate(template) => template.status = Some(status),
            Object::AimClusterServiceTemplate(template) => template.status = Some(status),
            _ => {}
        }
        conclusion.status = Some(Box::new(object));
        conclusion
    }

    fn wakes(&self, changed: &ObjectKey, _: Aspect, world: &World) -> Vec<ObjectKey> {
        let model = world.object(changed).and_then(Model::of);
        model
            .filter(|model| model.scope == self.0)
            .map(|model| {
                Template::of_model(world, self.0, model.namespace(), model.name())
                    .iter()
                    .map(Template::key)
                    .collect()
            })
            .unwrap_or_default()
    }

    fn origin_of(&self, made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
        advice::origin_of(made, path, world)
    }
}

/// The template of a key, unless the operator leaves it alone.
fn seen_object<'w>(key: &ObjectKey, world: &'w World) -> Option<(&'w Object, Template<'w>)> {
    let object = world
        .object(key)
        .filter(|object| !child::is_paused(object))?;
    Some((object, Template::of(object)?))
}

/// What one pass sees of a template's surroundings.
struct Seen<'a> {
    template: Template<'a>,
    config: Resolved,
    model: Option<Model<'a>>,
    /// A cluster model has the name; a namespaced template never looks at it.
    only_cluster_model: bool,
    need: Option<gpu::Need<'a>>,
    outcome: Outcome<'a>,
}

impl<'a> Seen<'a> {
    fn of(template: Template<'a>, world: &'a World) -> Self {
        let name = &template.spec.model_name;
        let config_name = template.spec.runtime_config_name.as_deref();
        let model = Model::find(world, template.scope, template.namespace(), name);
        Self {
            config: runtime_config::resolve(config_name, template.namespace(), world),
            only_cluster_model: model.is_none()
                && template.scope == Scope::Namespace
                && Model::find(world, Scope::Cluster, "", name).is_some(),
            model,
            need: gpu::Need::of(&template, world),
            outcome: discovery::outcome(&template, world),
            template,
        }
    }

    fn conditions(&self) -> Conditions {
        let conditions = self.template.status.map(|status| status.conditions.clone());
        Conditions(conditions.unwrap_or_default())
    }

    fn is_inline(&self) -> bool {
        !self.template.spec.model_sources.is_empty()
    }

    /// Whether a pass still looks at the discovery Job.
    fn checks_discovery(&self) -> bool {
        let settled = [Some(ObjectStatus::Ready), Some(ObjectStatus::NotAvailable)];
        !self.is_inline() && !settled.contains(&self.template.state())
    }

    /// The one object that a pass applies: a cache of its own, or the discovery Job.
    fn plan(&self, world: &World) -> Option<Object> {
        let model = self.model.filter(|model| !model.spec.image.is_empty())?;
        if self.need.as_ref().is_some_and(|need| !need.is_available()) {
            return None;
        }
        if self.is_inline() {
            return self.own_cache(world);
        }
        if self.template.is_ready() {
            let known = self
                .template
                .status
                .is_some_and(|status| !status.model_sources.is_empty());
            return known.then(|| self.own_cache(world)).flatten();
        }
        let ran = self.checks_discovery() && !matches!(self.outcome, Outcome::NoJob);
        (!ran).then(|| discovery::job(&self.template, &model))
    }

    /// The cache that a template with caching makes, unless it owns one already (spec 2.12).
    fn own_cache(&self, world: &World) -> Option<Object> {
        let template = &self.template;
        let caching = template
            .spec
            .caching
            .as_ref()
            .filter(|caching| caching.enabled == Some(true))?;
        if template.scope == Scope::Cluster {
            return None;
        }
        let identity = format!("{}/{}", template.scope.template_kind(), template.name());
        let owned =
            world.by_index::<AimTemplateCache>(template.namespace(), Index::Owner, &identity);
        if !owned.is_empty() {
            return None;
        }
        Some(Object::AimTemplateCache(AimTemplateCache {
            metadata: ObjectMeta {
                name: Some(template.name().to_owned()),
                namespace: Some(template.namespace().to_owned()),
                ..ObjectMeta::default()
            },
            spec: Some(AimTemplateCacheSpec {
                template_name: template.name().to_owned(),
                template_scope: ResolutionScope::Namespace,
                env: go_form::env(&caching.env),
                runtime_config_name: go_form::text(&template.spec.runtime_config_name),
                mode: None,
                image_pull_secrets: Vec::new(),
                storage_class_name: None,
                download_image: None,
                model_sources: Vec::new(),
            }),
            status: None,
        }))
    }

    fn health(&self) -> Vec<Health> {
        let mut health = vec![self.config.health(Side::Downstream), self.model_health()];
        if self.checks_discovery() {
            health.extend(self.discovery_health());
        }
        health.extend(self.need.as_ref().map(gpu::Need::health));
        health
    }

    fn model_health(&self) -> Health {
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

    fn status(&self, stop: Option<&Stop>) -> AimServiceTemplateStatus {
        let spec = self.template.spec;
        let mut status = self.template.status.cloned().unwrap_or_default();
        let mut conditions = self.conditions();
        let verdict = judge(&mut conditions, &self.health(), |conditions| {
            self.decorate(&mut status, conditions);
        });
        if let Some(stop) = stop {
            let about = stop.write.clone().unwrap_or_else(|| self.template.key());
            conditions.apply_failed(&child::apply_error(true, &about, &stop.refusal));
        }
        if let Some(model) = &self.model {
            status.resolved_model = Some(ResolvedReference {
                name: Some(spec.model_name.clone()),
                namespace: (model.scope == Scope::Namespace).then(|| model.namespace().to_owned()),
                ..ResolvedReference::default()
            });
        }
        status.status = Some(verdict.status);
        status.conditions = conditions.0;
        status
    }

    /// What the template's status tells beside its health; for an inline template it is all in the spec.
    fn decorate(&self, status: &mut AimServiceTemplateStatus, conditions: &mut Conditions) {
        const DISCOVERED: &str = "Discovered";
        let spec = self.template.spec;
        if self.is_inline() {
            status.model_sources = go_form::sources(&spec.model_sources);
            status.profile = Some(profile_of_spec(&self.template));
            self.resolve_hardware(status, None);
            status.discovery = None;
            conditions.set(
                DISCOVERED,
                true,
                "InlineModelSources",
                "Model sources provided in-line in spec",
            );
            return;
        }
        if conditions
            .get(DISCOVERED)
            .is_some_and(|condition| condition.status == "True")
        {
            return;
        }
        let checked = self.checks_discovery();
        let job = match &self.outcome {
            Outcome::Found(job, _) | Outcome::Failed(job) if checked => Some(*job),
            _ => None,
        };
        if let Some(job) = job {
            status.discovery_job = Some(ResolvedReference {
                name: job.metadata.name.clone(),
                namespace: job.metadata.namespace.clone(),
                ..ResolvedReference::default()
            });
        }
        match &self.outcome {
            Outcome::Failed(job) if checked => {
                status.discovery.get_or_insert_with(|| DiscoveryState {
                    attempts: Some(1),
                    last_failure_reason: Some(failure(job)),
                    ..DiscoveryState::default()
                });
            }
            Outcome::Found(_, profile) if checked => {
                status.model_sources = discovery::sources(profile);
                status.profile = Some(discovery::status_profile(profile));
                self.resolve_hardware(status, Some((profile.gpu_count, &profile.gpu_model)));
            }
            _ => {}
        }
        // The operator sets it to True after a success, and at once back.
        conditions.set(
            DISCOVERED,
            false,
            "AwaitingDiscovery",
            "Waiting for discovery to complete",
        );
    }

    /// Count and model from discovery, even against the spec; resource name, minVram and CPU from the spec. The node
    /// affinity always from the spec.
    fn resolve_hardware(
        &self,
        status: &mut AimServiceTemplateStatus,
        discovered: Option<(i32, &str)>,
    ) {
        let hardware = self.template.spec.hardware.as_ref().map(go_form::hardware);
        let own = hardware.as_ref().and_then(|hardware| hardware.gpu.clone());
        let (requests, model) = match discovered {
            Some((count, model)) => (Some(count), Some(model.to_owned())),
            None => own
                .as_ref()
                .map_or((None, None), |gpu| (gpu.requests, gpu.model.clone())),
        };
        let requests = requests.filter(|count| *count != 0);
        let model = go_form::text(&model);
        let named = own.as_ref().and_then(|gpu| gpu.resource_name.clone());
        let gpu = (requests.is_some_and(|count| count > 0) || model.is_some() || named.is_some())
            .then(|| GpuRequirements {
                requests,
                model,
                min_vram: own.and_then(|gpu| gpu.min_vram),
                // The CRD's default, in statuses, too.
                resource_name: named.or_else(|| Some("amd.com/gpu".to_owned())),
            });
        let cpu = hardware.and_then(|hardware| hardware.cpu);
        let resolved = (gpu.is_some() || cpu.is_some()).then_some(Hardware { gpu, cpu });
        status.hardware_summary = resolved.as_ref().map(summary);
        status.resolved_hardware = resolved;
        status.resolved_node_affinity = self.need.as_ref().and_then(gpu::Need::affinity);
    }
}

fn failure(job: &Job) -> String {
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

/// The profile of a template with inline sources, for which no discovery runs.
fn profile_of_spec(template: &Template<'_>) -> Profile {
    let gpu = template
        .spec
        .hardware
        .as_ref()
        .and_then(|hw| hw.gpu.as_ref());
    Profile {
        metadata: Some(ProfileMetadata {
            gpu: gpu.and_then(|gpu| go_form::text(&gpu.model)),
            gpu_count: gpu.and_then(|gpu| gpu.requests).filter(|count| *count != 0),
            metric: template.spec.metric,
            precision: template.spec.precision,
            r#type: template.spec.r#type,
            engine: None,
        }),
        ..Profile::default()
    }
}

/// `4 x MI300X`, `MI300X`, `1 x GPU` or `CPU`.
fn summary(hardware: &Hardware) -> String {
    let Some(gpu) = &hardware.gpu else {
        return "CPU".to_owned();
    };
    let count = gpu.requests.filter(|count| *count > 0);
    match (count, &gpu.model) {
        (Some(count), model) => {
            format!("{count} x {}", model.as_deref().unwrap_or("GPU"))
        }
        (None, Some(model)) => model.clone(),
        (None, None) => "CPU".to_owned(),
    }
}
