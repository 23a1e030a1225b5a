//! The world that was made to fail: what failed is given as a dump has it, what follows from it is derived.

use aimctl::controllers::aim::names;
use aimctl::kube::unknown::Uid;
use serde_json::{Value, json};

use super::case::Case;
use super::compare::Outcome;
use super::status;

const UID: &str = "00000000-0000-0000-0000-00000000000a";

/// The documents of a snapshot that tell what the world did, and the artifacts whose names these hang on.
fn told(case: &Case) -> Vec<Value> {
    let snapshot = case.documents("snapshot.yaml");
    let artifacts: Vec<String> = snapshot
        .iter()
        .filter(|document| document["kind"] == "AIMArtifact")
        .map(|document| document["metadata"]["name"].as_str().unwrap().to_owned())
        .collect();
    snapshot
        .into_iter()
        .filter_map(|mut document| {
            let kind = document["kind"].as_str().unwrap().to_owned();
            let metadata = document["metadata"].as_object_mut().unwrap();
            metadata.remove("uid");
            metadata.remove("resourceVersion");
            metadata.remove("generation");
            metadata.remove("creationTimestamp");
            match kind.as_str() {
                "AIMArtifact" => {
                    metadata.insert("uid".to_owned(), json!(UID));
                    document.as_object_mut().unwrap().remove("status");
                }
                "Job" | "PersistentVolumeClaim" => {}
                _ => return None,
            }
            let mut text = serde_json::to_string(&document).unwrap();
            for artifact in &artifacts {
                for what in ["cache", "download", "check-size"] {
                    let stem = format!("{artifact}-{what}-");
                    let name = names::of_artifact(artifact, what, &Uid::Given(UID.to_owned()));
                    let recorded = text
                        .match_indices(&stem)
                        .find_map(|(at, _)| text.get(at..at + name.len()).map(str::to_owned));
                    if let Some(recorded) = recorded {
                        text = text.replace(&recorded, &name);
                    }
                }
            }
            // What only the cluster knows is no label value.
            let mut document: Value = serde_json::from_str(&text.replace("<*>", "x")).unwrap();
            let owners = document.pointer_mut("/metadata/ownerReferences");
            for owner in owners.and_then(Value::as_array_mut).into_iter().flatten() {
                if owner["kind"] == "AIMArtifact" {
                    owner["uid"] = json!(UID);
                }
            }
            Some(document)
        })
        .collect()
}

#[test]
fn what_fails_in_the_cluster_shows_in_the_statuses() {
    let mut bad = Vec::new();
    for case in Case::all("faults") {
        let documents: Vec<String> = case
            .documents("in.yaml")
            .into_iter()
            .chain(told(&case))
            .map(|document| serde_json::to_string(&document).unwrap())
            .collect();
        let plan = Case::plan_of(&documents.join("\n---\n"));
        let expected = case.documents("status.yaml");
        let mut outcome = Outcome::default();
        outcome.add(status::compare(&expected, &plan));
        outcome.add(status::models_and_templates(&expected, &plan));
        assert!(outcome.equal > 0);
        bad.extend(
            outcome
                .different
                .iter()
                .map(|difference| format!("{}: {difference}", case.name)),
        );
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}
