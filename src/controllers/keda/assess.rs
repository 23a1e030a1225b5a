//! How far a pass over a ScaledObject gets (spec 4.1, "The controller, in this order").

use k8s_openapi::api::autoscaling::v2::MetricSpec;

use super::pause::Pause;
use super::scaler::{self, Asking, Scaler};
use super::{CHECK_FAILED, ScaleTargetKind, checks, hpa};
use crate::addon::SCALER_ADDRESS;
use crate::admission::names;
use crate::api::keda::{ScaledObject, ScaledObjectSpec, Trigger};
use crate::diag::FieldPath;
use crate::diag::field::go_quote;
use crate::inventory::{KserveConfig, World};
use crate::rules::{D305, D308, D309, Rule};

/// What KEDA finds out about a ScaledObject in one pass.
#[derive(Debug)]
pub(super) struct Assessment<'a> {
    /// What its annotations ask for.
    pub(super) pause: Pause,
    /// The workload's kind and replicas, once step 4 has passed.
    pub(super) target: Option<(ScaleTargetKind, i32)>,
    /// Step 6 has passed.
    pub(super) triggers_accepted: bool,
    /// The scaler of each trigger, once all could be built.
    pub(super) scalers: Vec<Scaler>,
    /// What it comes to.
    pub(super) course: Course<'a>,
}

/// What a pass comes to.
#[derive(Debug)]
pub(super) enum Course<'a> {
    /// Nothing is scaled and there is no HPA.
    Paused,
    /// A check fails.
    Fails(Failure),
    /// Its triggers are none that this tool knows.
    Foreign,
    /// There is an HPA.
    Scales(HpaPlan<'a>),
}

/// What an HPA is built from.
#[derive(Debug)]
pub(super) struct HpaPlan<'a> {
    pub(super) spec: &'a ScaledObjectSpec,
    pub(super) kind: ScaleTargetKind,
    pub(super) metrics: Vec<MetricSpec>,
}

/// A check that fails.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) rule: &'static Rule,
    pub(super) path: FieldPath,
    /// Which step, in KEDA's words.
    pub(super) prefix: &'static str,
    /// What was wrong, in KEDA's words.
    pub(super) text: String,
    /// Other events beside that of the failure: reason and text.
    pub(super) events: Vec<(&'static str, String)>,
}

impl Failure {
    /// The text of the condition and of the event.
    pub(super) fn message(&self) -> String {
        format!("{}: {}", self.prefix, self.text)
    }
}

/// The prefix of everything that goes wrong with the HPA.
pub(super) const HPA_PREFIX: &str = "failed to ensure HPA is correctly created for ScaledObject";
const LABEL_PREFIX: &str = "failed to update ScaledObject with scaledObjectName label";
const TARGET_PREFIX: &str = "ScaledObject doesn't have correct scaleTargetRef specification";
const BOUNDS_PREFIX: &str =
    "ScaledObject doesn't have correct Idle/Min/Max Replica Counts specification";
const TRIGGERS_PREFIX: &str = "ScaledObject doesn't have correct triggers specification";

impl<'a> Assessment<'a> {
    /// Goes through KEDA's steps until one ends the pass.
    pub(super) fn of(object: &'a ScaledObject, world: &World) -> Self {
        let mut assessment = Self {
            pause: Pause::of(object),
            target: None,
            triggers_accepted: false,
            scalers: Vec::new(),
            course: Course::Paused,
        };
        let namespace = object.metadata.namespace.as_deref().unwrap_or_default();
        let Some(spec) = &object.spec else {
            return assessment;
        };
        let kind = ScaleTargetKind::of(&spec.scale_target_ref);
        let replicas = kind
            .as_ref()
            .ok()
            .and_then(|kind| kind.replicas(world, namespace, &spec.scale_target_ref.name));
        // A count to hold is worked towards with an HPA of its own; once reached, the pass ends here.
        let reached = assessment.pause.replicas.is_none() || replicas == assessment.pause.replicas;
        if assessment.pause.all && (reached || replicas.is_none()) {
            return assessment;
        }
        assessment.course = match assessment.steps(object, spec, kind, replicas, world) {
            Ok(course) => course,
            Err(failure) => Course::Fails(failure),
        };
        assessment
    }

    fn steps(
        &mut self,
        object: &'a ScaledObject,
        spec: &'a ScaledObjectSpec,
        kind: Result<ScaleTargetKind, String>,
        replicas: Option<i32>,
        world: &World,
    ) -> Result<Course<'a>, Failure> {
        let namespace = object.metadata.namespace.as_deref().unwrap_or_default();
        let name = object.metadata.name.as_deref().unwrap_or_default();
        if let Some(text) = names::label_value(name).into_iter().next() {
            let quoted = go_quote(name);
            return Err(Failure {
                rule: &D305,
                path: FieldPath::parse("metadata.name"),
                prefix: LABEL_PREFIX,
                text: format!(
                    "ScaledObject.keda.sh {quoted} is invalid: metadata.labels: Invalid value: {quoted}: {text}"
                ),
                events: Vec::new(),
            });
        }
        let target = &spec.scale_target_ref.name;
        let kind = kind.map_err(|text| Failure {
            rule: &D308,
            path: FieldPath::parse("spec.scaleTargetRef.kind"),
            prefix: TARGET_PREFIX,
            events: vec![("ScaledObjectUpdateFailed", text.clone())],
            text,
        })?;
        let replicas = replicas.ok_or_else(|| Failure {
            rule: &D308,
            path: FieldPath::parse("spec.scaleTargetRef.name"),
            prefix: TARGET_PREFIX,
            text: kind.not_found(target),
            events: vec![(CHECK_FAILED, "Target resource doesn't exist".to_owned())],
        })?;
        self.target = Some((kind.clone(), replicas));
        let fails = |prefix, fault: checks::Fault| Failure {
            rule: fault.rule,
            path: fault.path,
            prefix,
            text: fault.text,
            events: Vec::new(),
        };
        if let Some(fault) = checks::bounds(spec) {
            return Err(fails(BOUNDS_PREFIX, fault));
        }
        let triggers: &[Trigger] = spec.triggers.as_deref().unwrap_or_default();
        if let Some(fault) = checks::triggers(triggers) {
            return Err(fails(TRIGGERS_PREFIX, fault));
        }
        self.triggers_accepted = true;
        let listens = listening(world);
        let asking = Asking {
            namespace,
            name,
            listens: &listens,
        };
        self.scalers = scaler::build(triggers, &asking).map_err(|unbuildable| Failure {
            rule: &D309,
            path: FieldPath::parse(&unbuildable.field),
            prefix: HPA_PREFIX,
            events: vec![("KEDAScalerFailed", unbuildable.text.clone())],
            text: unbuildable.text,
        })?;
        if self.scalers.contains(&Scaler::Foreign) {
            return Ok(Course::Foreign);
        }
        let mut metrics: Vec<MetricSpec> = self
            .scalers
            .iter()
            .filter_map(|scaler| match scaler {
                Scaler::Answers(metric) => Some(metric.as_ref().clone()),
                _ => None,
            })
            .collect();
        metrics.sort_by(|a, b| a.type_.cmp(&b.type_));
        Ok(Course::Scales(HpaPlan {
            spec,
            kind,
            metrics: hpa::with_formula(object, spec, metrics),
        }))
    }

    /// Whether the pass gets to step 3 and passes it.
    pub(super) fn reaches_label(&self) -> bool {
        match &self.course {
            Course::Paused => false,
            Course::Fails(failure) => failure.prefix != LABEL_PREFIX,
            Course::Foreign | Course::Scales(_) => true,
        }
    }
}

/// Where the add-on listens: its usual Service, and the address in KServe's configuration.
fn listening(world: &World) -> Vec<String> {
    let mut addresses = vec![SCALER_ADDRESS.to_owned()];
    if let Ok(section) = KserveConfig::of(world).collector()
        && let Some((host, _)) = section.metric_scaler_endpoint.rsplit_once(':')
    {
        let (_, port) = SCALER_ADDRESS.rsplit_once(':').unwrap_or_default();
        addresses.push(format!("{host}:{port}"));
    }
    addresses
}
