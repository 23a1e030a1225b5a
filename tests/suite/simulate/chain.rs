//! Real time through all real processes: the simulation goes the same way, tick by tick.

use std::collections::BTreeMap;

use aimctl::addon::{self, Clamp, Labels, Operation, Query, Store, wrapped};
use aimctl::simulate::chain::{Phase, Requests, Run, Workload, run_at};
use aimctl::simulate::constants::Constants;
use aimctl::simulate::hpa::{Average, Behavior, Spec, Target};
use aimctl::simulate::scenario::{Delivery, Fixed, Keda, Replica, Scaling, Scenario, Trigger};
use serde_json::Value;

use super::vectors;

const NAMESPACE: &str = "ns";

/// Pods that stay pending, and metrics pushed from outside every five seconds.
struct Pushed {
    store: Store,
    queries: Vec<Option<(Query, Operation)>>,
    plan: Pushes,
    deployment: String,
    next: i64,
    replicas: i32,
    until: i64,
}

impl Workload for Pushed {
    fn next(&self) -> i64 {
        self.next
    }

    fn advance(&mut self, now: i64) {
        while self.next <= now {
            let time = self.next;
            self.next += 5000;
            if time > self.until {
                continue;
            }
            let current = self.plan.iter().rev().find(|(from, _)| *from <= time);
            for ((metric, pod), value) in current.iter().flat_map(|(_, values)| values) {
                let mut labels = Labels::from_iter([("namespace", NAMESPACE)]);
                if !pod.is_empty() {
                    labels.text("pod", pod);
                    labels.text("deployment", &self.deployment);
                }
                let seconds = time / 1000;
                self.store
                    .push(metric, &labels, *value, seconds as u32, seconds);
            }
        }
    }

    fn scale(&mut self, _: i64, replicas: i32) {
        self.replicas = replicas;
    }

    fn pods(&self) -> (i32, i32) {
        (self.replicas, 0)
    }

    fn ask(&mut self, trigger: usize, now: i64) -> Option<f64> {
        let (query, operation) = self.queries[trigger].as_ref()?;
        self.store.answer(query, *operation, now / 1000).ok()
    }

    fn requests(&self, _: i64) -> Requests {
        Requests::default()
    }
}

fn scenario(id: &str, recorded: &Value) -> Scenario {
    let triggers: Vec<_> = recorded["triggers"].as_array().unwrap().iter().collect();
    let target = |trigger: &&Value| addon::target(trigger["target"].as_str());
    let scaling = if triggers.iter().all(|trigger| target(trigger).is_err()) {
        Scaling::Fixed(Fixed::Cpu(None))
    } else {
        let min = recorded["min"].as_i64().unwrap() as i32;
        Scaling::Keda(Keda {
            ignored: Vec::new(),
            min_replica_count: min,
            hpa: Spec {
                min: min.max(1),
                max: recorded["max"].as_i64().unwrap() as i32,
                targets: triggers
                    .iter()
                    .map(|t| Target::Average(target(t).unwrap() * 1000))
                    .collect(),
                behavior: Some(Behavior::from_api(
                    &serde_json::from_value(serde_json::json!({
                        "scaleUp": {"stabilizationWindowSeconds": 0},
                        "scaleDown": {"stabilizationWindowSeconds": 300},
                    }))
                    .unwrap(),
                )),
            },
            triggers: triggers
                .iter()
                .enumerate()
                .map(|(index, trigger)| Trigger {
                    metric: Some(format!("s{index}-{NAMESPACE}-{id}")),
                    query: Query::parse(&wrapped(
                        trigger["query"].as_str().unwrap(),
                        NAMESPACE,
                        id,
                    )),
                    operation: Operation::lenient(trigger["operationOverTime"].as_str()),
                    clamp: Clamp::default(),
                    cached: false,
                    delivery: Delivery::Pods,
                })
                .collect(),
        })
    };
    Scenario {
        service: id.to_owned(),
        start: recorded["start"].as_i64().unwrap() as i32,
        scaling,
        replica: Replica {
            capacity: 1,
            start_delay: 1,
            cold: false,
        },
        constants: Constants::default(),
    }
}

type Pushes = Vec<(i64, BTreeMap<(String, String), f64>)>;

fn pushes(recorded: &Value) -> Pushes {
    let values =
        |given: &Value| {
            let mut all = BTreeMap::new();
            for (metric, value) in given.as_object().unwrap() {
                match value.as_object() {
                    Some(pods) => all.extend(pods.iter().map(|(pod, value)| {
                        ((metric.clone(), pod.clone()), value.as_f64().unwrap())
                    })),
                    None => {
                        all.insert((metric.clone(), "p0".to_owned()), value.as_f64().unwrap());
                    }
                }
            }
            all
        };
    let changes = recorded["pushedEvery5s"].as_array().unwrap();
    changes
        .iter()
        .map(|change| (change[0].as_i64().unwrap() * 1000, values(&change[1])))
        .collect()
}

/// Only the first twelve changes are in the file: the slope goes on, a gauge down to 0; the counter of
/// `rate-counter-reset` begins anew at 100 s.
fn extend(id: &str, plan: &mut Pushes) {
    if plan.len() < 12 {
        return;
    }
    let key = plan[0].1.keys().next().unwrap().clone();
    let slope = plan[1].1[&key] - plan[0].1[&key];
    let first = plan[0].1[&key];
    for round in 12..200 {
        let since = if id == "rate-counter-reset" && round >= 20 {
            round - 20
        } else {
            round
        };
        let value = (first + slope * f64::from(since)).max(0.0);
        plan.push((
            i64::from(round) * 5000,
            BTreeMap::from([(key.clone(), value)]),
        ));
    }
}

fn workload(id: &str, scenario: &Scenario, all: &Value) -> Pushed {
    let recorded = &all[id];
    let mut plan = pushes(recorded);
    extend(id, &mut plan);
    if id == "crosstalk-b" {
        // The pod without the deployment label is another service's of the namespace.
        for (metric, value) in pushes(&all["crosstalk-a"]).remove(0).1 {
            plan[0].1.insert(metric, value);
        }
    }
    let queries = scenario.keda().map_or(Vec::new(), |keda| {
        keda.triggers
            .iter()
            .map(|t| t.query.clone().ok().map(|query| (query, t.operation)))
            .collect()
    });
    Pushed {
        store: Store::default(),
        queries,
        plan,
        deployment: id.to_owned(),
        next: 0,
        replicas: scenario.start,
        until: i64::MAX,
    }
}

/// What is compared: count, averages, the three conditions.
type Row = (i64, String);

fn recorded_rows(id: &str, recorded: &Value) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for row in recorded["timeline"].as_array().unwrap() {
        let text = |key: &str| row["hpa"][key].as_str().unwrap_or("-").to_owned();
        let averages: Vec<_> = row["metrics"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|metric| metric["averageValue"].as_str().unwrap_or("-"))
            .collect();
        let averages = averages.join(" ");
        // For one tick KEDA had just thrown its scalers away: no answer at all, which changed nothing.
        if id == "two-one-missing-down" && averages == "- -" {
            continue;
        }
        let key = format!(
            "{} [{averages}] {} {} {}",
            row["replicas"],
            text("AbleToScale"),
            text("ScalingActive"),
            text("ScalingLimited")
        );
        if rows.last().is_none_or(|(_, last)| *last != key) {
            rows.push(((row["t"].as_f64().unwrap() * 1000.0) as i64, key));
        }
    }
    rows
}

fn simulated_rows(start: i32, run: &Run) -> Vec<Row> {
    let mut rows: Vec<Row> = vec![(0, format!("{start} [] - - -"))];
    let moves = run
        .moves
        .iter()
        .filter(|shift| shift.by_keda)
        .map(|shift| (shift.time, Some(shift.to), None));
    let ticks = run.ticks.iter().map(|tick| (tick.time, None, Some(tick)));
    let mut all: Vec<_> = moves.chain(ticks).collect();
    all.sort_by_key(|(time, ..)| *time);
    let mut tail = "[] - - -".to_owned();
    for (time, moved, tick) in all {
        let count = match (moved, tick) {
            (Some(to), _) => to,
            (None, Some(tick)) => {
                let text = |shown: Option<String>| shown.unwrap_or_else(|| "-".to_owned());
                let averages: Vec<_> = tick.step.averages.iter().map(Average::to_string).collect();
                tail = format!(
                    "[{}] {} {} {}",
                    averages.join(" "),
                    text(tick.conditions.able.map(|c| c.to_string())),
                    text(tick.conditions.active.map(|c| c.to_string())),
                    text(tick.conditions.limited.map(|c| c.to_string()))
                );
                tick.step.desired
            }
            (None, None) => continue,
        };
        let key = format!("{count} {tail}");
        if rows.last().is_none_or(|(_, last)| *last != key) {
            rows.push((time, key));
        }
    }
    rows
}

/// What a look once a second can miss: of rows within a second only the last.
fn sampled(rows: &[Row]) -> Vec<Row> {
    let next = rows.iter().skip(1).map(|(time, _)| *time).chain([i64::MAX]);
    let kept = rows
        .iter()
        .zip(next)
        .filter(|((time, _), next)| next - time >= 1000);
    kept.map(|(row, _)| row.clone()).collect()
}

/// The first row that shows what the HPA controller or KEDA did, in milliseconds.
fn first(recorded: &Value, seen: impl Fn(&Value) -> bool) -> i64 {
    let row = recorded["timeline"]
        .as_array()
        .unwrap()
        .iter()
        .find(|row| seen(row))
        .unwrap();
    (row["t"].as_f64().unwrap() * 1000.0) as i64
}

#[test]
fn the_chain_goes_the_recorded_way() {
    let file = vectors("chain-timelines.json");
    let all = &file["scenarios"];
    let mut differ = Vec::new();
    for (id, recorded) in all.as_object().unwrap() {
        let scenario = scenario(id, recorded);
        let expected = recorded_rows(id, recorded);
        let length = expected.last().unwrap().0 + 20_000;
        if let Scaling::Fixed(Fixed::Cpu(_)) = scenario.scaling {
            // The CPU metric is not there in the recording: nothing moves.
            assert!(
                recorded["timeline"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|row| row["replicas"] == scenario.start),
                "{id}"
            );
            continue;
        }
        // The phases are arbitrary: the samples tell them within about a second.
        let hpa = first(recorded, |row| row["hpa"]["AbleToScale"].is_string());
        let keda = first(recorded, |row| {
            row["so"]["Active"]
                .as_str()
                .is_some_and(|text| text != "Unknown")
        });
        let phases = (0..12).flat_map(|a| (0..8).map(move |b| (hpa - a * 100, keda - b * 300)));
        // Real ticks come some milliseconds late, one after the other: two loops drift apart.
        let phases = [0, 10]
            .into_iter()
            .flat_map(|late| phases.clone().map(move |p| (late, p)));
        let mut last = Vec::new();
        let followed = phases.into_iter().any(|(late, (hpa, keda))| {
            let mut scenario = scenario.clone();
            scenario.constants.hpa_sync += late;
            let phase = Phase { hpa, keda };
            let mut workload = workload(id, &scenario, all);
            let run = run_at(&scenario, &mut workload, length, 1000, phase);
            last = simulated_rows(scenario.start, &run);
            let same = |rows: &[Row]| {
                rows.len() == expected.len()
                    && rows.iter().zip(&expected).skip(1).all(|(ours, theirs)| {
                        ours.1 == theirs.1 && (ours.0 - theirs.0).abs() <= 2000
                    })
            };
            same(&last) || same(&sampled(&last))
        });
        if !followed {
            let show = |rows: &[Row]| {
                rows.iter()
                    .map(|(t, row)| format!("  {:>6.1} {row}\n", *t as f64 / 1000.0))
                    .collect::<String>()
            };
            differ.push(format!(
                "{id}\n recorded\n{} simulated\n{}",
                show(&expected),
                show(&last)
            ));
        }
    }
    assert!(
        differ.is_empty(),
        "{} differ\n{}",
        differ.len(),
        differ.join("\n")
    );
}
