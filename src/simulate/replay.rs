//! Plays recorded steps of the real HPA controller and says where ours differs (spec 8.6).

use std::fmt;

use k8s_openapi::api::autoscaling::v2::HorizontalPodAutoscalerBehavior;
use serde::{Deserialize, Serialize};

use super::constants::Constants;
use super::hpa::{Average, Behavior, Controller, Reason, Scale, Spec, Step, Target, propose};
use crate::kube::quantity::Quantity;

/// A file of recorded steps.
#[derive(Debug, Deserialize)]
pub struct Recording {
    /// Sequences of steps.
    #[serde(default)]
    scenarios: Vec<Scenario>,
    /// Single proposals: replicas, value and target in thousandths, result; windows and limits wide open.
    #[serde(default)]
    grid: Vec<(i32, i64, i64, i32)>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Scenario {
    id: String,
    #[serde(default)]
    start: i32,
    min: Option<i32>,
    max: i32,
    targets: Vec<String>,
    #[serde(default)]
    types: Vec<String>,
    behavior: Option<HorizontalPodAutoscalerBehavior>,
    behavior_filled: Option<HorizontalPodAutoscalerBehavior>,
    steps: Vec<Recorded>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recorded {
    t: f64,
    set: Option<i32>,
    current: Option<i32>,
    status_replicas: Option<i32>,
    #[serde(default)]
    ready: i32,
    #[serde(default)]
    values: Vec<Option<i64>>,
    desired: i32,
    reason: Option<String>,
    able: Option<String>,
    active: Option<String>,
    limited: Option<String>,
    average: Option<Vec<String>>,
    error: Option<String>,
}

/// What a replay found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// How many sequences there are.
    pub scenarios: usize,
    /// How many of them are equal in every step.
    pub equal: usize,
    /// How many single proposals there are.
    pub grid: usize,
    /// How many of them are equal.
    #[serde(rename = "gridEqual")]
    pub grid_equal: usize,
    /// Every field that differs.
    pub differences: Vec<Difference>,
}

/// One field of one step that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The sequence, or `grid`.
    pub scenario: String,
    /// The step, or the row of the grid, from 0.
    pub step: usize,
    /// Seconds since the sequence began.
    pub t: String,
    /// Which field.
    pub field: &'static str,
    /// What was recorded.
    pub recorded: String,
    /// What the simulation says.
    pub simulated: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            scenario,
            step,
            t,
            field,
            recorded,
            simulated,
        } = self;
        write!(
            f,
            "{scenario} step {step} (t={t}): {field} recorded {recorded}, simulated {simulated}"
        )
    }
}

/// Plays a recording.
#[must_use]
pub fn replay(recording: &Recording, constants: &Constants) -> Report {
    let mut differences = Vec::new();
    let mut equal = 0;
    for scenario in &recording.scenarios {
        let before = differences.len();
        play(scenario, constants, &mut differences);
        equal += usize::from(differences.len() == before);
    }
    let mut grid_equal = 0;
    for (row, &(replicas, value, target, result)) in recording.grid.iter().enumerate() {
        let proposal = propose(
            value,
            Target::Average(target),
            Scale::settled(replicas),
            constants.hpa_tolerance,
        )
        .map_or(replicas, |(proposal, _)| proposal.max(1));
        if proposal == result {
            grid_equal += 1;
        } else {
            differences.push(Difference {
                scenario: "grid".to_owned(),
                step: row,
                t: "0".to_owned(),
                field: "desired",
                recorded: result.to_string(),
                simulated: proposal.to_string(),
            });
        }
    }
    Report {
        scenarios: recording.scenarios.len(),
        equal,
        grid: recording.grid.len(),
        grid_equal,
        differences,
    }
}

fn play(scenario: &Scenario, constants: &Constants, differences: &mut Vec<Difference>) {
    let targets = scenario.targets.iter().enumerate().map(|(index, text)| {
        let milli = Quantity::parse(text).map_or(0, |quantity| quantity.milli_value());
        match scenario.types.get(index).map(String::as_str) {
            Some("Value") => Target::Value(milli),
            _ => Target::Average(milli),
        }
    });
    let behavior = scenario
        .behavior_filled
        .as_ref()
        .or(scenario.behavior.as_ref());
    let spec = Spec {
        min: scenario.min.unwrap_or(1),
        max: scenario.max,
        targets: targets.collect(),
        behavior: behavior.map(Behavior::from_api),
    };
    let mut controller = Controller::new(spec, constants);
    let mut current = scenario.start;
    for (index, recorded) in scenario.steps.iter().enumerate() {
        // Each step starts from the recorded count, so that one difference does not hide the next.
        current = recorded.current.or(recorded.set).unwrap_or(current);
        let scale = Scale {
            spec: current,
            status: recorded.status_replicas.unwrap_or(current),
            ready: recorded.ready,
        };
        let now = (recorded.t * 1000.0).round() as i64;
        let step = controller.step(now, scale, || recorded.values.clone());
        let mut differ =
            |field: &'static str, recorded_text: Option<&str>, simulated: Option<String>| {
                if recorded_text != simulated.as_deref() {
                    let shown = |text: Option<&str>| text.unwrap_or("nothing").to_owned();
                    differences.push(Difference {
                        scenario: scenario.id.clone(),
                        step: index,
                        t: recorded.t.to_string(),
                        field,
                        recorded: shown(recorded_text),
                        simulated: shown(simulated.as_deref()),
                    });
                }
            };
        differ(
            "desired",
            Some(&recorded.desired.to_string()),
            Some(step.desired.to_string()),
        );
        // Files that hold only counts are compared in their counts.
        if scenario.steps.iter().any(|step| step.able.is_some()) {
            let conditions = controller.conditions();
            differ(
                "reason",
                recorded.reason.as_deref(),
                step.reason.map(reason),
            );
            differ(
                "able",
                recorded.able.as_deref(),
                conditions.able.map(|c| c.to_string()),
            );
            differ(
                "active",
                recorded.active.as_deref(),
                conditions.active.map(|c| c.to_string()),
            );
            differ(
                "limited",
                recorded.limited.as_deref(),
                conditions.limited.map(|c| c.to_string()),
            );
            differ(
                "average",
                recorded.average.as_ref().map(|a| a.join(" ")).as_deref(),
                averages(&step),
            );
            differ("error", recorded.error.as_deref(), error(&step, scenario));
        }
        current = recorded.desired;
    }
}

fn averages(step: &Step) -> Option<String> {
    let texts: Vec<_> = step.averages.iter().map(Average::to_string).collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

fn reason(reason: Reason) -> String {
    reason.text(|index| format!("s{index}-ns-x"))
}

/// What the reconcile returned: the controller names the first trigger that it could not use.
fn error(step: &Step, scenario: &Scenario) -> Option<String> {
    let first = *step.unreadable.first()?;
    let (invalid, all) = (step.unreadable.len(), scenario.targets.len());
    let name = format!("s{first}-ns-x");
    let cause = match scenario.types.get(first).map(String::as_str) {
        Some("Value") => format!(
            "failed to get external metric {name}: unable to calculate ready pods: no pods returned by selector while calculating replica count"
        ),
        _ => format!(
            "failed to get {name} external metric: unable to get external metric ns/{name}/&LabelSelector{{MatchLabels:map[string]string{{scaledobject.keda.sh/name: x,}},MatchExpressions:[]LabelSelectorRequirement{{}},}}: not found"
        ),
    };
    let text = format!(
        "invalid metrics ({invalid} invalid out of {all}), first error is: failed to get {name} external metric value: {cause}"
    );
    Some(if step.gave_up {
        format!(
            "failed to compute desired number of replicas based on listed metrics for Deployment/ns/x: {text}"
        )
    } else {
        text
    })
}
