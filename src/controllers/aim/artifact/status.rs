//! What the operator says of an artifact.

use k8s_openapi::api::batch::v1::Job;

use super::super::health::{Conditions, Health, Side, judge, observed};
use super::observe::{Observation, Size};
use crate::api::Quantity;
use crate::api::aim::{AimArtifactStatus, CacheMode, DownloadProgress, ObjectStatus};
use crate::kube::size::human;
use crate::kube::unknown::KNOWN_AFTER_APPLY;

impl Observation<'_> {
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

    /// Its status as far as no write is concerned, and whether the pass may write.
    pub(super) fn judged(&self) -> (AimArtifactStatus, bool) {
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
