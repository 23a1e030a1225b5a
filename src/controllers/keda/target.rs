//! The workload that a ScaledObject scales.

use std::fmt;

use k8s_openapi::api::apps::v1::{Deployment, ReplicaSet, StatefulSet};
use k8s_openapi::api::core::v1::PodSpec;

use crate::api::keda::{ScaleTarget, ScaleTargetResource};
use crate::diag::field::go_quote;
use crate::inventory::{Kind, World};

/// Group, version, kind and resource of a workload. Displays as KEDA writes it: `apps/v1.Deployment`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaleTargetKind {
    group: String,
    version: String,
    kind: String,
    resource: String,
}

impl ScaleTargetKind {
    /// The kind that a reference means; without apiVersion `apps/v1`, without kind `Deployment`.
    ///
    /// # Errors
    /// The API knows no such kind, in its own words.
    pub fn of(target: &ScaleTarget) -> Result<Self, String> {
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let api_version = given(&target.api_version).unwrap_or_else(|| "apps/v1".to_owned());
        let kind = given(&target.kind).unwrap_or_else(|| "Deployment".to_owned());
        let (group, version) = api_version.split_once('/').unwrap_or(("", &api_version));
        let resource = if (group, version, kind.as_str()) == ("", "v1", "ReplicationController") {
            Some("replicationcontrollers")
        } else {
            Kind::of(&api_version, &kind).map(Kind::plural)
        };
        let Some(resource) = resource else {
            return Err(format!(
                "no matches for kind {} in version {}",
                go_quote(&kind),
                go_quote(&api_version)
            ));
        };
        Ok(Self {
            group: group.to_owned(),
            version: version.to_owned(),
            resource: resource.to_owned(),
            kind,
        })
    }

    /// The kind of an HPA's own reference.
    #[must_use]
    pub fn is(&self, api_version: Option<&str>, kind: &str) -> bool {
        let reference = ScaleTarget {
            api_version: api_version.map(str::to_owned),
            kind: Some(kind.to_owned()),
            ..ScaleTarget::default()
        };
        Self::of(&reference).as_ref() == Ok(self)
    }

    /// Its kind alone.
    #[must_use]
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// `group/version`, or the version alone for the core group.
    #[must_use]
    pub fn api_version(&self) -> String {
        if self.group.is_empty() {
            self.version.clone()
        } else {
            format!("{}/{}", self.group, self.version)
        }
    }

    /// As it stands in the ScaledObject's status.
    #[must_use]
    pub fn resource(&self) -> ScaleTargetResource {
        ScaleTargetResource {
            group: self.group.clone(),
            version: self.version.clone(),
            kind: self.kind.clone(),
            resource: self.resource.clone(),
        }
    }

    /// The API server's words for an object of this kind that is not there.
    #[must_use]
    pub fn not_found(&self, name: &str) -> String {
        let resource = match self.group.as_str() {
            "" => self.resource.clone(),
            group => format!("{}.{group}", self.resource),
        };
        format!("{resource} {} not found", go_quote(name))
    }

    /// Whether KEDA's webhook looks into this kind's pods.
    #[must_use]
    pub fn has_known_pods(&self) -> bool {
        matches!(self.kind.as_str(), "Deployment" | "StatefulSet") && self.group == "apps"
    }

    /// The pods of a workload of this kind.
    #[must_use]
    pub fn pod_spec<'a>(
        &self,
        world: &'a World,
        namespace: &str,
        name: &str,
    ) -> Option<&'a PodSpec> {
        let template = match self.kind.as_str() {
            "Deployment" => {
                &world
                    .get::<Deployment>(namespace, name)?
                    .spec
                    .as_ref()?
                    .template
            }
            "StatefulSet" => {
                &world
                    .get::<StatefulSet>(namespace, name)?
                    .spec
                    .as_ref()?
                    .template
            }
            _ => return None,
        };
        template.spec.as_ref()
    }

    /// The workload's replicas; `None` when it is not there, or cannot be scaled.
    #[must_use]
    pub fn replicas(&self, world: &World, namespace: &str, name: &str) -> Option<i32> {
        let replicas = match self.kind.as_str() {
            "Deployment" => {
                world
                    .get::<Deployment>(namespace, name)?
                    .spec
                    .as_ref()?
                    .replicas
            }
            "StatefulSet" => {
                world
                    .get::<StatefulSet>(namespace, name)?
                    .spec
                    .as_ref()?
                    .replicas
            }
            "ReplicaSet" => {
                world
                    .get::<ReplicaSet>(namespace, name)?
                    .spec
                    .as_ref()?
                    .replicas
            }
            _ => return None,
        };
        Some(replicas.unwrap_or(1))
    }
}

impl fmt::Display for ScaleTargetKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}.{}", self.group, self.version, self.kind)
    }
}
