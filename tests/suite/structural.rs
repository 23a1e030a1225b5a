//! The structural engine on the recorded CRDs of the other products.

use aimctl::diag::FieldPath;
use aimctl::inventory::Kind;
use aimctl::schema::{self, structural};
use serde_json::json;

#[test]
fn scaled_object_without_triggers_is_refused_in_kubernetes_words() {
    let schema = schema::of(Kind::ScaledObject).unwrap();
    let mut object = json!({"apiVersion": "keda.sh/v1alpha1", "kind": "ScaledObject", "metadata": {"name": "a"},
        "spec": {"scaleTargetRef": {"name": "x"}, "minReplicaCount": "1"}});
    let found = schema.complete(&mut object, true);
    assert!(found.invalid && found.unknown.is_empty());
    let texts: Vec<String> = schema
        .errors(&object)
        .iter()
        .map(|error| error.text())
        .collect();
    assert_eq!(
        texts,
        [
            "spec.triggers: Required value",
            "spec.minReplicaCount: Invalid value: \"string\": spec.minReplicaCount in body must be of type integer: \"string\"",
        ]
    );
}

#[test]
fn http_route_gets_its_defaults() {
    let schema = schema::of(Kind::HttpRoute).unwrap();
    let mut object = json!({"spec": {"parentRefs": [{"name": "g"}], "rules": [{"backendRefs": [{"name": "s", "port": 80}], "x": 1}]}});
    let unknown = structural::prune(schema, &mut object);
    assert_eq!(unknown, [FieldPath::parse("spec.rules[0].x")]);
    assert_eq!(
        object,
        json!({"spec": {
            "parentRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "g"}],
            "rules": [{
                "backendRefs": [{"group": "", "kind": "Service", "name": "s", "port": 80, "weight": 1}],
                "matches": [{"path": {"type": "PathPrefix", "value": "/"}}],
            }],
        }})
    );
    assert!(structural::validate(schema, &object).is_empty());
    object["spec"]["rules"][0]["timeouts"] = json!({"request": "1.5s"});
    let errors = structural::validate(schema, &object);
    assert_eq!(
        errors[0].text(),
        "spec.rules[0].timeouts.request: Invalid value: \"1.5s\": spec.rules[0].timeouts.request in body should match '^([0-9]{1,5}(h|m|s|ms)){1,4}$'"
    );
}
