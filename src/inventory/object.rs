//! Any object of the chain, typed.

use k8s_openapi::Metadata;
use k8s_openapi::api::{
    apps::v1::{Deployment, ReplicaSet, StatefulSet},
    autoscaling::v2::HorizontalPodAutoscaler,
    batch::v1::Job,
    core::v1::{
        ConfigMap, Namespace, Node, PersistentVolumeClaim, Pod, Secret, Service, ServiceAccount,
    },
    networking::v1::Ingress,
    policy::v1::PodDisruptionBudget,
    rbac::v1::RoleBinding,
    storage::v1::StorageClass,
};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use serde_json::Value;

use super::key::{Kind, ObjectKey};
use crate::api::aim::{
    AimArtifact, AimClusterModel, AimClusterModelSource, AimClusterRuntimeConfig,
    AimClusterServiceTemplate, AimModel, AimRuntimeConfig, AimService, AimServiceTemplate,
    AimTemplateCache,
};
use crate::api::gateway::HttpRoute;
use crate::api::keda::ScaledObject;
use crate::api::kserve::InferenceService;
use crate::api::otel::OpenTelemetryCollector;

/// The table of kinds: typed ones first, then those that only matter by being there.
macro_rules! kinds {
    ($then:ident) => {
        $then! {
            AimService { "aim.eai.amd.com", "v1alpha1", "AIMService", "aimservices", true }
            AimModel { "aim.eai.amd.com", "v1alpha1", "AIMModel", "aimmodels", true }
            AimClusterModel { "aim.eai.amd.com", "v1alpha1", "AIMClusterModel", "aimclustermodels", false }
            AimServiceTemplate { "aim.eai.amd.com", "v1alpha1", "AIMServiceTemplate", "aimservicetemplates", true }
            AimClusterServiceTemplate { "aim.eai.amd.com", "v1alpha1", "AIMClusterServiceTemplate", "aimclusterservicetemplates", false }
            AimTemplateCache { "aim.eai.amd.com", "v1alpha1", "AIMTemplateCache", "aimtemplatecaches", true }
            AimArtifact { "aim.eai.amd.com", "v1alpha1", "AIMArtifact", "aimartifacts", true }
            AimRuntimeConfig { "aim.eai.amd.com", "v1alpha1", "AIMRuntimeConfig", "aimruntimeconfigs", true }
            AimClusterRuntimeConfig { "aim.eai.amd.com", "v1alpha1", "AIMClusterRuntimeConfig", "aimclusterruntimeconfigs", false }
            AimClusterModelSource { "aim.eai.amd.com", "v1alpha1", "AIMClusterModelSource", "aimclustermodelsources", false }
            InferenceService { "serving.kserve.io", "v1beta1", "InferenceService", "inferenceservices", true }
            ScaledObject { "keda.sh", "v1alpha1", "ScaledObject", "scaledobjects", true }
            OpenTelemetryCollector { "opentelemetry.io", "v1beta1", "OpenTelemetryCollector", "opentelemetrycollectors", true }
            HttpRoute { "gateway.networking.k8s.io", "v1", "HTTPRoute", "httproutes", true }
            Deployment { "apps", "v1", "Deployment", "deployments", true }
            ReplicaSet { "apps", "v1", "ReplicaSet", "replicasets", true }
            StatefulSet { "apps", "v1", "StatefulSet", "statefulsets", true }
            HorizontalPodAutoscaler { "autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true }
            Job { "batch", "v1", "Job", "jobs", true }
            ConfigMap { "", "v1", "ConfigMap", "configmaps", true }
            Namespace { "", "v1", "Namespace", "namespaces", false }
            Node { "", "v1", "Node", "nodes", false }
            PersistentVolumeClaim { "", "v1", "PersistentVolumeClaim", "persistentvolumeclaims", true }
            Pod { "", "v1", "Pod", "pods", true }
            Secret { "", "v1", "Secret", "secrets", true }
            Service { "", "v1", "Service", "services", true }
            ServiceAccount { "", "v1", "ServiceAccount", "serviceaccounts", true }
            Ingress { "networking.k8s.io", "v1", "Ingress", "ingresses", true }
            PodDisruptionBudget { "policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", true }
            RoleBinding { "rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings", true }
            StorageClass { "storage.k8s.io", "v1", "StorageClass", "storageclasses", false }
            Gateway { "gateway.networking.k8s.io", "v1", "Gateway", "gateways", true }
            ValidatingAdmissionPolicy { "admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicy", "validatingadmissionpolicies", false }
            ValidatingAdmissionPolicyBinding { "admissionregistration.k8s.io", "v1", "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", false }
        }
    };
}
pub(super) use kinds;

/// An object whose fields beyond the metadata nobody computes with.
#[derive(Debug, Clone, PartialEq)]
pub struct OtherObject {
    /// Its kind.
    pub kind: Kind,
    /// Its metadata.
    pub metadata: ObjectMeta,
    /// The whole object as it was given.
    pub value: Value,
}

/// A kind that has a typed variant in [`Object`].
pub trait Typed: Metadata<Ty = ObjectMeta> + Sized {
    /// Its kind.
    const TYPED_KIND: Kind;

    /// The typed object inside, when it is of this kind.
    fn of(object: &Object) -> Option<&Self>;
}

macro_rules! define_object {
    ($($kind:ident)*) => {
        /// Any object of the chain.
        #[derive(Debug, Clone, PartialEq)]
        #[expect(missing_docs, reason = "each variant is the kind of that name")]
        #[expect(clippy::large_enum_variant, reason = "objects live in the World behind one Arc each")]
        pub enum Object {
            $($kind($kind),)*
            Other(OtherObject),
        }

        impl Object {
            /// Its kind.
            #[must_use]
            pub fn kind(&self) -> Kind {
                match self {
                    $(Self::$kind(_) => Kind::$kind,)*
                    Self::Other(other) => other.kind,
                }
            }

            /// Its metadata.
            #[must_use]
            pub fn metadata(&self) -> &ObjectMeta {
                match self {
                    $(Self::$kind(object) => object.metadata(),)*
                    Self::Other(other) => &other.metadata,
                }
            }

            /// Its metadata, to be changed.
            pub fn metadata_mut(&mut self) -> &mut ObjectMeta {
                match self {
                    $(Self::$kind(object) => object.metadata_mut(),)*
                    Self::Other(other) => &mut other.metadata,
                }
            }

            /// The object as JSON, apiVersion and kind included.
            #[must_use]
            pub fn to_value(&self) -> Value {
                let value = match self {
                    $(Self::$kind(object) => serde_json::to_value(object),)*
                    Self::Other(other) => return other.value.clone(),
                };
                // The shapes hold only maps with text keys and finite numbers, so this cannot fail.
                let mut value = value.unwrap_or_default();
                if matches!(self.kind().group(), "" | "apps" | "batch") {
                    drop_empty_references(&mut value);
                }
                if let Some(map) = value.as_object_mut() {
                    map.insert("apiVersion".to_owned(), Value::String(self.kind().api_version()));
                    map.insert("kind".to_owned(), Value::String(self.kind().as_str().to_owned()));
                }
                value
            }

            /// Reads an object of a kind.
            ///
            /// # Errors
            /// The value does not have the shape of the kind.
            pub fn from_value(kind: Kind, value: Value) -> Result<Self, serde_json::Error> {
                Ok(match kind {
                    $(Kind::$kind => Self::$kind(serde_json::from_value(value)?),)*
                    _ => {
                        let metadata = value.get("metadata").cloned().unwrap_or_else(|| Value::Object(serde_json::Map::new()));
                        Self::Other(OtherObject { kind, metadata: serde_json::from_value(metadata)?, value })
                    }
                })
            }
        }

        $(
            impl From<$kind> for Object {
                fn from(object: $kind) -> Self {
                    Self::$kind(object)
                }
            }

            impl Typed for $kind {
                const TYPED_KIND: Kind = Kind::$kind;

                fn of(object: &Object) -> Option<&Self> {
                    match object {
                        Object::$kind(object) => Some(object),
                        _ => None,
                    }
                }
            }
        )*
    };
}

define_object! {
    AimService AimModel AimClusterModel AimServiceTemplate AimClusterServiceTemplate AimTemplateCache AimArtifact
    AimRuntimeConfig AimClusterRuntimeConfig AimClusterModelSource
    InferenceService ScaledObject OpenTelemetryCollector HttpRoute
    Deployment ReplicaSet StatefulSet HorizontalPodAutoscaler Job ConfigMap Namespace Node PersistentVolumeClaim Pod
    Secret Service ServiceAccount Ingress PodDisruptionBudget RoleBinding StorageClass
}

/// The kinds that have a status.
macro_rules! define_status {
    ($($kind:ident)*) => {
        impl Object {
            /// Whether it holds a status.
            #[must_use]
            pub fn has_status(&self) -> bool {
                match self {
                    $(Self::$kind(object) => object.status.is_some(),)*
                    _ => false,
                }
            }

            /// Takes the status out.
            pub fn clear_status(&mut self) {
                match self {
                    $(Self::$kind(object) => object.status = None,)*
                    _ => {}
                }
            }

            /// Takes over the status of another object of the same kind; whether that changed anything.
            pub fn take_status_of(&mut self, other: &Self) -> bool {
                match (self, other) {
                    $((Self::$kind(object), Self::$kind(other)) => {
                        let changed = object.status != other.status;
                        if changed {
                            object.status.clone_from(&other.status);
                        }
                        changed
                    })*
                    _ => false,
                }
            }
        }
    };
}

define_status! {
    AimService AimModel AimClusterModel AimServiceTemplate AimClusterServiceTemplate AimTemplateCache AimArtifact
    AimRuntimeConfig AimClusterRuntimeConfig AimClusterModelSource
    InferenceService ScaledObject OpenTelemetryCollector HttpRoute
    Deployment ReplicaSet StatefulSet HorizontalPodAutoscaler Job Namespace Node PersistentVolumeClaim Pod Service Ingress
}

impl Object {
    /// Its key.
    #[must_use]
    pub fn key(&self) -> ObjectKey {
        let metadata = self.metadata();
        ObjectKey::new(
            self.kind(),
            metadata.namespace.as_deref().unwrap_or_default(),
            metadata.name.as_deref().unwrap_or_default(),
        )
    }

    /// The typed object inside, when it is of that kind.
    #[must_use]
    pub fn typed<T: Typed>(&self) -> Option<&T> {
        T::of(self)
    }

    /// The value of a label.
    #[must_use]
    pub fn label(&self, key: &str) -> Option<&str> {
        self.metadata()
            .labels
            .as_ref()?
            .get(key)
            .map(String::as_str)
    }

    /// The value of an annotation.
    #[must_use]
    pub fn annotation(&self, key: &str) -> Option<&str> {
        self.metadata()
            .annotations
            .as_ref()?
            .get(key)
            .map(String::as_str)
    }
}

/// Takes empty names out of references to Secrets and ConfigMaps: built-in kinds are stored without them, while CRDs
/// have the empty name as default.
fn drop_empty_references(value: &mut Value) {
    const REFERENCES: [&str; 7] = [
        "configMap",
        "configMapKeyRef",
        "configMapRef",
        "imagePullSecrets",
        "secret",
        "secretKeyRef",
        "secretRef",
    ];
    let unname = |reference: &mut Value| {
        if let Some(map) = reference.as_object_mut()
            && map.get("name").and_then(Value::as_str) == Some("")
        {
            map.remove("name");
        }
    };
    match value {
        Value::Object(map) => {
            for (key, child) in map.iter_mut() {
                if REFERENCES.contains(&key.as_str()) {
                    match child.as_array_mut() {
                        Some(list) => list.iter_mut().for_each(unname),
                        None => unname(child),
                    }
                }
                drop_empty_references(child);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(drop_empty_references),
        _ => {}
    }
}
