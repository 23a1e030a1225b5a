//! What to write instead, found by playing the same load with other numbers.

use serde::Serialize;

use super::analysis::Summary;
use super::chain::{Run, run};
use super::constants::format_duration;
use super::fleet::{Fleet, Signal};
use super::hpa::{Reason, Target};
use super::load::Load;
use super::scenario::{Scaling, Scenario};

/// What to do about a queue.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Advice {
    /// In words.
    pub message: String,
    /// The numbers to write; none when no numbers help.
    pub change: Option<Change>,
}

/// Other numbers, and what they would bring.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The trigger whose target is meant, from 0.
    pub trigger: usize,
    /// The target.
    pub target: i64,
    /// minReplicas.
    pub min_replicas: i32,
    /// maxReplicas.
    pub max_replicas: i32,
    /// The queue is then no longer than this during 95 % of the time.
    pub queue_p95: f64,
    /// Replicas times hours then.
    pub replica_hours: f64,
}

/// Everything that a run needs.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The workload.
    pub scenario: &'a Scenario,
    /// What each trigger's metric shows.
    pub signals: &'a [Option<Signal>],
    /// What comes in.
    pub load: &'a Load,
    /// How long, in milliseconds.
    pub length: i64,
}

impl Setting<'_> {
    /// Plays it, looking every `every` milliseconds.
    #[must_use]
    pub fn play(&self, every: i64) -> Run {
        let mut fleet = Fleet::new(self.scenario, self.signals, self.load);
        run(self.scenario, &mut fleet, self.length, every)
    }
}

/// How far apart a search looks at its runs.
const COARSE: i64 = 5_000;

/// How many targets a search tries for one pair of bounds.
const TRIES: i64 = 24;

/// The least change that keeps the queue below `queue` during 95 % of the time: another target, then more replicas at
/// most, then more at least. `None` where nothing needs to change or no trigger can be judged.
#[must_use]
pub fn advise(
    setting: &Setting<'_>,
    played: &Run,
    summary: &Summary,
    queue: f64,
) -> Option<Advice> {
    let keda = setting.scenario.keda()?;
    let trigger = decisive(played)?;
    let Target::Average(current) = *keda.hpa.targets.get(trigger)? else {
        return None;
    };
    let current = current / 1000;
    let (min, max) = (keda.hpa.min, keda.hpa.max);
    let needed =
        (summary.peak_load / f64::from(setting.scenario.replica.capacity.max(1))).ceil() as i32;
    let holds = summary.queue_p95 < queue;
    let candidates = targets(current, i64::from(setting.scenario.replica.capacity));
    let better = |found: &Change| !holds || found.replica_hours < summary.replica_hours * 0.9;
    let try_bounds = |min: i32, max: i32| {
        candidates.iter().find_map(|&target| {
            let found = attempt(setting, trigger, target, min, max);
            (found.queue_p95 < queue).then_some(found)
        })
    };
    let mut found = try_bounds(min, max).filter(|found| found.target != current && better(found));
    if !holds && found.is_none() {
        let more = (needed.max(max + 1)..=needed.max(max) + 2).map(|max| (min, max));
        let least = (min + 1..=needed).step_by(usize::try_from(needed / 12).unwrap_or(0).max(1));
        let more = more.chain(least.map(|min| (min, max.max(needed))));
        found = more.into_iter().find_map(|(min, max)| try_bounds(min, max));
    }
    match found {
        Some(change) => Some(Advice {
            message: words(
                &change,
                current,
                (min, max),
                holds.then_some(summary),
                queue,
            ),
            change: Some(change),
        }),
        None if holds => None,
        None => Some(Advice {
            message: format!(
                "no target and no bounds tried hold the queue under {queue}: the load rises faster than a replica starts ({})",
                format_duration(setting.scenario.replica.start_delay)
            ),
            change: None,
        }),
    }
}

/// The metric that decided most of the rises, else the first that was read.
fn decisive(run: &Run) -> Option<usize> {
    let mut votes: Vec<usize> = Vec::new();
    let mut read = None;
    for tick in &run.ticks {
        if let Some(Reason::MetricAbove(index)) = tick.step.reason {
            if votes.len() <= index {
                votes.resize(index + 1, 0);
            }
            if let Some(vote) = votes.get_mut(index) {
                *vote += 1;
            }
        }
        read = read.or_else(|| tick.values.iter().position(Option::is_some));
    }
    let most = votes.iter().copied().max().filter(|most| *most > 0);
    most.and_then(|most| votes.iter().position(|votes| *votes == most))
        .or(read)
}

/// Targets worth trying, the greatest (and cheapest) first.
fn targets(current: i64, capacity: i64) -> Vec<i64> {
    let top = current.max(capacity).max(2);
    let step = (top / TRIES).max(1);
    let mut targets: Vec<i64> = (1..=top)
        .rev()
        .step_by(usize::try_from(step).unwrap_or(1))
        .collect();
    targets.push(1);
    targets.dedup();
    targets
}

fn attempt(setting: &Setting<'_>, trigger: usize, target: i64, min: i32, max: i32) -> Change {
    let mut scenario = setting.scenario.clone();
    if let Scaling::Keda(keda) = &mut scenario.scaling {
        if let Some(slot) = keda.hpa.targets.get_mut(trigger) {
            *slot = Target::Average(target * 1000);
        }
        (keda.hpa.min, keda.hpa.max) = (min, max);
        keda.min_replica_count = keda.min_replica_count.max(min);
    }
    scenario.start = scenario.start.clamp(min, max.max(min));
    let other = Setting {
        scenario: &scenario,
        ..*setting
    };
    let summary = Summary::of(&scenario, &other.play(COARSE));
    Change {
        trigger,
        target,
        min_replicas: min,
        max_replicas: max,
        queue_p95: summary.queue_p95,
        replica_hours: summary.replica_hours,
    }
}

fn words(
    found: &Change,
    current: i64,
    (min, max): (i32, i32),
    now: Option<&Summary>,
    queue: f64,
) -> String {
    let mut changes = Vec::new();
    if found.max_replicas != max {
        changes.push(format!("maxReplicas {}", found.max_replicas));
    }
    if found.min_replicas != min {
        changes.push(format!("minReplicas {}", found.min_replicas));
    }
    let subject = match (found.target == current, changes.is_empty()) {
        (true, _) => changes.join(" and "),
        (false, true) => format!("a target of {}", found.target),
        (false, false) => format!(
            "a target of {} with {}",
            found.target,
            changes.join(" and ")
        ),
    };
    let cost = match now {
        Some(now) => format!(
            " with {:.1} replica hours instead of {:.1}",
            found.replica_hours, now.replica_hours
        ),
        None => format!(", for {:.1} replica hours", found.replica_hours),
    };
    let verb = if found.target == current && changes.len() > 1 {
        "hold"
    } else {
        "holds"
    };
    format!("{subject} {verb} the queue under {queue} for 95 % of the time{cost}")
}
