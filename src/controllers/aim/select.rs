//! Which template of a model a service gets (AIM Engine 0.2.1, spec 2.5).

use super::view::{Scope, Template};
use crate::api::aim::{ObjectStatus, ProfileMetadata, ProfileType, ServiceOverrides};
use crate::controllers::{Considered, Decision};
use crate::diag::FieldPath;
use crate::inventory::{Gpus, World};
use crate::kube::gpu_model;

/// GPU models, best first.
const GPUS: [&str; 4] = ["MI325X", "MI300X", "MI250X", "MI210"];
/// Metrics, best first.
const METRICS: [&str; 2] = ["latency", "throughput"];
/// Precisions, best first.
const PRECISIONS: [&str; 7] = ["fp4", "int4", "fp8", "int8", "fp16", "bf16", "fp32"];
/// Profile types, best first.
const TYPES: [&str; 3] = ["optimized", "preview", "unoptimized"];

/// What became of a candidate; the operator computes these reasons and tells nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is not Ready.
    NotReady(Option<ObjectStatus>),
    /// It is not optimized, and the service does not allow that.
    Unoptimized,
    /// It does not agree with the service's overrides.
    OverridesNotMatched,
    /// Its GPU is not in the cluster.
    GpuNotInCluster,
    /// A namespaced candidate is left, so those of the cluster drop out.
    NamespacedPreferred,
    /// Another one ranks better.
    LowerRank,
    /// The best, and the only one at that rank.
    Best,
    /// One of several at the best rank: none of them is taken.
    Tied,
}

impl Verdict {
    /// The operator's word for it.
    pub(super) fn reason(self) -> &'static str {
        match self {
            Self::NotReady(state) => match state {
                Some(ObjectStatus::Pending) => "TemplatePending",
                Some(ObjectStatus::Progressing) => "TemplateProgressing",
                Some(ObjectStatus::NotAvailable) => "TemplateNotAvailable",
                Some(ObjectStatus::Degraded) => "TemplateDegraded",
                Some(ObjectStatus::Failed) => "TemplateFailed",
                _ => "TemplateNotReady",
            },
            Self::Unoptimized => "UnoptimizedTemplateFiltered",
            Self::OverridesNotMatched => "ServiceOverridesNotMatched",
            Self::GpuNotInCluster => "RequiredGPUNotInCluster",
            Self::NamespacedPreferred | Self::LowerRank => "LowerPreferenceRank",
            Self::Best => "BestMatch",
            Self::Tied => "TemplateSelectionAmbiguous",
        }
    }
}

/// One template that was looked at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'w> {
    pub(super) template: Template<'w>,
    pub(super) verdict: Verdict,
}

impl Candidate<'_> {
    /// What it is, for a table: type, GPUs, metric, precision.
    pub(super) fn summary(&self) -> String {
        let facts = Facts::of(&self.template);
        let gpu = match (facts.gpu.is_empty(), facts.gpu_count) {
            (true, 0) => "no GPU".to_owned(),
            (true, count) => format!("{count} x any GPU"),
            (false, 0) => facts.gpu.to_owned(),
            (false, count) => format!("{count} x {}", facts.gpu),
        };
        let or = |text: &str, none: &str| {
            if text.is_empty() {
                none.to_owned()
            } else {
                text.to_owned()
            }
        };
        [
            or(facts.profile_type, "no type"),
            gpu,
            or(facts.metric, "no metric"),
            or(facts.precision, "no precision"),
        ]
        .join(", ")
    }
}

/// The outcome of a selection.
#[derive(Debug, Clone)]
pub(super) struct Selection<'w> {
    /// The template taken.
    pub(super) chosen: Option<Template<'w>>,
    /// There are candidates, but none of them is Ready.
    pub(super) none_ready: bool,
    /// All candidates: namespaced ones first, then the cluster's, each by name.
    pub(super) candidates: Vec<Candidate<'w>>,
}

impl<'w> Selection<'w> {
    /// The candidates that tie at the best rank.
    pub(super) fn tied(&self) -> Vec<Template<'w>> {
        self.candidates
            .iter()
            .filter(|candidate| candidate.verdict == Verdict::Tied)
            .map(|candidate| candidate.template)
            .collect()
    }

    /// For `why`: every candidate with its reason.
    pub(super) fn decision(&self, model: &str) -> Decision {
        let outcome = match (self.chosen, self.candidates.is_empty()) {
            (Some(template), _) => format!("template {} is taken", template.name()),
            (None, true) => format!("no template names the model {model}"),
            (None, false) => format!("none of the templates of {model} is taken"),
        };
        Decision {
            topic: "template",
            outcome,
            considered: self
                .candidates
                .iter()
                .map(|candidate| Considered {
                    what: format!("{} ({})", candidate.template.name(), candidate.summary()),
                    object: Some(candidate.template.key()),
                    path: FieldPath::root(),
                    verdict: candidate.verdict.reason().to_owned(),
                })
                .collect(),
            rule: "AIM Engine 0.2.1: ready, optimized, as the overrides say, GPU there, namespaced first, then the best by type, GPU, metric, precision (spec 2.5)",
        }
    }
}

/// Selects among the templates of a namespace and of the cluster that name the model.
pub(super) fn select<'w>(
    world: &'w World,
    namespace: &str,
    model: &str,
    overrides: Option<&ServiceOverrides>,
    allow_unoptimized: bool,
) -> Selection<'w> {
    let gpus = Gpus::of(world);
    let namespaced = Template::of_model(world, Scope::Namespace, namespace, model);
    let cluster = Template::of_model(world, Scope::Cluster, "", model);
    let mut candidates: Vec<Candidate<'w>> = namespaced
        .into_iter()
        .chain(cluster)
        .map(|template| Candidate {
            template,
            verdict: filter(&template, overrides, allow_unoptimized, &gpus)
                .unwrap_or(Verdict::LowerRank),
        })
        .collect();
    let passed = |candidate: &Candidate<'_>| candidate.verdict == Verdict::LowerRank;
    let namespaced_left = candidates
        .iter()
        .any(|candidate| passed(candidate) && candidate.template.scope == Scope::Namespace);
    for candidate in &mut candidates {
        if passed(candidate) && namespaced_left && candidate.template.scope == Scope::Cluster {
            candidate.verdict = Verdict::NamespacedPreferred;
        }
    }
    let rank = |candidate: &Candidate<'_>| Facts::of(&candidate.template).rank();
    let best = candidates.iter().filter(|c| passed(c)).map(rank).min();
    let is_best = |candidate: &Candidate<'_>| passed(candidate) && Some(rank(candidate)) == best;
    let count = candidates.iter().filter(|c| is_best(c)).count();
    let mut chosen = None;
    for candidate in &mut candidates {
        if is_best(candidate) {
            candidate.verdict = if count == 1 {
                Verdict::Best
            } else {
                Verdict::Tied
            };
            if count == 1 {
                chosen = Some(candidate.template);
            }
        }
    }
    Selection {
        chosen,
        none_ready: !candidates.is_empty()
            && !candidates
                .iter()
                .any(|candidate| candidate.template.is_ready()),
        candidates,
    }
}

/// Why a template falls before the ranking.
fn filter(
    template: &Template<'_>,
    overrides: Option<&ServiceOverrides>,
    allow_unoptimized: bool,
    gpus: &Gpus,
) -> Option<Verdict> {
    let facts = Facts::of(template);
    if !template.is_ready() {
        Some(Verdict::NotReady(template.state()))
    } else if !allow_unoptimized && facts.profile_type != ProfileType::Optimized.as_str() {
        Some(Verdict::Unoptimized)
    } else if overrides.is_some_and(|overrides| !facts.matches(overrides)) {
        Some(Verdict::OverridesNotMatched)
    } else if facts.names_gpu && (facts.gpu.is_empty() || !gpus.may_have(facts.gpu)) {
        Some(Verdict::GpuNotInCluster)
    } else {
        None
    }
}

/// What selection looks at: metric and precision of the status's profile, else of the spec; GPU of the spec's hardware,
/// else of the profile; type of the profile only.
struct Facts<'a> {
    profile_type: &'a str,
    gpu: &'a str,
    /// A GPU is named, be it with blanks alone: such a name is no cluster's.
    names_gpu: bool,
    gpu_count: i32,
    metric: &'a str,
    precision: &'a str,
}

impl<'a> Facts<'a> {
    fn of(template: &Template<'a>) -> Self {
        let profile: Option<&'a ProfileMetadata> = template
            .status
            .and_then(|status| status.profile.as_ref()?.metadata.as_ref());
        let spec = template.spec;
        let gpu = spec.hardware.as_ref().and_then(|hw| hw.gpu.as_ref());
        let own_model = gpu
            .and_then(|gpu| gpu.model.as_deref())
            .filter(|model| !model.is_empty());
        let found_model = profile
            .and_then(|profile| profile.gpu.as_deref())
            .filter(|model| !model.trim().is_empty());
        let own_count = gpu.and_then(|gpu| gpu.requests).filter(|count| *count > 0);
        Self {
            profile_type: profile
                .and_then(|profile| profile.r#type)
                .map_or("", ProfileType::as_str),
            gpu: own_model.or(found_model).unwrap_or_default().trim(),
            names_gpu: own_model.or(found_model).is_some(),
            gpu_count: own_count
                .or_else(|| profile.and_then(|profile| profile.gpu_count))
                .unwrap_or_default(),
            metric: profile
                .and_then(|profile| profile.metric)
                .or(spec.metric)
                .map_or("", |metric| metric.as_str()),
            precision: profile
                .and_then(|profile| profile.precision)
                .or(spec.precision)
                .map_or("", |precision| precision.as_str()),
        }
    }

    /// A template without metric or precision matches no override of it; one without GPU matches any.
    fn matches(&self, overrides: &ServiceOverrides) -> bool {
        let gpu = overrides.hardware.as_ref().and_then(|hw| hw.gpu.as_ref());
        let model = gpu.and_then(|gpu| gpu.model.as_deref()).unwrap_or_default();
        let count = gpu.and_then(|gpu| gpu.requests).unwrap_or_default();
        overrides
            .metric
            .is_none_or(|metric| metric.as_str() == self.metric)
            && overrides
                .precision
                .is_none_or(|precision| precision.as_str() == self.precision)
            && (model.is_empty()
                || !self.names_gpu
                || gpu_model::normalize(model) == gpu_model::normalize(self.gpu))
            && (count <= 0 || self.gpu_count <= 0 || count == self.gpu_count)
    }

    fn rank(&self) -> Rank {
        rank(self.profile_type, self.gpu, self.metric, self.precision)
    }
}

/// A place in the order of preference; the smallest is best.
pub(super) type Rank = [usize; 4];

/// Ranks by type, GPU, metric, precision, in that order. What no list holds ranks last, nothing included; case does not
/// matter, and the GPU's text is not normalised. The number of GPUs does not count.
pub(super) fn rank(profile_type: &str, gpu: &str, metric: &str, precision: &str) -> Rank {
    let place = |value: &str, order: &[&str]| {
        order
            .iter()
            .position(|known| known.eq_ignore_ascii_case(value))
            .unwrap_or(order.len())
    };
    [
        place(profile_type, &TYPES),
        place(gpu, &GPUS),
        place(metric, &METRICS),
        place(precision, &PRECISIONS),
    ]
}
