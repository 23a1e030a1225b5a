//! The HPA v2 controller of Kubernetes 1.34, one step at a time (spec 9.2, 9.3, 9.7).

mod behavior;
mod report;
mod state;

pub use behavior::{Behavior, Policy, Rules, Select};
pub use report::{Able, Active, Average, Conditions, Limited, Reason};

use super::constants::Constants;
use behavior::to_i32;
use state::{Events, Recommendations};

/// What an HPA asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// Fewest replicas (`spec.minReplicas`, absent 1).
    pub min: i32,
    /// Most replicas.
    pub max: i32,
    /// The targets of its External metrics, in the HPA's order.
    pub targets: Vec<Target>,
    /// How fast it may move; `None`: another, older algorithm decides.
    pub behavior: Option<Behavior>,
}

/// The target of one metric, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// `AverageValue`: the value by the number of replicas is compared with it. What KEDA writes for KServe.
    Average(i64),
    /// `Value`: the value itself is compared with it.
    Value(i64),
}

/// The replicas of the scale target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scale {
    /// `spec.replicas`.
    pub spec: i32,
    /// `status.replicas`: pods that exist, ready or not.
    pub status: i32,
    /// Pods that are ready; only targets of type Value ask for them.
    pub ready: i32,
}

impl Scale {
    /// A settled workload without ready pods.
    #[must_use]
    pub fn settled(replicas: i32) -> Self {
        Self {
            spec: replicas,
            status: replicas,
            ready: 0,
        }
    }
}

/// What one step did.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// `spec.replicas` after it.
    pub desired: i32,
    /// Why it was written; `None` when it was not, or when only a past recommendation asked for it.
    pub reason: Option<Reason>,
    /// The greatest proposal, where metrics were read and counted.
    pub proposal: Option<i32>,
    /// `status.currentMetrics`; empty where no metric was looked at.
    pub averages: Vec<Average>,
    /// Triggers that could not be read, by index.
    pub unreadable: Vec<usize>,
    /// The step gave up because of them.
    pub gave_up: bool,
}

/// The controller of one HPA.
#[derive(Debug, Clone)]
pub struct Controller {
    spec: Spec,
    tolerance: f64,
    down_window: i64,
    /// How long a recommendation can still count.
    keep: i64,
    recommendations: Recommendations,
    events: Events,
    conditions: Conditions,
}

impl Controller {
    /// A controller that has not seen this HPA yet.
    #[must_use]
    pub fn new(spec: Spec, constants: &Constants) -> Self {
        let down_window = constants.hpa_downscale_window;
        let given = spec
            .behavior
            .iter()
            .flat_map(|b| [b.up.window, b.down.window]);
        let keep = given.filter_map(milliseconds).fold(down_window, i64::max);
        Self {
            spec,
            tolerance: constants.hpa_tolerance,
            down_window,
            keep,
            recommendations: Recommendations::default(),
            events: Events::default(),
            conditions: Conditions::default(),
        }
    }

    /// The conditions as the last step left them.
    #[must_use]
    pub fn conditions(&self) -> Conditions {
        self.conditions
    }

    /// One step at `now` (milliseconds). `values` holds each trigger's value in thousandths, `None` where it cannot be
    /// read; it is only called when metrics are looked at, which also means that a trigger is then asked.
    pub fn step(
        &mut self,
        now: i64,
        scale: Scale,
        values: impl FnOnce() -> Vec<Option<i64>>,
    ) -> Step {
        let current = scale.spec;
        self.conditions.able = Some(Able::SucceededGetScale);
        if self.recommendations.is_empty() {
            self.recommendations.record(now, current, self.keep);
        }
        let mut step = Step {
            desired: current,
            reason: None,
            proposal: None,
            averages: Vec::new(),
            unreadable: Vec::new(),
            gave_up: false,
        };
        if current == 0 && self.spec.min != 0 {
            self.conditions.active = Some(Active::ScalingDisabled);
        } else if current > self.spec.max {
            step.desired = self.spec.max;
            step.reason = Some(Reason::AboveMax);
        } else if current < self.spec.min {
            step.desired = self.spec.min;
            step.reason = Some(Reason::BelowMin);
        } else {
            self.follow_metrics(now, scale, &values(), &mut step);
        }
        if step.desired == current {
            step.reason = None;
        } else {
            self.conditions.able = Some(Able::SucceededRescale);
            if let Some(behavior) = &self.spec.behavior {
                let rules = if step.desired > current {
                    &behavior.up
                } else {
                    &behavior.down
                };
                let change = step.desired.saturating_sub(current);
                self.events.record(now, change, rules.longest_period());
            }
        }
        step
    }

    fn follow_metrics(&mut self, now: i64, scale: Scale, values: &[Option<i64>], step: &mut Step) {
        let mut best = 0;
        let mut best_metric = None;
        for (index, &target) in self.spec.targets.iter().enumerate() {
            let value = values.get(index).copied().flatten();
            match value.and_then(|value| propose(value, target, scale, self.tolerance)) {
                Some((proposal, average)) => {
                    if best_metric.is_none() || best == 0 || proposal > best {
                        (best, best_metric) = (proposal, Some(index));
                    }
                    step.averages.push(average);
                }
                None => {
                    step.unreadable.push(index);
                    step.averages.push(Average::Unreadable);
                }
            }
        }
        let (Some(metric), false) = (
            best_metric,
            !step.unreadable.is_empty() && best < scale.spec,
        ) else {
            step.gave_up = true;
            self.conditions.active = Some(Active::FailedGetExternalMetric);
            return;
        };
        self.conditions.active = Some(Active::ValidMetricFound);
        step.proposal = Some(best);
        step.reason = match best.cmp(&scale.spec) {
            std::cmp::Ordering::Greater => Some(Reason::MetricAbove(metric)),
            std::cmp::Ordering::Less => Some(Reason::AllBelow),
            std::cmp::Ordering::Equal => None,
        };
        step.desired = self.settle(now, scale.spec, best);
    }

    /// From the greatest proposal to the count that is wanted: stabilises and limits as the behavior says (spec 9.3).
    fn settle(&mut self, now: i64, current: i32, best: i32) -> i32 {
        let Some(behavior) = &self.spec.behavior else {
            return self.settle_without_behavior(now, current, best);
        };
        let up_window = milliseconds(behavior.up.window).unwrap_or(0);
        let down_window = milliseconds(behavior.down.window).unwrap_or(self.down_window);
        let least = self
            .recommendations
            .within(now, up_window)
            .fold(best, i32::min);
        let greatest = self
            .recommendations
            .within(now, down_window)
            .fold(best, i32::max);
        self.recommendations.record(now, best, self.keep);
        // Not `clamp`: the lower bound can lie over the upper one, and is then applied first.
        let stable = current.max(least).min(greatest);
        self.conditions.able = Some(if stable == best {
            Able::ReadyForNewScale
        } else if best >= current {
            Able::ScaleUpStabilized
        } else {
            Able::ScaleDownStabilized
        });
        let (desired, limited) = if stable > current {
            let limit = behavior.up.up_limit(current, &self.events, now);
            let limited = if self.spec.max > limit {
                Limited::ScaleUpLimit
            } else {
                Limited::TooManyReplicas
            };
            (stable.min(limit).min(self.spec.max), limited)
        } else if stable < current {
            let limit = behavior.down.down_limit(current, &self.events, now);
            let limited = if self.spec.min < limit {
                Limited::ScaleDownLimit
            } else {
                Limited::TooFewReplicas
            };
            (stable.max(limit).max(self.spec.min), limited)
        } else {
            (current, Limited::DesiredWithinRange)
        };
        self.conditions.limited = Some(if desired == stable {
            Limited::DesiredWithinRange
        } else {
            limited
        });
        desired
    }

    /// The algorithm of an HPA without behavior: the greatest of the last five minutes, at most double (or 4).
    fn settle_without_behavior(&mut self, now: i64, current: i32, best: i32) -> i32 {
        let stable = self
            .recommendations
            .within_inclusive(now, self.down_window)
            .fold(best, i32::max);
        self.recommendations.record(now, best, self.keep);
        self.conditions.able = Some(if stable == best {
            Able::ReadyForNewScale
        } else {
            Able::ScaleDownStabilized
        });
        let fastest = current.saturating_mul(2).max(4);
        let (desired, limited) = if stable < self.spec.min {
            (self.spec.min, Limited::TooFewReplicas)
        } else if stable > self.spec.max.min(fastest) {
            let limited = if self.spec.max > fastest {
                Limited::ScaleUpLimit
            } else {
                Limited::TooManyReplicas
            };
            (self.spec.max.min(fastest), limited)
        } else {
            (stable, Limited::DesiredWithinRange)
        };
        self.conditions.limited = Some(limited);
        desired
    }
}

/// The proposal of one metric and the average that the status shows; `None` when it cannot be computed.
#[must_use]
pub fn propose(value: i64, target: Target, scale: Scale, tolerance: f64) -> Option<(i32, Average)> {
    // A negative number is taken for one that did not fit.
    let value = if value < 0 { i64::MAX } else { value };
    let inside = |ratio: f64| (1.0 - tolerance..=1.0 + tolerance).contains(&ratio);
    match target {
        Target::Average(target) => {
            let (usage, target) = (value as f64, target as f64);
            let replicas = f64::from(scale.status);
            let proposal = if inside(usage / (target * replicas)) {
                scale.status
            } else {
                to_i32((usage / target).ceil())
            };
            Some((proposal, Average::of(value, replicas)))
        }
        Target::Value(target) => {
            let ratio = value as f64 / target as f64;
            let proposal = if inside(ratio) {
                scale.spec
            } else if scale.ready > 0 {
                to_i32((ratio * f64::from(scale.ready)).ceil())
            } else {
                return None;
            };
            Some((proposal, Average::Whole(value)))
        }
    }
}

fn milliseconds(window: Option<i32>) -> Option<i64> {
    window.map(|seconds| i64::from(seconds) * 1000)
}
