//! A simulation as data: what `-o json` prints, and what every picture is drawn from.

use schemars::JsonSchema;
use serde::Serialize;

use super::advice::{Advice, Setting, advise};
use super::analysis::Summary;
use super::chain::Run;
use super::constants::Unit;
use super::findings::{Finding, Kind, findings};
use super::fleet::Signal;
use super::hpa::Target;
use super::load::Load;
use super::scenario::{Delivery, Fixed, Scaling, Scenario};
use crate::diag::Level;

/// `apiVersion` of the report; what is added within v1 breaks nobody.
pub const API_VERSION: &str = "simulation.aimctl.dev/v1";

/// One or several simulations.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(title = "aimctl simulation v1")]
pub struct Report {
    /// `simulation.aimctl.dev/v1`.
    pub api_version: &'static str,
    /// `Simulation`.
    pub kind: &'static str,
    /// The load, in words.
    pub load: String,
    /// How long, in seconds.
    pub length: f64,
    /// One for each service; with `--compare` two for each, the old one first.
    pub services: Vec<ServiceReport>,
}

/// The simulation of one service. Times are seconds since the HPA was made.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ServiceReport {
    /// `namespace/name` of the AIMService.
    pub service: String,
    /// Which side of a comparison; empty without one.
    pub side: String,
    /// Services of one group are drawn into one picture.
    #[serde(skip)]
    pub group: usize,
    /// What moves the count.
    pub scaling: ScalingReport,
    /// Requests that a replica serves at once.
    pub capacity: u32,
    /// Seconds from a replica's creation until it serves.
    pub start_delay: f64,
    /// The run in numbers.
    pub summary: SummaryReport,
    /// What it shows, the worst first.
    pub findings: Vec<FindingReport>,
    /// What to write instead.
    pub advice: Vec<Advice>,
    /// What was taken for granted.
    pub assumptions: Vec<String>,
    /// Every change of the count.
    pub moves: Vec<MoveReport>,
    /// Every step of the HPA.
    pub steps: Vec<StepReport>,
    /// How it stood, at even distances.
    pub samples: Vec<SampleReport>,
    /// Every number that no manifest holds.
    pub constants: Vec<ConstantReport>,
}

/// What moves the count.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ScalingReport {
    /// `hpa`, `fixed`, `refused` or `cpu`.
    pub kind: &'static str,
    /// Why there is no HPA on the metric; empty when there is.
    pub reason: String,
    /// Replicas at the beginning.
    pub start: i32,
    /// Fewest replicas.
    pub min: i32,
    /// Most replicas.
    pub max: i32,
    /// The triggers, in order.
    pub triggers: Vec<TriggerReport>,
}

/// A trigger.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TriggerReport {
    /// The metric that the add-on is asked for; empty when its query cannot be read.
    pub metric: String,
    /// How the series are folded: sum, avg, min, max, count.
    pub aggregation: &'static str,
    /// What is made of each over two minutes.
    pub operation: &'static str,
    /// The target, per replica; none when the HPA has no metric for this trigger.
    pub target: Option<f64>,
    /// Why the metric never arrives, or never under these labels; empty when it does.
    pub problem: String,
}

/// A run in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SummaryReport {
    /// Fewest replicas wanted.
    pub fewest_replicas: i32,
    /// Most replicas wanted.
    pub most_replicas: i32,
    /// Their mean over time.
    pub mean_replicas: f64,
    /// Replicas times hours.
    pub replica_hours: f64,
    /// The greatest load, in requests in flight.
    pub peak_load: f64,
    /// Most requests that waited at once.
    pub longest_queue: f64,
    /// The queue is no longer than this during 95 % of the time.
    pub queue_p95: f64,
    /// Of all time that requests spend, the part that they wait.
    pub waiting_share: f64,
    /// 95 % of the requests wait no longer, in seconds.
    pub wait_p95: f64,
    /// How much of the ready replicas' capacity is used.
    pub utilisation: f64,
    /// How often the count turned.
    pub turns: usize,
    /// Seconds at the maximum while more was asked for.
    pub saturated: f64,
    /// Seconds in which only the down-scale window held the count up.
    pub held: f64,
}

/// One thing that a run shows.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FindingReport {
    /// What.
    pub kind: Kind,
    /// `error`, `warning` or `note`.
    pub level: Level,
    /// In words.
    pub message: String,
    /// From when, in seconds.
    pub from: Option<f64>,
    /// Until when.
    pub to: Option<f64>,
}

/// A change of the count.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct MoveReport {
    /// When, in seconds.
    pub t: f64,
    /// Before.
    pub from: i32,
    /// After.
    pub to: i32,
    /// `hpa` or `keda`.
    pub by: &'static str,
}

/// A step of the HPA.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StepReport {
    /// When, in seconds.
    pub t: f64,
    /// Replicas before it.
    pub replicas: i32,
    /// What each metric said, summed over the replicas; none where it could not be read.
    pub values: Vec<Option<f64>>,
    /// What the greatest of them asks for.
    pub proposal: Option<i32>,
    /// What was written.
    pub desired: i32,
    /// Reason of the condition AbleToScale.
    pub able: String,
    /// Reason of the condition ScalingActive, after `!` when it is False.
    pub active: String,
    /// Reason of the condition ScalingLimited, likewise.
    pub limited: String,
}

/// How it stood at a time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct SampleReport {
    /// When, in seconds.
    pub t: f64,
    /// Requests in flight.
    pub load: f64,
    /// Of them in service.
    pub running: f64,
    /// Of them waiting.
    pub waiting: f64,
    /// Replicas wanted.
    pub desired: i32,
    /// Replicas that serve.
    pub ready: i32,
}

/// A number that no manifest holds.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ConstantReport {
    /// Its name for `--set`.
    pub name: &'static str,
    /// Its value: seconds, or a plain number.
    pub value: f64,
    /// `seconds` or empty.
    pub unit: &'static str,
    /// Who fixes it, and where.
    pub source: &'static str,
}

/// What a report is made from.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Which side of a comparison; empty without one.
    pub side: &'a str,
    /// Services of one group are drawn into one picture.
    pub group: usize,
    /// The workload.
    pub scenario: &'a Scenario,
    /// What each trigger's metric shows.
    pub signals: &'a [Option<Signal>],
    /// What comes in.
    pub load: &'a Load,
    /// How long, in milliseconds.
    pub length: i64,
    /// How far apart the samples are, in milliseconds.
    pub every: i64,
    /// The queue that the advice is to hold.
    pub queue: f64,
    /// What was taken for granted.
    pub assumptions: &'a [String],
}

/// Plays a service and reports.
#[must_use]
pub fn report(request: &Request<'_>) -> ServiceReport {
    let scenario = request.scenario;
    let setting = Setting {
        scenario,
        signals: request.signals,
        load: request.load,
        length: request.length,
    };
    let run = setting.play(request.every);
    let summary = Summary::of(scenario, &run);
    let (min, max) = scenario.bounds();
    let (kind, reason) = match &scenario.scaling {
        Scaling::Keda(_) => ("hpa", ""),
        Scaling::Fixed(Fixed::Asked) => ("fixed", "no autoscaling was asked for"),
        Scaling::Fixed(Fixed::Refused(why)) => ("refused", why.as_str()),
        Scaling::Fixed(Fixed::Cpu(why)) => {
            ("cpu", why.as_deref().unwrap_or("the HPA scales on CPU"))
        }
    };
    let findings = findings(scenario, &run, &summary);
    ServiceReport {
        service: scenario.service.clone(),
        side: request.side.to_owned(),
        group: request.group,
        scaling: ScalingReport {
            kind,
            reason: reason.to_owned(),
            start: scenario.start,
            min,
            max,
            triggers: triggers(scenario),
        },
        capacity: scenario.replica.capacity,
        start_delay: seconds(scenario.replica.start_delay),
        findings: findings.into_iter().map(FindingReport::from).collect(),
        advice: advise(&setting, &run, &summary, request.queue)
            .into_iter()
            .collect(),
        summary: SummaryReport::from(summary),
        assumptions: request.assumptions.to_vec(),
        moves: moves(&run),
        steps: steps(&run),
        samples: samples(&run),
        constants: constants(scenario),
    }
}

fn triggers(scenario: &Scenario) -> Vec<TriggerReport> {
    let Some(keda) = scenario.keda() else {
        return Vec::new();
    };
    let mut targets = keda.hpa.targets.iter();
    keda.triggers
        .iter()
        .map(|trigger| {
            let target = trigger
                .metric
                .as_ref()
                .and_then(|_| targets.next())
                .map(|target| match target {
                    Target::Average(milli) | Target::Value(milli) => *milli as f64 / 1000.0,
                });
            let problem = match (&trigger.query, &trigger.delivery) {
                (Err(error), _) => error.to_string(),
                (_, Delivery::Never(why) | Delivery::OtherLabels(why)) => why.clone(),
                (_, Delivery::Pods) => String::new(),
            };
            let query = trigger.query.as_ref();
            TriggerReport {
                metric: query.map(|query| query.name.clone()).unwrap_or_default(),
                aggregation: query
                    .map(|query| query.aggregation)
                    .unwrap_or_default()
                    .name(),
                operation: trigger.operation.name(),
                target,
                problem,
            }
        })
        .collect()
}

fn moves(run: &Run) -> Vec<MoveReport> {
    run.moves
        .iter()
        .map(|shift| MoveReport {
            t: seconds(shift.time),
            from: shift.from,
            to: shift.to,
            by: if shift.by_keda { "keda" } else { "hpa" },
        })
        .collect()
}

fn steps(run: &Run) -> Vec<StepReport> {
    run.ticks
        .iter()
        .map(|tick| StepReport {
            t: seconds(tick.time),
            replicas: tick.replicas,
            values: tick
                .values
                .iter()
                .map(|value| value.map(|milli| milli as f64 / 1000.0))
                .collect(),
            proposal: tick.step.proposal,
            desired: tick.step.desired,
            able: tick
                .conditions
                .able
                .map(|c| c.to_string())
                .unwrap_or_default(),
            active: tick
                .conditions
                .active
                .map(|c| c.to_string())
                .unwrap_or_default(),
            limited: tick
                .conditions
                .limited
                .map(|c| c.to_string())
                .unwrap_or_default(),
        })
        .collect()
}

fn samples(run: &Run) -> Vec<SampleReport> {
    run.samples
        .iter()
        .map(|sample| SampleReport {
            t: seconds(sample.time),
            load: sample.requests.total,
            running: sample.requests.running,
            waiting: sample.requests.waiting,
            desired: sample.replicas,
            ready: sample.ready,
        })
        .collect()
}

fn constants(scenario: &Scenario) -> Vec<ConstantReport> {
    scenario
        .constants
        .table()
        .into_iter()
        .map(|constant| {
            let (value, unit) = match constant.unit {
                Unit::Duration | Unit::Period => (constant.value / 1000.0, "seconds"),
                Unit::Ratio => (constant.value, ""),
            };
            ConstantReport {
                name: constant.name,
                value,
                unit,
                source: constant.source,
            }
        })
        .collect()
}

impl From<Finding> for FindingReport {
    fn from(finding: Finding) -> Self {
        Self {
            kind: finding.kind,
            level: finding.level,
            message: finding.message,
            from: finding.from.map(seconds),
            to: finding.to.map(seconds),
        }
    }
}

impl From<Summary> for SummaryReport {
    fn from(summary: Summary) -> Self {
        Self {
            fewest_replicas: summary.fewest,
            most_replicas: summary.most,
            mean_replicas: summary.mean,
            replica_hours: summary.replica_hours,
            peak_load: summary.peak_load,
            longest_queue: summary.longest_queue,
            queue_p95: summary.queue_p95,
            waiting_share: summary.waiting_share,
            wait_p95: seconds(summary.wait_p95),
            utilisation: summary.utilisation,
            turns: summary.turns,
            saturated: seconds(summary.saturated),
            held: seconds(summary.held),
        }
    }
}

fn seconds(ms: i64) -> f64 {
    ms as f64 / 1000.0
}
