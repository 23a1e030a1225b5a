//! The controller of AIMArtifacts: the volume for one source of weights and the Jobs that fill it (AIM Engine 0.2.1,
//! spec 2.12).

mod objects;

use std::sync::Arc;

use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{EnvVar, PersistentVolumeClaim};
use k8s_openapi::api::rbac::v1::RoleBinding;

use super::child::{self, is_paused};
use super::health::{Conditions, Health, Side, judge, observed};
use super::names;
use super::runtime_config::{self, Resolved};
use crate::api::Quantity;
use crate::api::aim::{
    AimArtifact, AimArtifactSpec, AimArtifactStatus, CacheMode, DownloadProgress, ObjectStatus,
};
use crate::controllers::{
    Assumption, Conclusion, Controller, Creator, FieldOrigin, Pass, Stop, Write,
};
use crate::diag::FieldPath;
use crate::inventory::{Installed, Kind, Object, ObjectKey, World};
use crate::kube::quantity;
use crate::kube::size::human;
use crate::kube::unknown::{KNOWN_AFTER_APPLY, Uid, is_unknown};

/// AIM Engine's controller of AIMArtifacts.
pub(super) struct ArtifactController;

/// Extra space on a volume, in per cent, where no runtime config says otherwise.
const DEFAULT_HEADROOM: i32 = 10;

/// How much an artifact holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Size {
    /// A check-size Job has yet to tell.
    Unknown,
    /// It is known in the cluster, and not here.
    Told,
    /// In bytes.
    Known(i64),
}

/// What one pass over an artifact sees.
struct Observation<'w> {
    key: ObjectKey,
    artifact: &'w AimArtifact,
    spec: &'w AimArtifactSpec,
    status: AimArtifactStatus,
    uid: Uid,
    config: Resolved,
    claim: Option<&'w PersistentVolumeClaim>,
    role_binding: Option<&'w RoleBinding>,
    check_size: Option<&'w Job>,
    download: Option<&'w Job>,
    /// AIM Engine does not run in the cluster: whoever applies the output makes the claim.
    applied_by_user: bool,
}

impl<'w> Observation<'w> {
    fn of(key: &ObjectKey, world: &'w World) -> Option<Self> {
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

    fn name(&self, what: &str) -> String {
        names::of_artifact(&self.key.name, what, &self.uid)
    }

    /// Whether a check-size Job is needed, or has been.
    fn checks_size(&self) -> bool {
        self.spec_size() == Some(0) && self.status.discovered_size_bytes.is_none()
    }

    /// Whether it gets no volume: without AIM Engine whoever applies the output makes the claim, which needs a size
    /// (spec 8.2). Each pod then downloads its weights by itself.
    fn has_no_volume(&self) -> bool {
        self.applied_by_user && !matches!(self.size(), Size::Known(_)) && self.claim.is_none()
    }

    /// What is said of an artifact without volume.
    fn assumption(&self) -> Assumption {
        Assumption {
            text: format!(
                "each pod downloads {} itself: its size is not known offline, so no cache volume is rendered",
                self.spec.source_uri
            ),
            settle: Some("say it in modelSources, or give the AIMArtifact with --facts".to_owned()),
        }
    }

    /// The size in the spec, in bytes; `None` when it is known in the cluster only.
    fn spec_size(&self) -> Option<i64> {
        let text = self.spec.size.as_ref().map_or("0", Quantity::as_str);
        if is_unknown(text) {
            return None;
        }
        quantity::Quantity::parse(text)
            .ok()
            .map(|size| size.value())
    }

    fn size(&self) -> Size {
        match (self.spec_size(), self.status.discovered_size_bytes) {
            (None, _) => Size::Told,
            (Some(0), Some(bytes)) => Size::Known(bytes),
            (Some(0), None) if self.check_size.is_some_and(observed::job_succeeded) => Size::Told,
            (Some(0), None) => Size::Unknown,
            (Some(bytes), _) => Size::Known(bytes),
        }
    }

    fn headroom(&self) -> i32 {
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
    fn config_env(&self) -> &[EnvVar] {
        self.config.spec.as_ref().map_or(&[], |config| &config.env)
    }

    fn is_ready(&self) -> bool {
        self.status.status == Some(ObjectStatus::Ready)
    }

    fn components(&self) -> Vec<Health> {
        let mut components = vec![self.config.health(Side::Upstream)];
        if self.has_no_volume() {
            return components;
        }
        let job = |components: &mut Vec<Health>, component, pods, job: Option<&Job>| {
            components.push(observed::job(component, job));
            // Its pod was seen ready while it ran.
            if job.is_some_and(observed::job_succeeded) {
                components.push(Health::new(
                    pods,
                    Side::Downstream,
                    ObjectStatus::Ready,
                    "PodsReady",
                    "Pods are ready",
                ));
            }
        };
        if self.checks_size() {
            job(
                &mut components,
                "CheckSizeJob",
                "CheckSizeJobPods",
                self.check_size,
            );
        }
        if self.size() != Size::Unknown {
            components.push(observed::claim("CachePvc", self.claim));
            if !self.is_ready() {
                job(
                    &mut components,
                    "DownloadJob",
                    "DownloadJobPods",
                    self.download,
                );
            }
        }
        components
    }

    /// What to make now: owned objects and those that outlive the artifact.
    fn plan(&self) -> (Option<Object>, Option<Object>) {
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

    /// Its status as far as no write is concerned, and whether the pass may write.
    fn judged(&self) -> (AimArtifactStatus, bool) {
        let mut status = self.status.clone();
        let mut conditions = Conditions(std::mem::take(&mut status.conditions));
        let verdict = judge(&mut conditions, &self.components(), |conditions| {
            self.decorate(&mut status, conditions);
        });
        status.conditions = conditions.0;
        status.status = Some(verdict.status);
        (status, verdict.applies)
    }

    fn decorate(&self, status: &mut AimArtifactStatus, conditions: &mut Conditions) {
        let owners = self.artifact.metadata.owner_references.as_deref();
        status.mode = Some(match owners {
            Some([_, ..]) => CacheMode::Dedicated,
            _ => CacheMode::Shared,
        });
        status.display_size = match self.size() {
            Size::Unknown => status.display_size.take(),
            Size::Told => Some(KNOWN_AFTER_APPLY.to_owned()),
            Size::Known(bytes) => {
                human(bytes).or_else(|| Some(self.spec.size.clone().unwrap_or_default().0))
            }
        };
        if let Some(claim) = self.claim {
            let requests = claim
                .spec
                .as_ref()
                .and_then(|spec| spec.resources.as_ref()?.requests.as_ref());
            if status.allocated_size.is_none() {
                let storage = requests.and_then(|requests| requests.get("storage"));
                status.allocated_size = storage.map(|storage| Quantity(storage.0.clone()));
                status.headroom_percent = Some(self.headroom());
            }
            if status.persistent_volume_claim.is_none() {
                status
                    .persistent_volume_claim
                    .clone_from(&claim.metadata.name);
            }
        }
        self.decorate_download(status, conditions);
    }

    fn decorate_download(&self, status: &mut AimArtifactStatus, conditions: &mut Conditions) {
        const TYPE: &str = "DownloadComplete";
        let Some(job) = self.download else {
            return;
        };
        let percentage = status
            .progress
            .as_ref()
            .and_then(|progress| progress.percentage);
        let downloaded = percentage.is_some_and(|percentage| percentage >= 100);
        if observed::job_succeeded(job) {
            conditions.set(TYPE, true, "Verified", "Download and verification complete");
            let bytes = match self.size() {
                Size::Known(bytes) => Some(bytes),
                Size::Told | Size::Unknown => None,
            };
            status.progress = Some(DownloadProgress {
                total_bytes: bytes,
                downloaded_bytes: bytes,
                percentage: Some(100),
                display_percentage: Some("100 %".to_owned()),
            });
            if let Some(download) = &mut status.download {
                download.message = Some("Complete".to_owned());
            }
        } else if observed::job_failed(job) {
            let (reason, message) = if downloaded {
                (
                    "VerificationFailed",
                    "Download completed but verification failed",
                )
            } else {
                ("Downloading", "Download failed before completion")
            };
            conditions.set(TYPE, false, reason, message);
            let progress = status.progress.get_or_insert_default();
            progress.display_percentage = Some("N/A".to_owned());
        } else if downloaded {
            conditions.set(
                TYPE,
                true,
                "Verifying",
                "Download complete, verifying integrity...",
            );
        } else {
            conditions.set(TYPE, false, "Downloading", "Download in progress");
        }
    }
}

impl Controller for ArtifactController {
    fn creator(&self) -> Creator {
        Creator::AimArtifact
    }

    fn kinds(&self) -> &'static [Kind] {
        &[Kind::AimArtifact]
    }

    fn reconcile(&self, key: &ObjectKey, world: &World) -> Pass {
        let mut pass = Pass::default();
        let Some(object) = world.object(key).filter(|object| !is_paused(object)) else {
            return pass;
        };
        let Some(observation) = Observation::of(key, world).filter(|o| !o.config.panics) else {
            return pass;
        };
        if observation.has_no_volume() {
            pass.notes.assumptions.push(observation.assumption());
        }
        let (_, applies) = observation.judged();
        if !applies {
            return pass;
        }
        let (owned, unowned) = observation.plan();
        let config = observation.config.spec.as_ref();
        for (planned, is_owned) in [(owned, true), (unowned, false)] {
            let Some(mut planned) = planned else { continue };
            child::add_labels(&mut planned, object, self.creator(), config);
            if is_owned {
                child::own(&mut planned, object, world);
            }
            pass.writes.push(Write::Apply(Arc::new(planned)));
        }
        pass
    }

    fn conclude(
        &self,
        key: &ObjectKey,
        world: &World,
        pass: &Pass,
        stop: Option<&Stop>,
    ) -> Conclusion {
        let mut conclusion = Conclusion::default();
        let Some(object) = world.object(key).filter(|object| !is_paused(object)) else {
            return conclusion;
        };
        if !object.has_status() && !pass.writes.is_empty() && stop.is_none() {
            return conclusion;
        }
        let Some(observation) = Observation::of(key, world).filter(|o| !o.config.panics) else {
            return conclusion;
        };
        let (mut status, _) = observation.judged();
        if let Some(stop) = stop
            && let Some(written) = &stop.write
        {
            let mut conditions = Conditions(std::mem::take(&mut status.conditions));
            let owned = written.kind != Kind::RoleBinding;
            conditions.apply_failed(&child::apply_error(owned, written, &stop.refusal));
            status.conditions = conditions.0;
        }
        let mut object = object.clone();
        if let Object::AimArtifact(artifact) = &mut object {
            artifact.status = Some(status);
        }
        conclusion.status = Some(Box::new(object));
        conclusion
    }

    fn origin_of(&self, made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
        origin_of(made, path, world)
    }
}

/// Where a field of a claim or Job came from.
fn origin_of(made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
    let metadata = made.metadata();
    let namespace = metadata.namespace.as_deref().unwrap_or_default();
    let Some(name) = made.label(&child::aim_label("artifact.name")) else {
        return Vec::new();
    };
    let key = ObjectKey::new(Kind::AimArtifact, namespace, name);
    let Some(observation) = Observation::of(&key, world) else {
        return Vec::new();
    };
    let text = path.to_string();
    let from = |field: &str| {
        vec![FieldOrigin {
            object: key.clone(),
            path: FieldPath::parse(field),
            note: "AIM Engine 0.2.1 makes it from the artifact (spec 2.12)".to_owned(),
        }]
    };
    if text.starts_with("spec.storageClassName") {
        return from("spec.storageClassName");
    }
    if text.starts_with("spec.resources") {
        return from("spec.size");
    }
    if text.ends_with("].image") {
        return from("spec.modelDownloadImage");
    }
    if text.contains("imagePullSecrets") {
        return from("spec.imagePullSecrets");
    }
    if text.contains(".args") {
        return from("spec.sourceUri");
    }
    let Some(variable) = objects::variable_at(made, path) else {
        return from("");
    };
    let own = observation
        .spec
        .env
        .iter()
        .position(|env| env.name == variable);
    let in_config = || {
        let object = observation
            .config
            .namespaced
            .clone()
            .or(observation.config.cluster.clone())?;
        let index = observation
            .config_env()
            .iter()
            .position(|env| env.name == variable)?;
        Some(FieldOrigin {
            object,
            path: FieldPath::parse("spec.env").index(index),
            note: "AIM Engine 0.2.1 puts the runtime config's env into its Jobs (spec 2.12)"
                .to_owned(),
        })
    };
    match (own, in_config()) {
        (Some(index), _) => from(&format!("spec.env[{index}]")),
        (None, Some(origin)) => vec![origin],
        (None, None) => from(""),
    }
}
