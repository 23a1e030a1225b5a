//! The numbers of a run: what it cost, how much waited, when the count stood at its bounds.

use super::chain::{Run, Sample};
use super::hpa::Able;
use super::scenario::Scenario;

/// A run in numbers. Times are milliseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// How long it was.
    pub length: i64,
    /// Fewest replicas wanted.
    pub fewest: i32,
    /// Most replicas wanted.
    pub most: i32,
    /// Mean of replicas wanted, over time.
    pub mean: f64,
    /// Replicas times hours: what the GPUs cost.
    pub replica_hours: f64,
    /// The greatest load: requests in flight.
    pub peak_load: f64,
    /// Most requests that waited at once.
    pub longest_queue: f64,
    /// The queue is no longer than this during 95 % of the time.
    pub queue_p95: f64,
    /// Of all time that requests spend, the part that they wait.
    pub waiting_share: f64,
    /// 95 % of the requests wait no longer than this; estimated by the rate at which the ready replicas finish.
    pub wait_p95: i64,
    /// How much of the ready replicas' capacity is used, over time.
    pub utilisation: f64,
    /// How often the count turned: from up to down or back.
    pub turns: usize,
    /// How long it stood at the maximum while more was asked for.
    pub saturated: i64,
    /// When that first happened.
    pub saturated_from: Option<i64>,
    /// How long only the down-scale window held the count up.
    pub held: i64,
    /// The longest stretch in which requests waited although the maximum was not reached.
    pub lag: Option<Lag>,
}

/// A stretch in which the replicas come too late.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lag {
    /// When requests begin to wait.
    pub from: i64,
    /// When they no longer do, or when the maximum is ready.
    pub to: i64,
    /// When the count was first raised in it.
    pub asked: Option<i64>,
    /// When it was last raised in it.
    pub settled: Option<i64>,
    /// Most requests that waited in it.
    pub queue: f64,
}

impl Summary {
    /// The numbers of a run.
    #[must_use]
    pub fn of(scenario: &Scenario, run: &Run) -> Self {
        let (_, max) = scenario.bounds();
        let capacity = f64::from(scenario.replica.capacity);
        let samples = &run.samples;
        let count = samples.len().max(1) as f64;
        let length = samples.last().map_or(0, |sample| sample.time);
        let (mut replicas, mut offered, mut available) = (0.0, 0.0, 0.0);
        let (mut waiting, mut running) = (0.0, 0.0);
        let (mut peak_load, mut longest_queue) = (0.0_f64, 0.0_f64);
        for sample in samples {
            replicas += f64::from(sample.replicas);
            offered += sample.requests.total;
            available += f64::from(sample.ready) * capacity;
            waiting += sample.requests.waiting;
            running += sample.requests.running;
            peak_load = peak_load.max(sample.requests.total);
            longest_queue = longest_queue.max(sample.requests.waiting);
        }
        // Nobody ever waits: there is nothing to sort.
        let waits = longest_queue > 0.0;
        let ratio = |a: f64, b: f64| if b > 0.0 { a / b } else { 0.0 };
        let mut queues: Vec<f64> = Vec::new();
        if waits {
            queues.extend(samples.iter().map(|s| s.requests.waiting));
            queues.sort_unstable_by(f64::total_cmp);
        }
        let sync = scenario.constants.hpa_sync;
        let saturated: Vec<i64> = run
            .ticks
            .iter()
            .filter(|tick| tick.step.desired >= max && tick.step.proposal.is_some_and(|p| p > max))
            .map(|tick| tick.time)
            .collect();
        let held = run.ticks.iter().filter(|tick| {
            tick.conditions.able == Some(Able::ScaleDownStabilized)
                && tick
                    .step
                    .proposal
                    .is_some_and(|p| p.max(scenario.bounds().0) < tick.step.desired)
        });
        Self {
            length,
            fewest: samples.iter().map(|s| s.replicas).min().unwrap_or(0),
            most: samples.iter().map(|s| s.replicas).max().unwrap_or(0),
            mean: replicas / count,
            replica_hours: replicas / count * length as f64 / 3_600_000.0,
            peak_load,
            longest_queue,
            queue_p95: percentile(&queues, 0.95),
            waiting_share: ratio(waiting, offered),
            wait_p95: if waits {
                wait_p95(scenario, samples)
            } else {
                0
            },
            utilisation: ratio(running, available),
            turns: turns(run).count(),
            saturated: i64::try_from(saturated.len()).unwrap_or(0) * sync,
            saturated_from: saturated.first().copied(),
            held: i64::try_from(held.count()).unwrap_or(0) * sync,
            lag: longest_lag(max, run),
        }
    }
}

/// The value below which that part of the sorted values lies.
fn percentile(sorted: &[f64], part: f64) -> f64 {
    let last = sorted.len().saturating_sub(1) as f64;
    sorted
        .get((last * part).ceil() as usize)
        .copied()
        .unwrap_or(0.0)
}

/// How long the requests that come in wait, first come first served: the queue before them by the rate at which the
/// ready replicas finish. Weighted by that rate, since that many come in.
fn wait_p95(scenario: &Scenario, samples: &[Sample]) -> i64 {
    let request_time = scenario.constants.request_time as f64;
    let capacity = f64::from(scenario.replica.capacity);
    let mut waits: Vec<(f64, f64)> = Vec::new();
    let mut serving_from = None;
    for sample in samples.iter().rev() {
        if sample.ready > 0 {
            serving_from = Some((sample.time, sample.ready));
        }
        // Without a ready replica all wait for the next one; for one that never comes, until the end.
        let (from, ready) = serving_from.unwrap_or((samples.last().map_or(0, |s| s.time), 1));
        let places = f64::from(ready) * capacity;
        let queue = sample.requests.waiting;
        let wait = (from - sample.time) as f64 + queue / places.max(1.0) * request_time;
        let arriving = if sample.ready > 0 {
            sample.requests.running
        } else {
            sample.requests.total
        };
        waits.push((wait, arriving));
    }
    waits.sort_by(|a, b| a.0.total_cmp(&b.0));
    let all: f64 = waits.iter().map(|(_, weight)| weight).sum();
    let mut seen = 0.0;
    for (wait, weight) in waits {
        seen += weight;
        if weight > 0.0 && seen >= all * 0.95 {
            return wait.round() as i64;
        }
    }
    0
}

/// The moves at which the count turned, with the move before each.
pub(super) fn turns(run: &Run) -> impl Iterator<Item = (super::chain::Move, super::chain::Move)> {
    run.moves
        .iter()
        .zip(run.moves.iter().skip(1))
        .filter(|(before, after)| (before.to > before.from) != (after.to > after.from))
        .map(|(before, after)| (*before, *after))
}

fn longest_lag(max: i32, run: &Run) -> Option<Lag> {
    let mut longest: Option<Lag> = None;
    let mut current: Option<Lag> = None;
    let mut close = |lag: Option<Lag>| {
        if let Some(lag) = lag
            && longest.is_none_or(|best| lag.to - lag.from > best.to - best.from)
        {
            longest = Some(lag);
        }
    };
    for sample in &run.samples {
        if sample.requests.waiting > 0.0 && sample.ready < max {
            let lag = current.get_or_insert(Lag {
                from: sample.time,
                to: sample.time,
                asked: None,
                settled: None,
                queue: 0.0,
            });
            lag.to = sample.time;
            lag.queue = lag.queue.max(sample.requests.waiting);
        } else if let Some(mut lag) = current.take() {
            lag.to = sample.time;
            close(Some(lag));
        }
    }
    close(current);
    longest.map(|lag| {
        let raised = run
            .moves
            .iter()
            .filter(|shift| shift.to > shift.from && (lag.from..=lag.to).contains(&shift.time));
        Lag {
            asked: raised.clone().map(|shift| shift.time).min(),
            settled: raised.map(|shift| shift.time).max(),
            ..lag
        }
    })
}
