//! What a pass over an artifact sees, and what it makes.

use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{EnvVar, PersistentVolumeClaim};
use k8s_openapi::api::rbac::v1::RoleBinding;

use super::super::health::observed;
use super::super::names;
use super::super::runtime_config::{self, Resolved};
use super::objects;
use crate::api::Quantity;
use crate::api::aim::{AimArtifact, AimArtifactSpec, AimArtifactStatus, ObjectStatus};
use crate::controllers::Assumption;
use crate::inventory::{Installed, Object, ObjectKey, World};
use crate::kube::quantity;
use crate::kube::unknown::{Uid, is_unknown};

/// Extra space on a volume, in per cent, where no runtime config says otherwise.
const DEFAULT_HEADROOM: i32 = 10;

/// How much an artifact holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// A check-size Job has yet to tell.
    Unknown,
    /// It is known in the cluster, and not here.
    Told,
    /// In bytes.
    Known(i64),
}

/// What one pass over an artifact sees.
pub(super) struct Observation<'w> {
    pub(super) key: ObjectKey,
    pub(super) artifact: &'w AimArtifact,
    pub(super) spec: &'w AimArtifactSpec,
    pub(super) status: AimArtifactStatus,
    pub(super) uid: Uid,
    pub(super) config: Resolved,
    pub(super) claim: Option<&'w PersistentVolumeClaim>,
    pub(super) role_binding: Option<&'w RoleBinding>,
    pub(super) check_size: Option<&'w Job>,
    pub(super) download: Option<&'w Job>,
    /// AIM Engine does not run in the cluster: whoever applies the output makes the claim.
    pub(super) applied_by_user: bool,
}

impl<'w> Observation<'w> {
    pub(super) fn of(key: &ObjectKey, world: &'w World) -> Option<Self> {
        let artifact: &AimArtifact = world.get(&key.namespace, &key.name)?;
        let spec = artifact.spec.as_ref()?;
        let uid = world.uid(key);
        let name = |what| names::of_artifact(&key.name, what, &uid);
        let config_name = spec.runtime_config_name.as_deref();
        Some(Self {
            key: key.clone(),
            artifact,
            spec,
            status: artifact.status.clone().unwrap_or_default(),
            config: runtime_config::resolve(config_name, &key.namespace, world),
            claim: world.get(&key.namespace, &name("cache")),
            role_binding: world.get(&key.namespace, objects::ROLE_BINDING),
            check_size: world.get(&key.namespace, &name("check-size")),
            download: world.get(&key.namespace, &name("download")),
            applied_by_user: world.facts().installed != Installed::AimEngine,
            uid,
        })
    }

    pub(super) fn name(&self, what: &str) -> String {
        names::of_artifact(&self.key.name, what, &self.uid)
    }

    /// Whether a check-size Job is needed, or has been.
    pub(super) fn checks_size(&self) -> bool {
        self.spec_size() == Some(0) && self.status.discovered_size_bytes.is_none()
    }

    /// Whether it gets no volume: without AIM Engine whoever applies the output makes the claim, which needs a size
    /// (spec 8.2). Each pod then downloads its weights by itself.
    pub(super) fn has_no_volume(&self) -> bool {
        self.applied_by_user && !matches!(self.size(), Size::Known(_)) && self.claim.is_none()
    }

    /// What is said of an artifact without volume.
    pub(super) fn assumption(&self) -> Assumption {
        Assumption {
            text: format!(
                "each pod downloads {} itself: its size is not known offline, so no cache volume is rendered",
                self.spec.source_uri
            ),
            settle: Some("say it in modelSources, or give the AIMArtifact with --facts".to_owned()),
        }
    }

    /// The size in the spec, in bytes; `None` when it is known in the cluster only.
    pub(super) fn spec_size(&self) -> Option<i64> {
        let text = self.spec.size.as_ref().map_or("0", Quantity::as_str);
        if is_unknown(text) {
            return None;
        }
        quantity::Quantity::parse(text)
            .ok()
            .map(|size| size.value())
    }

    pub(super) fn size(&self) -> Size {
        match (self.spec_size(), self.status.discovered_size_bytes) {
            (None, _) => Size::Told,
            (Some(0), Some(bytes)) => Size::Known(bytes),
            (Some(0), None) if self.check_size.is_some_and(observed::job_succeeded) => Size::Told,
            (Some(0), None) => Size::Unknown,
            (Some(bytes), _) => Size::Known(bytes),
        }
    }

    pub(super) fn headroom(&self) -> i32 {
        let config = self.config.spec.as_ref();
        config
            .and_then(|config| {
                let storage = config.storage.as_ref();
                storage
                    .and_then(|storage| storage.pvc_headroom_percent)
                    .or(config.pvc_headroom_percent)
            })
            .unwrap_or(DEFAULT_HEADROOM)
    }

    /// The runtime config's variables.
    pub(super) fn config_env(&self) -> &[EnvVar] {
        self.config.spec.as_ref().map_or(&[], |config| &config.env)
    }

    pub(super) fn is_ready(&self) -> bool {
        self.status.status == Some(ObjectStatus::Ready)
    }

    /// What to make now: owned objects and those that outlive the artifact.
    pub(super) fn plan(&self) -> (Option<Object>, Option<Object>) {
        if self.has_no_volume() {
            return (None, None);
        }
        let role_binding = match self.role_binding {
            None => Some(objects::role_binding(&self.key.namespace)),
            Some(_) => None,
        };
        let owned = match self.size() {
            Size::Unknown if self.check_size.is_none() => Some(self.check_size_job()),
            Size::Unknown => None,
            size if self.claim.is_none() => Some(self.build_claim(size)),
            size => {
                let due =
                    !self.is_ready() && self.download.is_none() && self.role_binding.is_some();
                due.then(|| self.download_job(size))
            }
        };
        (owned, role_binding)
    }
}
