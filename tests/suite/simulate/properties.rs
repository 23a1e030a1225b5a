//! What holds for every HPA, every load and every trace.

use aimctl::addon::{Clamp, Operation, Query};
use aimctl::simulate::advice::Setting;
use aimctl::simulate::constants::{Constants, duration, format_duration};
use aimctl::simulate::fleet::Signal;
use aimctl::simulate::hpa::{Behavior, Controller, Policy, Rules, Scale, Select, Spec, Target};
use aimctl::simulate::load::{Load, Pattern, Shape, Trace};
use aimctl::simulate::scenario::{Delivery, Keda, Replica, Scaling, Scenario, Trigger};
use proptest::prelude::*;

fn rules() -> impl Strategy<Value = Rules> {
    let policy =
        (any::<bool>(), 1..=200i32, 1..=120i32).prop_map(|(percent, value, period)| Policy {
            percent,
            value,
            period,
        });
    let select = prop_oneof![Just(Select::Max), Just(Select::Min), Just(Select::Disabled)];
    (
        prop::option::of(0..=600i32),
        select,
        prop::collection::vec(policy, 1..3),
    )
        .prop_map(|(window, select, policies)| Rules {
            window,
            select,
            policies,
        })
}

fn behavior() -> impl Strategy<Value = Option<Behavior>> {
    prop::option::of((rules(), rules()).prop_map(|(up, down)| Behavior { up, down }))
}

/// Bounds, targets, behavior, and values for each step.
fn hpa() -> impl Strategy<Value = (Spec, Vec<Vec<Option<i64>>>)> {
    (
        1..6i32,
        0..20i32,
        prop::collection::vec(1..100_000i64, 1..4),
        behavior(),
    )
        .prop_flat_map(|(min, more, targets, behavior)| {
            let value = prop::option::weighted(0.9, prop_oneof![0..2_000_000i64, any::<i64>()]);
            let steps = prop::collection::vec(prop::collection::vec(value, targets.len()), 1..60);
            let targets = targets.into_iter().map(Target::Average).collect();
            (
                Just(Spec {
                    min,
                    max: min + more,
                    targets,
                    behavior,
                }),
                steps,
            )
        })
}

fn scenario(
    target: i64,
    operation: Operation,
    replica: Replica,
    (min, max): (i32, i32),
    start: i32,
) -> Scenario {
    Scenario {
        service: "team/chat".to_owned(),
        start,
        scaling: Scaling::Keda(Keda {
            min_replica_count: min,
            hpa: Spec {
                min,
                max,
                targets: vec![Target::Average(target * 1000)],
                behavior: Some(Behavior::from_api(&Default::default())),
            },
            ignored: Vec::new(),
            triggers: vec![Trigger {
                metric: Some("s0-team-chat".to_owned()),
                query: Query::parse(
                    "sum(vllm:num_requests_running{namespace=\"team\", deployment=\"chat\"})",
                ),
                operation,
                clamp: Clamp::default(),
                cached: false,
                delivery: Delivery::Pods,
            }],
        }),
        replica,
        constants: Constants::default(),
    }
}

proptest! {
    #[test]
    fn never_outside_the_bounds((spec, steps) in hpa(), start in 1..40i32, late in 0..400i64) {
        let (min, max) = (spec.min, spec.max);
        let mut controller = Controller::new(spec, &Constants::default());
        let mut replicas = start;
        for (index, values) in steps.into_iter().enumerate() {
            let now = index as i64 * (15_000 + late);
            replicas = controller.step(now, Scale::settled(replicas), || values).desired;
            prop_assert!((min..=max).contains(&replicas), "{replicas} at step {index}, {min}..{max}");
        }
    }

    #[test]
    fn one_metric_that_cannot_be_read_never_lowers((mut spec, steps) in hpa(), start in 1..20i32) {
        spec.max = spec.max.max(start);
        spec.min = spec.min.min(start);
        spec.targets.push(Target::Average(1000));
        let mut controller = Controller::new(spec, &Constants::default());
        let mut replicas = start;
        for (index, mut values) in steps.into_iter().enumerate() {
            values.push(None);
            let after = controller.step(index as i64 * 15_000, Scale::settled(replicas), || values).desired;
            // A proposal equal to the count goes on, and then the past may still ask for less upwards: never lower.
            prop_assert!(after >= replicas);
            replicas = after;
        }
    }

    #[test]
    fn requests_are_neither_lost_nor_served_twice(
        high in 0..500u32,
        capacity in 1..40u32,
        shape in prop::sample::select(Shape::ALL.to_vec()),
        cold in any::<bool>(),
    ) {
        let replica = Replica { capacity, start_delay: 90_000, cold };
        let scenario = scenario(10, Operation::LastOne, replica, (1, 9), 2);
        let load = Load::Pattern(Pattern { shape, low: 0.0, high: f64::from(high), length: 1_800_000 });
        let setting = Setting { scenario: &scenario, signals: &[Some(Signal::Running)], load: &load, length: 1_800_000 };
        for sample in setting.play(5_000).samples {
            let requests = sample.requests;
            prop_assert_eq!(requests.running + requests.waiting, requests.total);
            prop_assert!(requests.running <= f64::from(sample.ready) * f64::from(capacity));
            prop_assert!(sample.ready <= sample.replicas.max(2));
        }
    }

    #[test]
    fn traces_and_durations_never_panic(text in ".{0,80}", lines in "([0-9:.,;smhTZ+-]{0,12}\n){0,6}") {
        let _ = Trace::parse(&text);
        let _ = duration(&text);
        if let Ok(trace) = Trace::parse(&lines) {
            for ms in [-5, 0, 1, trace.end(), i64::MAX] {
                prop_assert!(trace.at(0, ms).is_finite() || trace.columns.is_empty());
            }
        }
    }

    #[test]
    fn a_duration_reads_as_it_is_written(tenths in 0..10_000_000i64) {
        prop_assert_eq!(duration(&format_duration(tenths * 100)), Some(tenths * 100));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn a_steady_load_reaches_a_fixed_point(
        load in 0..300u32,
        target in 1..40i64,
        capacity in 1..40u32,
        min in 1..4i32,
        more in 0..12i32,
        start in 1..16i32,
        delay in 0..200i64,
        operation in prop::sample::select(Operation::ALL.to_vec()),
    ) {
        let replica = Replica { capacity, start_delay: delay * 1000, cold: false };
        let mut scenario = scenario(target, operation, replica, (min, min + more), start);
        // Pods that are gone count for two minutes, which can keep a count going up and down for ever (see below).
        scenario.constants.retention = 5_000;
        let load = Load::Trace(Trace::parse(&format!("0,{load}\n")).unwrap());
        let setting = Setting { scenario: &scenario, signals: &[Some(Signal::Running)], load: &load, length: 4 * 3_600_000 };
        let run = setting.play(60_000);
        let last = run.moves.last().map_or(0, |shift| shift.time);
        prop_assert!(last < 3 * 3_600_000, "still moves at {last}: {:?}", run.moves.last());
        for sample in run.samples.iter().filter(|sample| sample.time >= 60_000) {
            prop_assert!((min..=min + more).contains(&sample.replicas));
        }
        prop_assert_eq!(run, setting.play(60_000));
    }
}

/// 42 requests and a target of 6 want 7 replicas. The eighth goes, still counts, and is asked for again.
#[test]
fn a_pod_that_is_gone_can_keep_a_steady_load_moving() {
    let replica = Replica {
        capacity: 6,
        start_delay: 0,
        cold: false,
    };
    let mut scenario = scenario(6, Operation::LastOne, replica, (1, 8), 8);
    let load = Load::Trace(Trace::parse("0,42").unwrap());
    let moves = |scenario: &Scenario| {
        let setting = Setting {
            scenario,
            signals: &[Some(Signal::Running)],
            load: &load,
            length: 3_600_000,
        };
        setting
            .play(60_000)
            .moves
            .iter()
            .map(|shift| (shift.time / 1000, shift.to))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        moves(&scenario)[..4],
        [(315, 7), (330, 8), (735, 7), (750, 8)]
    );
    scenario.constants.retention = 5_000;
    assert_eq!(moves(&scenario), [(315, 7)]);
}

#[test]
fn traces_are_read() {
    let rows = |text: &str| Trace::parse(text).map(|trace| trace.rows);
    let minute = vec![(0, vec![1.0]), (60_000, vec![5.0])];
    for text in [
        "0,1\n60,5",
        "time,requests\n0,1\n1m,5\n",
        "09:30;1\n09:31;5",
        "# from the gateway\nt\tload\r\n2026-11-24T23:59:30Z\t1\r\n2026-11-25T01:00:30+01:00\t5\r\n",
        "\u{feff}2026-02-28 23:59:00, 1\n2026-03-01 00:00:00, 5",
    ] {
        assert_eq!(rows(text), Ok(minute.clone()), "{text}");
    }
    let error = |text: &str| Trace::parse(text).unwrap_err().to_string();
    assert_eq!(error(""), "the trace has no rows");
    assert_eq!(
        error("0,1\n0,2"),
        "line 2: 0 does not come after the line before"
    );
    assert_eq!(
        error("0,-1"),
        "line 1: \"-1\" is no load: a number from 0 on is"
    );
    assert_eq!(error("t,a,b\n0,1"), "line 2: 1 values for 2 columns (a, b)");
    assert_eq!(error("0,1\nsoon,2"), "line 2: \"soon\" is no time");
    let mut trace = Trace::parse("0,0\n100,50").unwrap();
    assert_eq!(
        (trace.at(0, 99_999), trace.at(0, 100_000), trace.end()),
        (0.0, 50.0, 100_000)
    );
    trace.linear = true;
    assert_eq!(trace.at(0, 50_000), 25.0);
}

#[test]
#[ignore = "a measurement: run it with --release"]
fn an_hour_of_a_thousand_services() {
    let load = Load::Pattern(Pattern {
        shape: Shape::Sine,
        low: 0.0,
        high: 100.0,
        length: 3_600_000,
    });
    let before = std::time::Instant::now();
    let mut moves = 0;
    for service in 0..1000 {
        let replica = Replica {
            capacity: 12 + service % 7,
            start_delay: 120_000,
            cold: false,
        };
        let operation = if service % 4 == 0 {
            Operation::Avg
        } else {
            Operation::LastOne
        };
        let scenario = scenario(10, operation, replica, (1, 8), 1);
        let setting = Setting {
            scenario: &scenario,
            signals: &[Some(Signal::Running)],
            load: &load,
            length: 3_600_000,
        };
        moves += setting.play(1000).moves.len();
    }
    println!("{moves} moves in {:?}", before.elapsed());
}
