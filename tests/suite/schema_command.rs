//! `aimctl schema` and `aimctl catalog`, as their readers use them.

use std::path::Path;
use std::process::Command;

use aimctl::cli::commands::schema;
use aimctl::schema::publish;
use serde_json::Value;

fn aimctl(args: &[&str]) -> (i32, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_aimctl"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn own_schemas_are_what_the_types_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    for (word, file) in schema::own_files() {
        let text = format!("{:#}\n", schema::own(word).unwrap());
        let path = folder.join(file);
        if std::env::var_os("AIMCTL_BLESS").is_some() {
            std::fs::write(&path, &text).unwrap();
        }
        assert!(
            std::fs::read_to_string(&path).is_ok_and(|stored| stored == text),
            "schemas/{file} is out of date: AIMCTL_BLESS=1 rewrites it"
        );
    }
}

#[test]
fn every_listed_schema_is_printed() {
    let (code, list, _) = aimctl(&["schema"]);
    assert_eq!(code, 0);
    let names: Vec<&str> = list
        .lines()
        .skip(1)
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    assert_eq!(
        names.len(),
        publish::kinds().count() + schema::own_files().count()
    );
    for name in names {
        let (code, text, _) = aimctl(&["schema", name]);
        assert_eq!(code, 0, "{name}");
        let schema: Value = serde_json::from_str(&text).unwrap();
        assert!(jsonschema::meta::is_valid(&schema), "{name}");
    }
}

#[test]
fn the_flavour_decides_about_null() {
    let service = serde_json::json!({
        "apiVersion": "aim.eai.amd.com/v1alpha1", "kind": "AIMService", "metadata": {"name": "chat"},
        "spec": {"model": {"image": "x"}, "replicas": null},
    });
    let valid = |args: &[&str]| {
        let schema: Value = serde_json::from_str(&aimctl(args).1).unwrap();
        jsonschema::validator_for(&schema)
            .unwrap()
            .is_valid(&service)
    };
    assert!(valid(&[
        "schema",
        "AIMServices",
        "--flavour",
        "kubeconform"
    ]));
    assert!(!valid(&["schema", "aimservice"]));
}

#[test]
fn the_reports_keep_to_their_schemas() {
    for (word, args) in [
        (
            "report",
            vec![
                "validate",
                "--format",
                "json",
                "examples/seed/basic-autoscaling.yaml",
            ],
        ),
        (
            "diff",
            vec![
                "diff",
                "examples/seed/static.yaml",
                "examples/seed/custom-metrics.yaml",
                "--format",
                "json",
            ],
        ),
    ] {
        let schema: Value = serde_json::from_str(&aimctl(&["schema", word]).1).unwrap();
        let report: Value = serde_json::from_str(&aimctl(&args).1).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{word}: {errors:#?}");
    }
}

#[test]
fn what_has_no_schema_is_refused_with_the_nearest() {
    let (code, stdout, stderr) = aimctl(&["schema", "aimservise"]);
    assert_eq!((code, stdout.as_str()), (2, ""));
    assert!(stderr.contains("did you mean `aimservice`?"), "{stderr}");
}

#[test]
fn the_catalog_shows_all_images_some_or_one() {
    let (_, all, _) = aimctl(&["catalog"]);
    let (_, some, _) = aimctl(&["catalog", "Mixtral"]);
    let (_, one, _) = aimctl(&[
        "catalog",
        "docker.io/amdenterpriseai/aim-qwen-qwen3-32b:0.8.5",
    ]);
    let (_, json, _) = aimctl(&["catalog", "-o", "json"]);
    let (_, names, _) = aimctl(&["catalog", "-o", "name"]);
    let json: Vec<Value> = serde_json::from_str(&json).unwrap();
    assert_eq!(all.lines().count(), json.len() + 1);
    assert_eq!(names.lines().count(), json.len());
    assert!(some.lines().count() < all.lines().count());
    assert!(some.to_lowercase().contains("mixtral"), "{some}");
    assert!(one.contains("model    Qwen/Qwen3-32B"), "{one}");
    for profile in json
        .iter()
        .filter(|image| one.contains(image["image"].as_str().unwrap()))
        .flat_map(|image| image["profiles"].as_array().unwrap())
    {
        assert!(
            one.contains(profile["profileId"].as_str().unwrap()),
            "{one}"
        );
    }
    let (code, _, stderr) = aimctl(&["catalog", "amdenterpriseai/aim-qwen-qwen3-32b:0.8.6"]);
    assert_eq!(code, 2);
    assert!(
        stderr.contains("did you mean `amdenterpriseai/aim-qwen-qwen3-32b:0.8.5`?"),
        "{stderr}"
    );
}
