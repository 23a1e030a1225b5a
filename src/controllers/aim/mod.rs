//! AIM Engine (v1alpha1, line 0.2.1): from an AIMService to its InferenceService, route and caches.

mod artifact;
mod cache;
mod child;
mod go_form;
mod go_view;
mod health;
mod model;
pub mod names;
pub mod path_template;
mod runtime_config;
mod select;
mod service;
mod template;
mod view;

use super::Controller;
use crate::inventory::Object;
use view::Scope;

/// Whether an AIMService or runtime config holds a timeout that Go cannot read. From such an object on the operator can
/// list no object of that kind any more, in no namespace, so it sees none that comes later (spec 2.13, 2.18).
#[must_use]
pub fn ends_listing(object: &Object) -> bool {
    let routing = match object {
        Object::AimService(service) => service.spec.as_ref().and_then(|spec| spec.routing.as_ref()),
        Object::AimRuntimeConfig(config) => {
            config.spec.as_ref().and_then(|spec| spec.routing.as_ref())
        }
        Object::AimClusterRuntimeConfig(config) => {
            config.spec.as_ref().and_then(|spec| spec.routing.as_ref())
        }
        _ => None,
    };
    !runtime_config::is_readable(routing)
}

/// AIM Engine's controller of AIMServices.
pub(super) const SERVICE: &dyn Controller = &service::ServiceController;
/// AIM Engine's controller of AIMModels.
pub(super) const MODEL: &dyn Controller = &model::ModelController(Scope::Namespace);
/// AIM Engine's controller of AIMClusterModels.
pub(super) const CLUSTER_MODEL: &dyn Controller = &model::ModelController(Scope::Cluster);
/// AIM Engine's controller of AIMServiceTemplates.
pub(super) const TEMPLATE: &dyn Controller = &template::TemplateController(Scope::Namespace);
/// AIM Engine's controller of AIMClusterServiceTemplates.
pub(super) const CLUSTER_TEMPLATE: &dyn Controller = &template::TemplateController(Scope::Cluster);
/// AIM Engine's controller of AIMTemplateCaches.
pub(super) const TEMPLATE_CACHE: &dyn Controller = &cache::CacheController;
/// AIM Engine's controller of AIMArtifacts.
pub(super) const ARTIFACT: &dyn Controller = &artifact::ArtifactController;
