//! What makes a struct a Kubernetes resource.

/// A custom resource: its documentation, and the types of its parts.
pub trait CustomResource {
    /// What the kind is for, in the words of its struct's documentation.
    const DOC: &'static str;
    /// The type of `spec`.
    type Spec;
    /// The type of `status`.
    type Status;
}

/// Declares the struct of a custom resource: `metadata`, `spec`, `status`, and k8s-openapi's `Resource` and `Metadata`.
///
/// `spec` and `status` are optional because the API server stores objects without them.
macro_rules! custom_resource {
    ($(#[doc = $doc:literal])* $name:ident, $scope:ident, $group:literal, $version:literal, $kind:literal, $plural:literal, $spec:ty, $status:ty) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        pub struct $name {
            /// Name, namespace, labels, annotations, owners.
            #[serde(default)]
            pub metadata: k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta,
            /// What is wanted.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub spec: Option<$spec>,
            /// What the controller last saw.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub status: Option<$status>,
        }

        impl $crate::api::CustomResource for $name {
            const DOC: &'static str = concat!($($doc, "\n"),*);
            type Spec = $spec;
            type Status = $status;
        }

        impl k8s_openapi::Resource for $name {
            const API_VERSION: &'static str = concat!($group, "/", $version);
            const GROUP: &'static str = $group;
            const KIND: &'static str = $kind;
            const VERSION: &'static str = $version;
            const URL_PATH_SEGMENT: &'static str = $plural;
            type Scope = k8s_openapi::$scope;
        }

        impl k8s_openapi::Metadata for $name {
            type Ty = k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

            fn metadata(&self) -> &Self::Ty {
                &self.metadata
            }

            fn metadata_mut(&mut self) -> &mut Self::Ty {
                &mut self.metadata
            }
        }
    };
}
pub(crate) use custom_resource;
