//! What an artifact makes: RoleBinding, claim, Jobs (AIM Engine 0.2.1, spec 2.12).

use std::collections::BTreeMap;

use k8s_openapi::api::batch::v1::{Job, JobSpec};
use k8s_openapi::api::core::v1::{
    Container, EnvVar, PersistentVolumeClaim, PersistentVolumeClaimSpec,
    PersistentVolumeClaimVolumeSource, PodSecurityContext, PodSpec, PodTemplateSpec,
    SecurityContext, Volume, VolumeMount, VolumeResourceRequirements,
};
use k8s_openapi::api::rbac::v1::{RoleBinding, RoleRef, Subject};
use k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;

use super::super::child::aim_label;
use super::super::go_form;
use super::observe::{Observation, Size};
use crate::diag::{FieldPath, Segment};
use crate::inventory::Object;
use crate::kube::env;
use crate::kube::names::label;
use crate::kube::size::claim_storage;
use crate::kube::unknown::KNOWN_AFTER_APPLY;

/// The RoleBinding that lets download pods write statuses; one for each namespace.
pub(super) const ROLE_BINDING: &str = "aim-engine-artifact-status-updater";

/// The image of both Jobs where the artifact has none; the CRD's default is the same.
const DOWNLOAD_IMAGE: &str = "ghcr.io/silogen/aim-artifact-downloader:0.2.0";

/// Where the volume is mounted while it is filled.
const MOUNT_PATH: &str = "/cache";

/// KServe's user for storage.
const USER: i64 = 1000;

/// The namespace's RoleBinding; it has no owner.
pub(super) fn role_binding(namespace: &str) -> Object {
    Object::RoleBinding(RoleBinding {
        metadata: ObjectMeta {
            name: Some(ROLE_BINDING.to_owned()),
            namespace: Some(namespace.to_owned()),
            ..ObjectMeta::default()
        },
        role_ref: RoleRef {
            api_group: "rbac.authorization.k8s.io".to_owned(),
            kind: "ClusterRole".to_owned(),
            name: ROLE_BINDING.to_owned(),
        },
        subjects: Some(vec![Subject {
            kind: "ServiceAccount".to_owned(),
            name: "default".to_owned(),
            namespace: Some(namespace.to_owned()),
            api_group: None,
        }]),
    })
}

impl Observation<'_> {
    /// The claim. It is never changed later.
    pub(super) fn build_claim(&self, size: Size) -> Object {
        let mut labels = BTreeMap::from([(aim_label("cache.name"), self.key.name.clone())]);
        let own = self.artifact.metadata.labels.as_ref();
        let created = own.and_then(|labels| labels.get("template-created"));
        if created.is_some_and(|created| created == "true") {
            labels.insert(aim_label("cache.type"), "template-cache".to_owned());
        }
        let uri = self.spec.source_uri.as_str();
        let model = uri.split_once("://").map_or(uri, |(_, model)| model);
        if !model.is_empty() {
            labels.insert(aim_label("source-model"), label(model).unwrap_or_default());
        }
        let storage = match size {
            Size::Known(bytes) => claim_storage(bytes, self.headroom()),
            Size::Told | Size::Unknown => KNOWN_AFTER_APPLY.to_owned(),
        };
        let requests = BTreeMap::from([("storage".to_owned(), Quantity(storage))]);
        Object::PersistentVolumeClaim(PersistentVolumeClaim {
            metadata: self.metadata("cache", labels),
            spec: Some(PersistentVolumeClaimSpec {
                access_modes: Some(vec!["ReadWriteMany".to_owned()]),
                resources: Some(VolumeResourceRequirements {
                    requests: Some(requests),
                    limits: None,
                }),
                storage_class_name: self.storage_class(),
                ..PersistentVolumeClaimSpec::default()
            }),
            status: None,
        })
    }

    /// The artifact's storage class, else the runtime config's; none leaves it to the cluster's default.
    fn storage_class(&self) -> Option<String> {
        let own = go_form::text(&self.spec.storage_class_name);
        own.or_else(|| {
            let config = self.config.spec.as_ref()?;
            let storage = config.storage.as_ref();
            storage
                .and_then(|storage| storage.default_storage_class_name.clone())
                .or_else(|| config.default_storage_class_name.clone())
        })
        .filter(|class| !class.is_empty())
    }

    /// The Job that asks for the size.
    pub(super) fn check_size_job(&self) -> Object {
        let container = Container {
            name: "check-size".to_owned(),
            command: Some(vec!["/check-size.sh".to_owned()]),
            env: environment(&[], self.config_env(), &self.spec.env),
            ..self.container()
        };
        self.job("check-size", 300, container, None)
    }

    /// The Job that downloads into the claim's volume.
    pub(super) fn download_job(&self, size: Size) -> Object {
        let bytes = match size {
            Size::Known(bytes) => bytes.to_string(),
            Size::Told | Size::Unknown => KNOWN_AFTER_APPLY.to_owned(),
        };
        let fixed = [
            ("AIM_DOWNLOADER_PROTOCOL", "XET,HF_TRANSFER"),
            ("TMPDIR", "/tmp/"),
            ("HF_HOME", "/tmp/.hf"),
            ("EXPECTED_SIZE_BYTES", &bytes),
            ("MOUNT_PATH", MOUNT_PATH),
            ("ARTIFACT_NAME", &self.key.name),
            ("ARTIFACT_NAMESPACE", &self.key.namespace),
            ("STALL_TIMEOUT", "120"),
            ("TARGET_DIR", MOUNT_PATH),
        ]
        .map(|(name, value)| EnvVar {
            name: name.to_owned(),
            value: Some(value.to_owned()),
            value_from: None,
        });
        let container = Container {
            name: "model-download".to_owned(),
            env: environment(&fixed, self.config_env(), &self.spec.env),
            security_context: Some(SecurityContext {
                run_as_user: Some(USER),
                run_as_group: Some(USER),
                ..SecurityContext::default()
            }),
            volume_mounts: Some(vec![VolumeMount {
                name: "cache".to_owned(),
                mount_path: MOUNT_PATH.to_owned(),
                ..VolumeMount::default()
            }]),
            ..self.container()
        };
        let volume = Volume {
            name: "cache".to_owned(),
            persistent_volume_claim: Some(PersistentVolumeClaimVolumeSource {
                claim_name: self.name("cache"),
                read_only: None,
            }),
            ..Volume::default()
        };
        self.job("download", 600, container, Some(volume))
    }

    /// What the containers of both Jobs share.
    fn container(&self) -> Container {
        Container {
            image: Some(
                go_form::text(&self.spec.model_download_image)
                    .unwrap_or_else(|| DOWNLOAD_IMAGE.to_owned()),
            ),
            image_pull_policy: Some("IfNotPresent".to_owned()),
            args: Some(vec![self.spec.source_uri.clone()]),
            ..Container::default()
        }
    }

    fn job(
        &self,
        component: &str,
        seconds_after: i32,
        container: Container,
        volume: Option<Volume>,
    ) -> Object {
        let labels = BTreeMap::from([
            (aim_label("cache.name"), self.key.name.clone()),
            (aim_label("cache.type"), "artifact".to_owned()),
            (aim_label("component"), component.to_owned()),
        ]);
        let secrets = &self.spec.image_pull_secrets;
        let pod = PodSpec {
            restart_policy: Some("Never".to_owned()),
            security_context: Some(PodSecurityContext {
                run_as_user: Some(USER),
                run_as_group: Some(USER),
                run_as_non_root: Some(true),
                fs_group: volume.as_ref().map(|_| USER),
                ..PodSecurityContext::default()
            }),
            image_pull_secrets: (!secrets.is_empty()).then(|| secrets.clone()),
            containers: vec![container],
            volumes: volume.map(|volume| vec![volume]),
            ..PodSpec::default()
        };
        Object::Job(Job {
            metadata: self.metadata(component, labels.clone()),
            spec: Some(JobSpec {
                backoff_limit: Some(2),
                ttl_seconds_after_finished: Some(seconds_after),
                template: PodTemplateSpec {
                    metadata: Some(ObjectMeta {
                        labels: Some(labels),
                        ..ObjectMeta::default()
                    }),
                    spec: Some(pod),
                },
                ..JobSpec::default()
            }),
            status: None,
        })
    }

    fn metadata(&self, what: &str, labels: BTreeMap<String, String>) -> ObjectMeta {
        ObjectMeta {
            name: Some(self.name(what)),
            namespace: Some(self.key.namespace.clone()),
            labels: Some(labels),
            ..ObjectMeta::default()
        }
    }
}

/// Three layers, none of them merged as JSON.
fn environment(fixed: &[EnvVar], config: &[EnvVar], own: &[EnvVar]) -> Option<Vec<EnvVar>> {
    let merged = env::merge(&env::merge(fixed, config), own);
    (!merged.is_empty()).then(|| go_form::env(&merged))
}

/// The name of the variable that a path into a Job's container points at.
pub(super) fn variable_at<'o>(made: &'o Object, path: &FieldPath) -> Option<&'o str> {
    let Object::Job(job) = made else {
        return None;
    };
    let at = path
        .0
        .iter()
        .position(|segment| *segment == Segment::Key("env".to_owned()))?;
    let Segment::Index(index) = path.0.get(at + 1)? else {
        return None;
    };
    let container = job
        .spec
        .as_ref()?
        .template
        .spec
        .as_ref()?
        .containers
        .first()?;
    Some(container.env.as_ref()?.get(*index)?.name.as_str())
}
