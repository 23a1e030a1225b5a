//! Models and templates of either scope, seen alike.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use crate::api::aim::{
    AimClusterModel, AimClusterServiceTemplate, AimModel, AimModelSpec, AimModelStatus,
    AimServiceTemplate, AimServiceTemplateSpec, AimServiceTemplateStatus, ObjectStatus,
    ResolutionScope,
};
use crate::inventory::{Index, Kind, Object, ObjectKey, World};

/// Whether an object belongs to a namespace or to the cluster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    Namespace,
    Cluster,
}

impl Scope {
    pub(super) fn model_kind(self) -> Kind {
        match self {
            Self::Namespace => Kind::AimModel,
            Self::Cluster => Kind::AimClusterModel,
        }
    }

    pub(super) fn template_kind(self) -> Kind {
        match self {
            Self::Namespace => Kind::AimServiceTemplate,
            Self::Cluster => Kind::AimClusterServiceTemplate,
        }
    }

    /// As statuses write it.
    pub(super) fn resolution(self) -> ResolutionScope {
        match self {
            Self::Namespace => ResolutionScope::Namespace,
            Self::Cluster => ResolutionScope::Cluster,
        }
    }
}

/// An AIMModel or AIMClusterModel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Model<'a> {
    pub(super) scope: Scope,
    pub(super) metadata: &'a ObjectMeta,
    pub(super) spec: &'a AimModelSpec,
    pub(super) status: Option<&'a AimModelStatus>,
}

impl<'a> Model<'a> {
    /// The model in an object; `None` for other kinds, and without spec.
    pub(super) fn of(object: &'a Object) -> Option<Self> {
        match object {
            Object::AimModel(model) => Self::namespaced(model),
            Object::AimClusterModel(model) => Self::cluster(model),
            _ => None,
        }
    }

    /// The model of that name in a scope.
    pub(super) fn find(
        world: &'a World,
        scope: Scope,
        namespace: &str,
        name: &str,
    ) -> Option<Self> {
        Self::of(world.object(&ObjectKey::new(scope.model_kind(), namespace, name))?)
    }

    /// All models of a scope that have that image, by name.
    pub(super) fn with_image(
        world: &'a World,
        scope: Scope,
        namespace: &str,
        image: &str,
    ) -> Vec<Self> {
        match scope {
            Scope::Namespace => world
                .by_index::<AimModel>(namespace, Index::ModelImage, image)
                .into_iter()
                .filter_map(Self::namespaced)
                .collect(),
            Scope::Cluster => world
                .by_index::<AimClusterModel>("", Index::ModelImage, image)
                .into_iter()
                .filter_map(Self::cluster)
                .collect(),
        }
    }

    fn namespaced(model: &'a AimModel) -> Option<Self> {
        Some(Self {
            scope: Scope::Namespace,
            metadata: &model.metadata,
            spec: model.spec.as_ref()?,
            status: model.status.as_ref(),
        })
    }

    fn cluster(model: &'a AimClusterModel) -> Option<Self> {
        Some(Self {
            scope: Scope::Cluster,
            metadata: &model.metadata,
            spec: model.spec.as_ref()?,
            status: model.status.as_ref(),
        })
    }

    pub(super) fn name(&self) -> &'a str {
        self.metadata.name.as_deref().unwrap_or_default()
    }

    /// Its namespace; empty for cluster models.
    pub(super) fn namespace(&self) -> &'a str {
        self.metadata.namespace.as_deref().unwrap_or_default()
    }

    pub(super) fn key(&self) -> ObjectKey {
        ObjectKey::new(self.scope.model_kind(), self.namespace(), self.name())
    }

    /// Its overall status.
    pub(super) fn state(&self) -> Option<ObjectStatus> {
        self.status?.status
    }
}

/// An AIMServiceTemplate or AIMClusterServiceTemplate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Template<'a> {
    pub(super) scope: Scope,
    pub(super) metadata: &'a ObjectMeta,
    pub(super) spec: &'a AimServiceTemplateSpec,
    pub(super) status: Option<&'a AimServiceTemplateStatus>,
}

impl<'a> Template<'a> {
    /// The template in an object; `None` for other kinds, and without spec.
    pub(super) fn of(object: &'a Object) -> Option<Self> {
        match object {
            Object::AimServiceTemplate(template) => Self::namespaced(template),
            Object::AimClusterServiceTemplate(template) => Self::cluster(template),
            _ => None,
        }
    }

    /// The template of that name in a scope.
    pub(super) fn find(
        world: &'a World,
        scope: Scope,
        namespace: &str,
        name: &str,
    ) -> Option<Self> {
        Self::of(world.object(&ObjectKey::new(scope.template_kind(), namespace, name))?)
    }

    /// All templates of a scope whose modelName is that, by name.
    pub(super) fn of_model(
        world: &'a World,
        scope: Scope,
        namespace: &str,
        model: &str,
    ) -> Vec<Self> {
        match scope {
            Scope::Namespace => world
                .by_index::<AimServiceTemplate>(namespace, Index::TemplateModel, model)
                .into_iter()
                .filter_map(Self::namespaced)
                .collect(),
            Scope::Cluster => world
                .by_index::<AimClusterServiceTemplate>("", Index::TemplateModel, model)
                .into_iter()
                .filter_map(Self::cluster)
                .collect(),
        }
    }

    fn namespaced(template: &'a AimServiceTemplate) -> Option<Self> {
        Some(Self {
            scope: Scope::Namespace,
            metadata: &template.metadata,
            spec: template.spec.as_ref()?,
            status: template.status.as_ref(),
        })
    }

    fn cluster(template: &'a AimClusterServiceTemplate) -> Option<Self> {
        Some(Self {
            scope: Scope::Cluster,
            metadata: &template.metadata,
            spec: template.spec.as_ref()?,
            status: template.status.as_ref(),
        })
    }

    pub(super) fn name(&self) -> &'a str {
        self.metadata.name.as_deref().unwrap_or_default()
    }

    /// Its namespace; empty for cluster templates.
    pub(super) fn namespace(&self) -> &'a str {
        self.metadata.namespace.as_deref().unwrap_or_default()
    }

    pub(super) fn key(&self) -> ObjectKey {
        ObjectKey::new(self.scope.template_kind(), self.namespace(), self.name())
    }

    /// Its overall status.
    pub(super) fn state(&self) -> Option<ObjectStatus> {
        self.status?.status
    }

    pub(super) fn is_ready(&self) -> bool {
        self.state() == Some(ObjectStatus::Ready)
    }
}
