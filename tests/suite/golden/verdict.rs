//! KServe's recorded verdicts: a create and a server-side apply of one InferenceService, and what is stored of it.

use std::sync::Arc;

use aimctl::admission::{self, Operation};
use aimctl::inventory::{Entry, Facts, Kind, Object, Origin, World};
use aimctl::source::DocumentId;
use serde_json::{Value, json};

use super::case::Case;
use super::compare::{self, Outcome};

/// The World of a case's other documents, and its InferenceService.
fn read(case: &Case, file: &str) -> (World, Option<Object>) {
    let mut world = World::new(Facts::default());
    let mut isvc = None;
    for value in case.documents(file) {
        let kind = Kind::of(
            value["apiVersion"].as_str().unwrap(),
            value["kind"].as_str().unwrap(),
        )
        .unwrap();
        let object = Object::from_value(kind, value).unwrap();
        if kind == Kind::InferenceService {
            isvc = Some(object);
        } else {
            world.put(Entry {
                object: Arc::new(object),
                origin: Origin::Given(DocumentId(0)),
                status_given: false,
                managed: Default::default(),
            });
        }
    }
    (world, isvc)
}

fn verdict(result: &Result<Object, Box<aimctl::diag::Refusal>>, created: u16) -> Value {
    match result {
        Ok(_) => json!({"accepted": true, "code": created}),
        Err(refusal) => json!({
            "accepted": false,
            "code": refusal.code,
            "reason": if refusal.reason.is_empty() { Value::Null } else { json!(refusal.reason) },
            "message": refusal.message,
        }),
    }
}

/// What the doors say of one case, against the recording.
pub(super) fn doors(case: &Case) -> Outcome {
    let mut outcome = Outcome::default();
    let recorded = case.documents("verdict.yaml").remove(0);
    let (world, isvc) = read(case, "in.yaml");
    let isvc = isvc.unwrap();
    for (key, operation) in [("create", Operation::Write), ("apply", Operation::Apply)] {
        let result = admission::admit(isvc.clone(), None, operation, &world);
        let mut expected = recorded[key].clone();
        expected.as_object_mut().unwrap().remove("causes");
        compare::values(key, &expected, &verdict(&result, 201), &mut outcome);
        if let (Ok(object), Operation::Apply) = (result, operation) {
            let stored = case.documents("stored.yaml");
            outcome.add(compare::documents(&stored, &[object.to_value()]));
        }
    }
    outcome
}
