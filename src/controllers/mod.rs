//! The controllers: pure functions of (one object, everything else that exists).
//!
//! A controller plans the writes of one pass. The engine carries them out in order, through admission, until one is
//! refused; then it asks the controller for the conclusion it draws: status and events.

pub mod aim;
pub mod keda;
pub mod kserve;
pub mod kubernetes;
pub mod otel;
mod owner;

use std::sync::Arc;

use crate::diag::{FieldPath, Finding, Refusal};
use crate::inventory::{Kind, Object, ObjectKey, World};
use std::fmt;

/// Who makes an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Creator {
    /// AIM Engine's controller of AIMServices.
    AimService,
    /// AIM Engine's controller of AIMModels.
    AimModel,
    /// AIM Engine's controller of AIMClusterModels.
    AimClusterModel,
    /// AIM Engine's controller of AIMServiceTemplates.
    AimServiceTemplate,
    /// AIM Engine's controller of AIMClusterServiceTemplates.
    AimClusterServiceTemplate,
    /// AIM Engine's controller of AIMTemplateCaches.
    AimTemplateCache,
    /// AIM Engine's controller of AIMArtifacts.
    AimArtifact,
    /// KServe's controller of InferenceServices.
    Kserve,
    /// KEDA's operator.
    Keda,
    /// The OpenTelemetry operator.
    OtelOperator,
    /// Kubernetes' own controllers, and the kubelet, storage and gateway that they need (taken as doing well).
    Kubernetes,
}

impl Creator {
    /// The program's name as a user knows it.
    #[must_use]
    pub fn product(self) -> &'static str {
        match self {
            Self::Kserve => "KServe",
            Self::Keda => "KEDA",
            Self::OtelOperator => "OpenTelemetry operator",
            Self::Kubernetes => "Kubernetes",
            _ => "AIM Engine",
        }
    }

    /// The stage that its objects belong to.
    #[must_use]
    pub fn stage(self) -> Stage {
        match self {
            Self::Kserve => Stage::Kserve,
            Self::Keda => Stage::Keda,
            Self::OtelOperator | Self::Kubernetes => Stage::Otel,
            _ => Stage::Aim,
        }
    }
}

/// A stage of the chain; `--stage` selects by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// AIM Engine's objects.
    Aim,
    /// KServe's objects.
    Kserve,
    /// KEDA's objects.
    Keda,
    /// The OpenTelemetry operator's objects, and the pods with their sidecars.
    Otel,
}

/// One write of a pass.
#[derive(Debug, Clone, PartialEq)]
pub enum Write {
    /// Server-side apply, not forced (AIM Engine): list-map duplicates and conflicts with other writers are refused.
    Apply(Arc<Object>),
    /// Create, or replace what the controller made before.
    Put(Arc<Object>),
    /// Change an object that somebody else made (a label, a finalizer, an owner).
    Touch(Arc<Object>),
    /// Delete.
    Delete(ObjectKey),
}

impl Write {
    /// The object that is written.
    #[must_use]
    pub fn key(&self) -> ObjectKey {
        match self {
            Self::Apply(object) | Self::Put(object) | Self::Touch(object) => object.key(),
            Self::Delete(key) => key.clone(),
        }
    }
}

/// An event that a controller leaves on an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// A warning, else normal.
    pub warning: bool,
    /// Its reason.
    pub reason: String,
    /// Its text.
    pub message: String,
    /// Its source component (`v1beta1Controllers`, `keda-operator`).
    pub source: &'static str,
}

/// A choice that a controller made, for `why`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// What was decided (`model`, `template`, `runtime config`, `cache`, `env`).
    pub topic: &'static str,
    /// The outcome, in one sentence.
    pub outcome: String,
    /// The candidates or layers looked at: what, verdict, reason.
    pub considered: Vec<Considered>,
    /// Which rule of the reference decides it ("AIM Engine 0.2.1: …", spec section).
    pub rule: &'static str,
}

/// One candidate or layer of a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Considered {
    /// The candidate, or the layer.
    pub what: String,
    /// The object it stands in, when there is one.
    pub object: Option<ObjectKey>,
    /// The field there.
    pub path: FieldPath,
    /// What became of it (`BestMatch`, `LowerPreferenceRank`, `overridden` …).
    pub verdict: String,
}

/// Something taken for granted because only the cluster knows it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assumption {
    /// What is assumed.
    pub text: String,
    /// What to do where it does not hold.
    pub settle: Option<String>,
}

impl fmt::Display for Assumption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)?;
        match &self.settle {
            Some(settle) => write!(f, " ({settle})"),
            None => Ok(()),
        }
    }
}

/// What a controller says besides its writes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Notes {
    /// What a user should know; replaced at each pass, so that only the last pass counts.
    pub findings: Vec<Finding>,
    /// The choices made.
    pub decisions: Vec<Decision>,
    /// What was taken for granted.
    pub assumptions: Vec<Assumption>,
}

impl Notes {
    /// Takes in what was said later.
    pub fn extend(&mut self, later: Self) {
        self.findings.extend(later.findings);
        self.decisions.extend(later.decisions);
        self.assumptions.extend(later.assumptions);
    }
}

/// One pass of a controller over one object.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pass {
    /// The writes, in order; the first refusal ends the pass.
    pub writes: Vec<Write>,
    /// What the controller itself runs into after these writes.
    pub failure: Option<Refusal>,
    /// What it says besides.
    pub notes: Notes,
}

/// What ended a pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Stop {
    /// The write that was refused; `None` when the controller itself failed.
    pub write: Option<ObjectKey>,
    /// Why.
    pub refusal: Refusal,
}

/// What a controller concludes from a pass.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Conclusion {
    /// The object with its new status; only the status is taken.
    pub status: Option<Box<Object>>,
    /// Events on the object, in place of those of the pass before.
    pub events: Vec<Event>,
    /// More to say, now that it is known how the writes went.
    pub notes: Notes,
    /// The refusal that ended the pass, with the rule and the advice that fit what the controller was about, in place
    /// of the door's general ones. The refuser's text stays.
    pub refusal: Option<Refusal>,
}

/// Where a field of a made object came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldOrigin {
    /// The object it came from.
    pub object: ObjectKey,
    /// The field there.
    pub path: FieldPath,
    /// What happened on the way, with the rule's source ("KServe 0.16.0 writes …").
    pub note: String,
}

/// What of an object changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aspect {
    /// It is new, or gone.
    Existence,
    /// What is wanted of it, or its metadata.
    Spec,
    /// Its status, or the events on it.
    Status,
}

/// A controller.
pub trait Controller: Sync {
    /// Who it is.
    fn creator(&self) -> Creator;

    /// The kinds whose objects it reconciles.
    fn kinds(&self) -> &'static [Kind];

    /// Plans one pass over the object of that key, which is in the World.
    fn reconcile(&self, key: &ObjectKey, world: &World) -> Pass;

    /// Draws the conclusion once the writes were tried.
    fn conclude(
        &self,
        key: &ObjectKey,
        world: &World,
        pass: &Pass,
        stop: Option<&Stop>,
    ) -> Conclusion {
        let _ = (key, world, pass, stop);
        Conclusion::default()
    }

    /// What to say about an object of its kinds once everything is at rest, beside what the last pass said.
    fn remarks(&self, key: &ObjectKey, world: &World) -> Notes {
        let _ = (key, world);
        Notes::default()
    }

    /// Objects, beside the written one, its owner and what it was made from, to look at again when this one changed.
    fn wakes(&self, changed: &ObjectKey, aspect: Aspect, world: &World) -> Vec<ObjectKey> {
        let _ = (changed, aspect, world);
        Vec::new()
    }

    /// Where a field of an object that this controller made came from. Several origins: the decisive one first.
    fn origin_of(&self, made: &Object, path: &FieldPath, world: &World) -> Vec<FieldOrigin> {
        let _ = (made, path, world);
        Vec::new()
    }
}

/// Every controller, in the order of the chain.
pub static ALL: &[&dyn Controller] = &[
    aim::SERVICE,
    aim::MODEL,
    aim::CLUSTER_MODEL,
    aim::TEMPLATE,
    aim::CLUSTER_TEMPLATE,
    aim::TEMPLATE_CACHE,
    aim::ARTIFACT,
    &kserve::Kserve,
    &keda::Keda,
    &otel::OtelOperator,
    &kubernetes::Workloads,
    &kubernetes::Jobs,
    &kubernetes::Volumes,
    &kubernetes::Gateways,
];

/// The controllers of a kind.
pub fn of(kind: Kind) -> impl Iterator<Item = &'static dyn Controller> {
    ALL.iter()
        .copied()
        .filter(move |controller| controller.kinds().contains(&kind))
}

/// The controller of that name.
#[must_use]
pub fn by(creator: Creator) -> Option<&'static dyn Controller> {
    ALL.iter()
        .copied()
        .find(|controller| controller.creator() == creator)
}
