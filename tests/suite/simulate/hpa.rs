//! Every recorded step of the real HPA controller, conditions included.

use aimctl::simulate::constants::Constants;
use aimctl::simulate::replay::{Recording, replay};

use super::vectors;

#[test]
fn every_recorded_step_is_equal() {
    let mut recording = vectors("hpa-steps.json");
    let scenarios = vectors("hpa-steps-random.json")["scenarios"]
        .as_array()
        .unwrap()
        .clone();
    recording["scenarios"]
        .as_array_mut()
        .unwrap()
        .extend(scenarios);
    let recording: Recording = serde_json::from_value(recording).unwrap();
    let report = replay(&recording, &Constants::default());
    let shown: Vec<_> = report
        .differences
        .iter()
        .take(20)
        .map(ToString::to_string)
        .collect();
    assert!(
        report.differences.is_empty(),
        "{} differences:\n{}",
        report.differences.len(),
        shown.join("\n")
    );
    assert_eq!((report.scenarios, report.equal), (171, 171));
    assert_eq!((report.grid, report.grid_equal), (451, 451));
}

#[test]
fn a_wrong_step_is_found() {
    let mut recording = vectors("hpa-steps.json");
    recording["scenarios"][0]["steps"][0]["desired"] = 7.into();
    let report = replay(
        &serde_json::from_value(recording).unwrap(),
        &Constants::default(),
    );
    assert_eq!(report.equal, report.scenarios - 1);
    assert_eq!(
        report.differences[0].to_string(),
        "9.5-b step 0 (t=0): desired recorded 7, simulated 5"
    );
}
