//! What a pass over a template sees, and what it makes.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::super::go_form;
use super::super::health::Conditions;
use super::super::runtime_config::{self, Resolved};
use super::super::view::{Model, Scope, Template};
use super::discovery::{self, Outcome};
use super::gpu;
use crate::api::aim::{AimTemplateCache, AimTemplateCacheSpec, ObjectStatus, ResolutionScope};
use crate::inventory::{Index, Object, World};

/// What one pass sees of a template's surroundings.
pub(super) struct Seen<'a> {
    pub(super) template: Template<'a>,
    pub(super) config: Resolved,
    pub(super) model: Option<Model<'a>>,
    /// A cluster model has the name; a namespaced template never looks at it.
    pub(super) only_cluster_model: bool,
    pub(super) need: Option<gpu::Need<'a>>,
    pub(super) outcome: Outcome<'a>,
}

impl<'a> Seen<'a> {
    pub(super) fn of(template: Template<'a>, world: &'a World) -> Self {
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

    pub(super) fn conditions(&self) -> Conditions {
        let conditions = self.template.status.map(|status| status.conditions.clone());
        Conditions(conditions.unwrap_or_default())
    }

    pub(super) fn is_inline(&self) -> bool {
        !self.template.spec.model_sources.is_empty()
    }

    /// Whether a pass still looks at the discovery Job.
    pub(super) fn checks_discovery(&self) -> bool {
        let settled = [Some(ObjectStatus::Ready), Some(ObjectStatus::NotAvailable)];
        !self.is_inline() && !settled.contains(&self.template.state())
    }

    /// The one object that a pass applies: a cache of its own, or the discovery Job.
    pub(super) fn plan(&self, world: &World) -> Option<Object> {
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
}
