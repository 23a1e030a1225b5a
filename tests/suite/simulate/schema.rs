//! The published schema of the JSON output is that of its types, and the output keeps to it.

use std::path::Path;
use std::process::Command;

use aimctl::simulate::report::Report;
use serde_json::Value;

#[test]
fn the_schema_is_up_to_date_and_kept_to() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join("schemas/simulation.v1.json");
    let schema = schemars::schema_for!(Report).to_value();
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMAS").is_some() {
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &text).unwrap();
    }
    assert!(
        std::fs::read_to_string(&file).is_ok_and(|stored| stored == text),
        "schemas/simulation.v1.json is not that of the types: run the test with UPDATE_SCHEMAS=1"
    );
    let output = Command::new(env!("CARGO_BIN_EXE_aimctl"))
        .args([
            "simulate",
            "tests/simulate/chat.yaml",
            "--compare",
            "tests/golden/kserve/kserve-keda-no-metrics/in.yaml",
        ])
        .args(["--for", "10m", "-o", "json"])
        .current_dir(root)
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&report)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}
