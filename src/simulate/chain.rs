//! The whole chain on one clock: pushes, KEDA's polls, the HPA's steps (spec 9.1).

use super::hpa::{Conditions, Controller, Scale, Step};
use super::keda::{Activity, Loop, thousandths};
use super::scenario::{Keda, Scenario};
use crate::addon::metric_value;

/// The pods and what they report. Times are milliseconds since the HPA was made.
pub trait Workload {
    /// When something next happens by itself (a push, a pod becomes ready); later than what was advanced to.
    fn next(&self) -> i64;

    /// Lets everything happen up to and including this time.
    fn advance(&mut self, now: i64);

    /// Somebody wrote `spec.replicas`.
    fn scale(&mut self, now: i64, replicas: i32);

    /// Pods that exist, and those that are ready.
    fn pods(&self) -> (i32, i32);

    /// The add-on's number for a trigger, neither clamped nor rounded; `None` when it answers with an error.
    fn ask(&mut self, trigger: usize, now: i64) -> Option<f64>;

    /// Requests in flight in total, those in service, and those waiting.
    fn requests(&self, now: i64) -> Requests;
}

/// Where the requests are.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Requests {
    /// All.
    pub total: f64,
    /// Those in service.
    pub running: f64,
    /// Those that wait.
    pub waiting: f64,
}

/// How the count and the requests stood at a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Milliseconds since the beginning.
    pub time: i64,
    /// `spec.replicas`.
    pub replicas: i32,
    /// Replicas that serve.
    pub ready: i32,
    /// The requests.
    pub requests: Requests,
}

/// One step of the HPA.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Milliseconds since the beginning.
    pub time: i64,
    /// Pods before it, ready or not.
    pub replicas: i32,
    /// What each metric of the HPA said, in thousandths; `None` where it could not be read. Empty when none was asked.
    pub values: Vec<Option<i64>>,
    /// What it did.
    pub step: Step,
    /// The conditions after it.
    pub conditions: Conditions,
}

/// A change of `spec.replicas`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Milliseconds since the beginning.
    pub time: i64,
    /// Before.
    pub from: i32,
    /// After.
    pub to: i32,
    /// KEDA itself did it, else the HPA.
    pub by_keda: bool,
}

/// What happened.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Run {
    /// How it stood, at even distances, both ends included.
    pub samples: Vec<Sample>,
    /// The HPA's steps.
    pub ticks: Vec<Tick>,
    /// The moves.
    pub moves: Vec<Move>,
}

/// When the two loops first act, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phase {
    /// The HPA's first step.
    pub hpa: i64,
    /// KEDA's first poll.
    pub keda: i64,
}

/// Plays a workload for `length` milliseconds, looking at it every `every`.
pub fn run(scenario: &Scenario, workload: &mut impl Workload, length: i64, every: i64) -> Run {
    let constants = &scenario.constants;
    let phase = Phase {
        hpa: constants.hpa_sync,
        keda: constants.keda_first_poll,
    };
    run_at(scenario, workload, length, every, phase)
}

/// The same with loops that begin at other times.
pub fn run_at(
    scenario: &Scenario,
    workload: &mut impl Workload,
    length: i64,
    every: i64,
    phase: Phase,
) -> Run {
    let constants = &scenario.constants;
    let mut run = Run::default();
    // Both ends of the run are looked at. A hint: a bad one costs nothing but memory.
    run.samples.reserve(
        usize::try_from(length / every.max(1) + 1)
            .unwrap_or(0)
            .min(1 << 16),
    );
    let mut scaler = scenario.keda().map(|keda| Scaler::new(keda, scenario));
    let mut replicas = scenario.start;
    let (mut sample, mut hpa, mut poll) = (0, phase.hpa, phase.keda);
    if scaler.is_none() {
        (hpa, poll) = (i64::MAX, i64::MAX);
    }
    loop {
        let now = hpa.min(poll).min(sample).min(workload.next());
        if now > length {
            return run;
        }
        // What is pushed at the very moment of a question is part of the answer.
        workload.advance(now);
        if let Some(scaler) = &mut scaler {
            if now == poll {
                poll += constants.keda_polling;
                let to = scaler.poll(now, replicas, workload);
                run.shift(now, &mut replicas, to, true, workload);
            }
            if now == hpa {
                hpa += constants.hpa_sync;
                let tick = scaler.tick(now, replicas, workload);
                run.shift(now, &mut replicas, tick.step.desired, false, workload);
                run.ticks.push(tick);
            }
        }
        if now == sample {
            sample += every;
            run.samples.push(Sample {
                time: now,
                replicas,
                ready: workload.pods().1,
                requests: workload.requests(now),
            });
        }
    }
}

impl Run {
    /// Writes `spec.replicas` when it is another.
    fn shift(
        &mut self,
        time: i64,
        replicas: &mut i32,
        to: i32,
        by_keda: bool,
        workload: &mut impl Workload,
    ) {
        if to != *replicas {
            self.moves.push(Move {
                time,
                from: *replicas,
                to,
                by_keda,
            });
            *replicas = to;
            workload.scale(time, to);
        }
    }
}

/// KEDA and the HPA of one workload.
struct Scaler<'a> {
    keda: &'a Keda,
    controller: Controller,
    activity: Loop,
    /// The answers of the last poll, for triggers with cached metrics.
    polled: Vec<Option<f64>>,
}

impl<'a> Scaler<'a> {
    fn new(keda: &'a Keda, scenario: &Scenario) -> Self {
        Self {
            keda,
            controller: Controller::new(keda.hpa.clone(), &scenario.constants),
            activity: Loop::new(keda.min_replica_count, scenario.constants.keda_cooldown),
            polled: vec![None; keda.triggers.len()],
        }
    }

    /// KEDA's poll: the count that it wants.
    fn poll(&mut self, now: i64, replicas: i32, workload: &mut impl Workload) -> i32 {
        let triggers = self.keda.triggers.iter().enumerate();
        for ((index, trigger), polled) in triggers.zip(&mut self.polled) {
            // A trigger that the add-on cannot describe has no activity either: KEDA counts it as failed.
            *polled = trigger
                .metric
                .as_ref()
                .and_then(|_| workload.ask(index, now))
                .map(|value| trigger.clamp.apply(value));
        }
        let activity = Activity::of(self.polled.iter().copied());
        self.activity.poll(now, replicas, activity)
    }

    /// The HPA's step.
    fn tick(&mut self, now: i64, replicas: i32, workload: &mut impl Workload) -> Tick {
        let (status, ready) = workload.pods();
        let scale = Scale {
            spec: replicas,
            status,
            ready,
        };
        let Self {
            keda,
            controller,
            polled,
            ..
        } = self;
        let mut values = Vec::new();
        let step = controller.step(now, scale, || {
            let triggers = keda.triggers.iter().zip(polled.iter()).enumerate();
            let triggers = triggers.filter(|(_, (trigger, _))| trigger.metric.is_some());
            values.extend(triggers.map(|(index, (trigger, polled))| {
                let answer = if trigger.cached {
                    *polled
                } else {
                    let answer = workload.ask(index, now);
                    answer.map(|value| trigger.clamp.apply(value))
                };
                answer.map(|value| thousandths(metric_value(value)))
            }));
            values.clone()
        });
        Tick {
            time: now,
            replicas: status,
            values,
            step,
            conditions: controller.conditions(),
        }
    }
}
