//! The recorded cases: what the real controllers made of an input, against the plan.
//!
//! `GOLDEN_CASE=text` takes only cases whose name holds the text; `GOLDEN_VERBOSE=1` prints every difference.

mod aim_rules;
mod case;
mod changes;
mod compare;
mod faults;
mod fidelity;
mod findings;
mod known;
mod kserve;
mod kserve_rules;
mod otel_rules;
mod refused;
mod service_refused;
mod status;
mod verdict;

use std::sync::OnceLock;

use case::Case;
use compare::Outcome;

/// One thing that the recorded cases of a group are compared in.
struct Check {
    /// The part of the stack whose work it is (its name in `inventory/stack.rs`).
    controller: &'static str,
    /// The folder of the cases.
    group: &'static str,
    /// What is compared.
    what: &'static str,
    outcome: fn(&Case) -> Outcome,
    report: OnceLock<Report>,
}

/// What came of a check.
#[derive(Default)]
struct Report {
    cases: usize,
    total: Outcome,
    /// Cases that differ and are not known to, with their differences.
    bad: Vec<(String, Vec<String>)>,
    /// Known cases that do not differ.
    needless: Vec<&'static str>,
    known: Vec<&'static known::Difference>,
}

const fn check(
    controller: &'static str,
    group: &'static str,
    what: &'static str,
    outcome: fn(&Case) -> Outcome,
) -> Check {
    Check {
        controller,
        group,
        what,
        outcome,
        report: OnceLock::new(),
    }
}

const AIM: &str = "AIM Engine";
const KSERVE: &str = "KServe";
const KEDA: &str = "KEDA";
const OTEL: &str = "OpenTelemetry Operator";

static CHECKS: [Check; 17] = [
    check(AIM, "aim", "objects", |case| case.outcome(&["aim.yaml"])),
    check(AIM, "aim", "status of services", |case| {
        case.outcome(&["status.yaml"])
    }),
    check(AIM, "aim", "status of models and templates", |case| {
        case.outcome(&[case::MODEL_STATUS])
    }),
    check(AIM, "aim", "refusals", service_refused::outcome),
    check(KSERVE, "aim", "objects of the chain", |case| {
        case.outcome(&["kserve.yaml"])
    }),
    check(KSERVE, "aim", "KServe's stage alone", kserve::stage),
    check(
        KSERVE,
        "kserve",
        "verdicts and stored forms",
        verdict::doors,
    ),
    check(KSERVE, "kserve", "objects", |case| {
        case.outcome(&["kserve.yaml", "stored.yaml"])
    }),
    check(KSERVE, "kserve", "status and events", kserve::verdict),
    check(KEDA, "aim", "objects of the chain (KEDA)", |case| {
        case.outcome(&["keda.yaml"])
    }),
    check(
        KEDA,
        "kserve",
        "objects of the chain, with the operator's",
        |case| case.outcome(&["others.yaml"]),
    ),
    check(KEDA, "keda", "objects and status", |case| {
        case.outcome(&["keda.yaml", "status.yaml"])
    }),
    check(KEDA, "keda", "refusals", refused::outcome),
    check(OTEL, "aim", "objects of the chain (operator)", |case| {
        case.outcome(&["otel.yaml"])
    }),
    check(OTEL, "kserve", "pods", |case| case.outcome(&["otel.yaml"])),
    check(OTEL, "otel", "pods and objects", |case| {
        case.outcome(&["otel.yaml", "other.yaml"])
    }),
    check(OTEL, "otel", "refusals", refused::outcome),
];

impl Check {
    fn report(&self) -> &Report {
        self.report.get_or_init(|| self.run())
    }

    fn run(&self) -> Report {
        let filter = std::env::var("GOLDEN_CASE").unwrap_or_default();
        let mut report = Report::default();
        for case in Case::all(self.group)
            .into_iter()
            .filter(|case| case.name.contains(&filter))
        {
            let outcome = (self.outcome)(&case);
            let differs = !outcome.different.is_empty();
            let known = known::DIFFERENCES
                .iter()
                .find(|known| known.is(self.group, self.what, &case.name));
            report.cases += 1;
            match known {
                Some(known) if differs => report.known.push(known),
                Some(known) => report.needless.push(known.case),
                None if differs => report
                    .bad
                    .push((case.name.clone(), outcome.different.clone())),
                None => {}
            }
            report.total.add(outcome);
        }
        report
    }
}

/// Compares every case of a group; panics when anything differs that is not known to, or does not that is.
fn assert_equal(group: &str, what: &str) {
    let check = CHECKS
        .iter()
        .find(|check| check.group == group && check.what == what)
        .unwrap();
    let report = check.report();
    if std::env::var("GOLDEN_VERBOSE").is_ok() {
        for (case, lines) in &report.bad {
            println!("── {group}/{case}");
            for line in lines {
                println!("   {line}");
            }
        }
    }
    let bad: Vec<String> = report
        .bad
        .iter()
        .map(|(case, lines)| format!("{case} ({})", lines.len()))
        .collect();
    assert!(
        bad.is_empty(),
        "{} cases differ: {}",
        bad.len(),
        bad.join(", ")
    );
    assert!(
        report.needless.is_empty(),
        "{group} {what}: known to differ, but equal: {:?}",
        report.needless
    );
}

macro_rules! checks {
    ($($test:ident: $group:literal, $what:literal;)*) => {
        $(#[test]
        fn $test() {
            assert_equal($group, $what);
        })*

        #[test]
        fn every_check_has_its_test() {
            let tested = [$(($group, $what)),*];
            let all: Vec<(&str, &str)> = CHECKS.iter().map(|c| (c.group, c.what)).collect();
            assert_eq!(all, tested);
        }
    };
}

checks! {
    aim_stage_of_aim_cases: "aim", "objects";
    status_of_aim_cases: "aim", "status of services";
    status_of_models_and_templates: "aim", "status of models and templates";
    refusals_of_aim_cases: "aim", "refusals";
    kserve_stage_of_aim_cases: "aim", "objects of the chain";
    kserve_stage_of_recorded_inference_services: "aim", "KServe's stage alone";
    doors_of_kserve_cases: "kserve", "verdicts and stored forms";
    kserve_cases: "kserve", "objects";
    status_and_events_of_kserve_cases: "kserve", "status and events";
    keda_stage_of_aim_cases: "aim", "objects of the chain (KEDA)";
    others_of_kserve_cases: "kserve", "objects of the chain, with the operator's";
    keda_cases: "keda", "objects and status";
    refusals_of_keda_cases: "keda", "refusals";
    otel_stage_of_aim_cases: "aim", "objects of the chain (operator)";
    pods_of_kserve_cases: "kserve", "pods";
    otel_cases: "otel", "pods and objects";
    refusals_of_otel_cases: "otel", "refusals";
}

#[test]
fn known_differences_are_of_recorded_cases() {
    for known in known::DIFFERENCES {
        assert!(
            Case::all(known.group)
                .iter()
                .any(|case| case.name == known.case),
            "{}",
            known.case
        );
        for what in known.whats {
            let is = |check: &Check| check.group == known.group && check.what == *what;
            assert!(CHECKS.iter().any(is), "{}: {what}", known.case);
        }
    }
}
