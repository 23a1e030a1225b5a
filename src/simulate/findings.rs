//! What a run shows that its author should know, with numbers.

use serde::Serialize;

use super::analysis::{Summary, turns};
use super::chain::Run;
use super::constants::format_duration;
use super::hpa::Target;
use super::scenario::{Delivery, Fixed, Keda, Scaling, Scenario};
use crate::diag::Level;

/// What is wrong, or worth knowing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// No HPA: a fixed number was asked for.
    Fixed,
    /// No HPA: it is refused.
    Refused,
    /// The HPA scales on CPU.
    Cpu,
    /// The count never moves.
    NeverScales,
    /// It rises and never falls.
    NeverFalls,
    /// It goes to zero and does not come back.
    ScalesToZero,
    /// It stood at its maximum and more was asked for.
    Saturated,
    /// Replicas came too late.
    ScalesLate,
    /// The count goes up and down and up.
    Flaps,
    /// Requests wait, and the HPA asks for no more.
    TargetTooHigh,
    /// Replicas stand idle.
    TargetTooLow,
    /// The down-scale window keeps replicas that nobody asks for.
    HeldUp,
    /// The stack passes over something that the service says of its metrics.
    Ignored,
}

/// One thing that a run shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// What.
    pub kind: Kind,
    /// How bad.
    pub level: Level,
    /// In words, with the numbers.
    pub message: String,
    /// From when, in milliseconds; `None` when it holds for the whole run.
    pub from: Option<i64>,
    /// Until when.
    pub to: Option<i64>,
}

impl Finding {
    fn new(kind: Kind, level: Level, message: String) -> Self {
        Self {
            kind,
            level,
            message,
            from: None,
            to: None,
        }
    }

    fn during(mut self, from: i64, to: i64) -> Self {
        (self.from, self.to) = (Some(from), Some(to));
        self
    }
}

/// A pause in which a replica was given up before it was needed again that counts as flapping: twice KServe's
/// down-scale window.
const FLAP: i64 = 600_000;

/// What a run shows, the worst first.
#[must_use]
pub fn findings(scenario: &Scenario, run: &Run, summary: &Summary) -> Vec<Finding> {
    let mut found = Vec::new();
    match &scenario.scaling {
        Scaling::Fixed(fixed) => found.push(fixed_count(fixed, scenario, summary)),
        Scaling::Keda(keda) => {
            found.extend(unreadable(keda, scenario, run));
            found.extend(never_scales(keda, scenario, run, summary));
            found.extend(to_zero(keda, run));
            found.extend(saturated(keda, summary));
            found.extend(flaps(scenario, run));
            found.extend(too_high(keda, scenario, run, summary));
            found.extend(late(scenario, summary));
            found.extend(too_low(scenario, summary));
            found.extend(held(scenario, summary));
            let ignored = keda.ignored.iter().cloned();
            found.extend(ignored.map(|text| Finding::new(Kind::Ignored, Level::Note, text)));
        }
    }
    found.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    found
}

fn replicas(count: i32) -> String {
    format!(
        "{count} {}",
        if count == 1 { "replica" } else { "replicas" }
    )
}

fn percent(part: f64) -> String {
    format!("{:.0} %", part * 100.0)
}

fn fixed_count(fixed: &Fixed, scenario: &Scenario, summary: &Summary) -> Finding {
    let count = replicas(scenario.start);
    let queue = if summary.waiting_share > 0.0 {
        format!(
            "; {} of the requests' time is waiting (p95 {})",
            percent(summary.waiting_share),
            format_duration(summary.wait_p95)
        )
    } else {
        String::new()
    };
    match fixed {
        Fixed::Asked => Finding::new(
            Kind::Fixed,
            Level::Note,
            format!("no autoscaling: {count} at all times{queue}"),
        ),
        Fixed::Refused(why) if scenario.start == 0 => Finding::new(
            Kind::Refused,
            Level::Error,
            format!("nothing comes into being that could serve: {why}"),
        ),
        Fixed::Refused(why) => Finding::new(
            Kind::Refused,
            Level::Error,
            format!("no HPA comes into being, {count} at all times{queue}: {why}"),
        ),
        Fixed::Cpu(why) => {
            let why = why.as_ref().map_or_else(
                || "the HPA scales on CPU".to_owned(),
                |why| format!("KEDA gets no metric ({why}), so the HPA scales on CPU at 80 %"),
            );
            Finding::new(
                Kind::Cpu,
                Level::Error,
                format!(
                    "{why}: the requests do not move it, and how busy the CPU is, is not simulated; shown is {count}"
                ),
            )
        }
    }
}

/// Triggers that are never answered: all, so nothing moves; some, so nothing falls.
fn unreadable(keda: &Keda, scenario: &Scenario, run: &Run) -> Option<Finding> {
    let why = |delivery: &Delivery| match delivery {
        Delivery::Never(why) => Some(why.clone()),
        _ => None,
    };
    let silent: Vec<String> = keda
        .triggers
        .iter()
        .enumerate()
        .filter_map(|(index, trigger)| {
            let reason = match &trigger.query {
                Err(error) => Some(error.to_string()),
                Ok(_) => why(&trigger.delivery),
            };
            Some(format!("trigger {index}: {}", reason?))
        })
        .collect();
    if silent.is_empty() {
        return None;
    }
    let reasons = silent.join("; ");
    Some(if silent.len() == keda.triggers.len() {
        let count = run
            .samples
            .last()
            .map_or(scenario.start, |sample| sample.replicas);
        Finding::new(
            Kind::NeverScales,
            Level::Error,
            format!(
                "never scales: {} whatever the load is, since no metric can be read ({reasons})",
                replicas(count)
            ),
        )
    } else {
        Finding::new(
            Kind::NeverFalls,
            Level::Error,
            format!("scales up and never down, since one metric cannot be read ({reasons})"),
        )
    })
}

/// The HPA works and still nothing can or does move.
fn never_scales(keda: &Keda, scenario: &Scenario, run: &Run, summary: &Summary) -> Option<Finding> {
    if keda.hpa.min == keda.hpa.max {
        return Some(Finding::new(
            Kind::NeverScales,
            Level::Warning,
            format!(
                "never scales: the minimum is the maximum, {}",
                replicas(keda.hpa.max)
            ),
        ));
    }
    let contradicted: Vec<&str> = keda
        .triggers
        .iter()
        .filter_map(|trigger| match &trigger.delivery {
            Delivery::OtherLabels(why) => Some(why.as_str()),
            _ => None,
        })
        .collect();
    if !contradicted.is_empty() && contradicted.len() == keda.triggers.len() {
        return Some(Finding::new(
            Kind::NeverScales,
            Level::Error,
            format!(
                "never scales up: the metric reads 0 whatever the load is ({})",
                contradicted.join("; ")
            ),
        ));
    }
    let needed = (summary.peak_load / f64::from(scenario.replica.capacity.max(1))).ceil();
    let read = run.ticks.iter().any(|tick| tick.step.proposal.is_some());
    if !run.moves.is_empty() || !read || f64::from(scenario.start) >= needed {
        return None;
    }
    let highest = run
        .ticks
        .iter()
        .filter_map(|tick| tick.values.iter().flatten().max())
        .max();
    let target = keda.hpa.targets.iter().map(|target| match target {
        Target::Average(milli) | Target::Value(milli) => *milli,
    });
    let (highest, target) = (highest.copied().unwrap_or(0), target.max().unwrap_or(0));
    let per_replica = highest as f64 / 1000.0 / f64::from(scenario.start.max(1));
    let edge = target as f64 / 1000.0 * (1.0 + scenario.constants.hpa_tolerance);
    Some(Finding::new(
        Kind::NeverScales,
        Level::Error,
        format!(
            "never scales: the average per replica reaches {per_replica:.1} and the HPA acts above {edge:.1} (target {} and \
             {} tolerance), while {} would serve the peak",
            target as f64 / 1000.0,
            percent(scenario.constants.hpa_tolerance),
            replicas(needed as i32)
        ),
    ))
}

fn to_zero(keda: &Keda, run: &Run) -> Option<Finding> {
    let down = run.moves.iter().find(|shift| shift.to == 0)?;
    let woken = run
        .moves
        .iter()
        .any(|shift| shift.from == 0 && shift.time > down.time);
    if woken || keda.min_replica_count > 0 {
        return None;
    }
    let lost = run
        .samples
        .iter()
        .filter(|sample| sample.time >= down.time)
        .map(|sample| sample.requests.waiting)
        .fold(0.0, f64::max);
    let finding = Finding::new(
        Kind::ScalesToZero,
        Level::Error,
        format!(
            "scales to zero at {} and never comes back: only the pods' own sidecars push the metric, and there are no pods; \
             {lost:.0} requests in flight find nobody",
            format_duration(down.time)
        ),
    );
    Some(finding.during(
        down.time,
        run.samples.last().map_or(down.time, |sample| sample.time),
    ))
}

fn saturated(keda: &Keda, summary: &Summary) -> Option<Finding> {
    let from = summary.saturated_from?;
    let queue = if summary.waiting_share > 0.0 {
        format!(
            "{} of the requests' time is waiting (p95 {}), the queue grows to {:.0}",
            percent(summary.waiting_share),
            format_duration(summary.wait_p95),
            summary.longest_queue
        )
    } else {
        "no request waits: the target asks for more replicas than the load needs".to_owned()
    };
    let finding = Finding::new(
        Kind::Saturated,
        Level::Warning,
        format!(
            "at the maximum of {} from {}, {} in all, while more was asked for: {queue}",
            replicas(keda.hpa.max),
            format_duration(from),
            format_duration(summary.saturated),
        ),
    );
    Some(finding.during(from, summary.length))
}

/// Given up and needed again soon after, more than once.
fn flaps(scenario: &Scenario, run: &Run) -> Option<Finding> {
    let regrets: Vec<_> = turns(run)
        .filter(|(down, up)| down.to < down.from && up.time - down.time <= FLAP)
        .collect();
    let (down, up) = *regrets.first()?;
    if regrets.len() < 2 {
        return None;
    }
    let (_, last) = *regrets.last()?;
    let retention = scenario.constants.retention;
    let why = if up.time - down.time <= retention {
        format!(
            " (a pod that is gone counts for {} more)",
            format_duration(retention)
        )
    } else {
        String::new()
    };
    let finding = Finding::new(
        Kind::Flaps,
        Level::Warning,
        format!(
            "flaps: {} times replicas were given up and needed again within {}, first {} → {} at {} and {} → {} {} later{why}",
            regrets.len(),
            format_duration(FLAP),
            down.from,
            down.to,
            format_duration(down.time),
            up.from,
            up.to,
            format_duration(up.time - down.time)
        ),
    );
    Some(finding.during(down.time, last.time))
}

/// Requests wait while the HPA is content.
fn too_high(keda: &Keda, scenario: &Scenario, run: &Run, summary: &Summary) -> Option<Finding> {
    let content: Vec<i64> = run
        .ticks
        .iter()
        .filter(|tick| {
            tick.step.desired < keda.hpa.max
                && tick
                    .step
                    .proposal
                    .is_some_and(|proposal| proposal <= tick.step.desired)
                && sample_at(run, tick.time).is_some_and(|sample| {
                    sample.ready == sample.replicas && sample.requests.waiting > 0.0
                })
        })
        .map(|tick| tick.time)
        .collect();
    let time = i64::try_from(content.len()).unwrap_or(0) * scenario.constants.hpa_sync;
    if time * 20 < summary.length || time < 60_000 {
        return None;
    }
    let (from, to) = (*content.first()?, *content.last()?);
    let finding = Finding::new(
        Kind::TargetTooHigh,
        Level::Warning,
        format!(
            "the target is too high: for {} requests wait (up to {:.0}) and the HPA asks for no more replicas; one serves {} at \
             once",
            format_duration(time),
            summary.longest_queue,
            scenario.replica.capacity
        ),
    );
    Some(finding.during(from, to))
}

fn sample_at(run: &Run, time: i64) -> Option<super::chain::Sample> {
    let index = run.samples.partition_point(|sample| sample.time < time);
    run.samples.get(index).copied()
}

fn late(scenario: &Scenario, summary: &Summary) -> Option<Finding> {
    let lag = summary.lag?;
    if lag.to - lag.from < 60_000 {
        return None;
    }
    let (asked, settled) = (lag.asked?, lag.settled?);
    let steps = if settled > asked {
        format!(
            " and has asked for enough {} after",
            format_duration(settled - asked)
        )
    } else {
        String::new()
    };
    let finding = Finding::new(
        Kind::ScalesLate,
        Level::Warning,
        format!(
            "scales late: from {} requests wait for {} (up to {:.0} at once): the HPA acts after {}{steps}, and a replica needs {} \
             to start",
            format_duration(lag.from),
            format_duration(lag.to - lag.from),
            lag.queue,
            format_duration(asked - lag.from),
            format_duration(scenario.replica.start_delay)
        ),
    );
    Some(finding.during(lag.from, lag.to))
}

fn too_low(scenario: &Scenario, summary: &Summary) -> Option<Finding> {
    let needed = (summary.peak_load / f64::from(scenario.replica.capacity.max(1)))
        .ceil()
        .max(1.0) as i32;
    let (min, _) = scenario.bounds();
    if summary.utilisation >= 0.5
        || summary.queue_p95 > 0.0
        || summary.most < 2 * needed
        || summary.most <= min
        || summary.peak_load == 0.0
    {
        return None;
    }
    Some(Finding::new(
        Kind::TargetTooLow,
        Level::Note,
        format!(
            "the target is low: {} at the peak where {needed} would serve it; {} of the capacity is used",
            replicas(summary.most),
            percent(summary.utilisation)
        ),
    ))
}

fn held(scenario: &Scenario, summary: &Summary) -> Option<Finding> {
    let window = scenario
        .keda()?
        .hpa
        .behavior
        .as_ref()
        .and_then(|behavior| behavior.down.window);
    let window = window.map_or(scenario.constants.hpa_downscale_window, |seconds| {
        i64::from(seconds) * 1000
    });
    (summary.held >= 60_000).then(|| {
        Finding::new(
            Kind::HeldUp,
            Level::Note,
            format!(
                "for {} more replicas stand than the metric asks for: the down-scale window of {} keeps them",
                format_duration(summary.held),
                format_duration(window)
            ),
        )
    })
}
