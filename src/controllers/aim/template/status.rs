//! What the operator says of a template.

use super::super::health::{Conditions, judge};
use super::super::view::{Scope, Template};
use super::super::{child, go_form};
use super::discovery::{self, Outcome};
use super::gpu;
use super::health::failure;
use super::observe::Seen;
use crate::api::aim::{
    AimServiceTemplateStatus, DiscoveryState, GpuRequirements, Hardware, Profile, ProfileMetadata,
    ResolvedReference,
};
use crate::controllers::Stop;

impl Seen<'_> {
    pub(super) fn status(&self, stop: Option<&Stop>) -> AimServiceTemplateStatus {
        let spec = self.template.spec;
        let mut status = self.template.status.cloned().unwrap_or_default();
        let mut conditions = self.conditions();
        let verdict = judge(&mut conditions, &self.health(), |conditions| {
            self.decorate(&mut status, conditions);
        });
        if let Some(stop) = stop {
            let about = stop.write.clone().unwrap_or_else(|| self.template.key());
            conditions.apply_failed(&child::apply_error(true, &about, &stop.refusal));
        }
        if let Some(model) = &self.model {
            status.resolved_model = Some(ResolvedReference {
                name: Some(spec.model_name.clone()),
                namespace: (model.scope == Scope::Namespace).then(|| model.namespace().to_owned()),
                ..ResolvedReference::default()
            });
        }
        status.status = Some(verdict.status);
        status.conditions = conditions.0;
        status
    }

    /// What the template's status tells beside its health; for an inline template it is all in the spec.
    fn decorate(&self, status: &mut AimServiceTemplateStatus, conditions: &mut Conditions) {
        const DISCOVERED: &str = "Discovered";
        let spec = self.template.spec;
        if self.is_inline() {
            status.model_sources = go_form::sources(&spec.model_sources);
            status.profile = Some(profile_of_spec(&self.template));
            self.resolve_hardware(status, None);
            status.discovery = None;
            conditions.set(
                DISCOVERED,
                true,
                "InlineModelSources",
                "Model sources provided in-line in spec",
            );
            return;
        }
        if conditions
            .get(DISCOVERED)
            .is_some_and(|condition| condition.status == "True")
        {
            return;
        }
        let checked = self.checks_discovery();
        let job = match &self.outcome {
            Outcome::Running(job) | Outcome::Found(job, _) | Outcome::Failed(job) if checked => {
                Some(*job)
            }
            _ => None,
        };
        if let Some(job) = job {
            status.discovery_job = Some(ResolvedReference {
                name: job.metadata.name.clone(),
                namespace: job.metadata.namespace.clone(),
                ..ResolvedReference::default()
            });
        }
        match &self.outcome {
            Outcome::Failed(job) if checked => {
                status.discovery.get_or_insert_with(|| DiscoveryState {
                    attempts: Some(1),
                    last_failure_reason: Some(failure(job)),
                    ..DiscoveryState::default()
                });
            }
            Outcome::Found(_, profile) if checked => {
                status.model_sources = discovery::sources(profile);
                status.profile = Some(discovery::status_profile(profile));
                self.resolve_hardware(status, Some((profile.gpu_count, &profile.gpu_model)));
            }
            _ => {}
        }
        // The operator sets it to True after a success, and at once back.
        conditions.set(
            DISCOVERED,
            false,
            "AwaitingDiscovery",
            "Waiting for discovery to complete",
        );
    }

    /// Count and model from discovery, even against the spec; resource name, minVram and CPU from the spec. The node
    /// affinity always from the spec.
    fn resolve_hardware(
        &self,
        status: &mut AimServiceTemplateStatus,
        discovered: Option<(i32, &str)>,
    ) {
        let hardware = self.template.spec.hardware.as_ref().map(go_form::hardware);
        let own = hardware.as_ref().and_then(|hardware| hardware.gpu.clone());
        let (requests, model) = match discovered {
            Some((count, model)) => (Some(count), Some(model.to_owned())),
            None => own
                .as_ref()
                .map_or((None, None), |gpu| (gpu.requests, gpu.model.clone())),
        };
        let requests = requests.filter(|count| *count != 0);
        let model = go_form::text(&model);
        let named = own.as_ref().and_then(|gpu| gpu.resource_name.clone());
        let gpu = (requests.is_some_and(|count| count > 0) || model.is_some() || named.is_some())
            .then(|| GpuRequirements {
                requests,
                model,
                min_vram: own.and_then(|gpu| gpu.min_vram),
                // The CRD's default, in statuses, too.
                resource_name: named.or_else(|| Some("amd.com/gpu".to_owned())),
            });
        let cpu = hardware.and_then(|hardware| hardware.cpu);
        let resolved = (gpu.is_some() || cpu.is_some()).then_some(Hardware { gpu, cpu });
        status.hardware_summary = resolved.as_ref().map(summary);
        status.resolved_hardware = resolved;
        status.resolved_node_affinity = self.need.as_ref().and_then(gpu::Need::affinity);
    }
}

/// The profile of a template with inline sources, for which no discovery runs.
fn profile_of_spec(template: &Template<'_>) -> Profile {
    let gpu = template
        .spec
        .hardware
        .as_ref()
        .and_then(|hw| hw.gpu.as_ref());
    Profile {
        metadata: Some(ProfileMetadata {
            gpu: gpu.and_then(|gpu| go_form::text(&gpu.model)),
            gpu_count: gpu.and_then(|gpu| gpu.requests).filter(|count| *count != 0),
            metric: template.spec.metric,
            precision: template.spec.precision,
            r#type: template.spec.r#type,
            engine: None,
        }),
        ..Profile::default()
    }
}

/// `4 x MI300X`, `MI300X`, `1 x GPU` or `CPU`.
fn summary(hardware: &Hardware) -> String {
    let Some(gpu) = &hardware.gpu else {
        return "CPU".to_owned();
    };
    let count = gpu.requests.filter(|count| *count > 0);
    match (count, &gpu.model) {
        (Some(count), model) => {
            format!("{count} x {}", model.as_deref().unwrap_or("GPU"))
        }
        (None, Some(model)) => model.clone(),
        (None, None) => "CPU".to_owned(),
    }
}
