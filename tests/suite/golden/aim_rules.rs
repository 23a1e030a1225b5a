//! Rules of spec page 2 whose recordings are not among the cases.

use aimctl::engine::Plan;
use aimctl::inventory::Kind;
use serde_json::Value;

use super::case::Case;

/// A node, a model with its image, a template with its sources and a ready cache.
const WORLD: &str = include_str!("aim_rules.yaml");

fn plan(documents: &str) -> Plan {
    Case::plan_of(&format!("{WORLD}---\n{documents}"))
}

fn service(name: &str, spec: &str) -> String {
    format!(
        "apiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMService\nmetadata: {{name: {name}}}\nspec:\n  model: {{name: qwen3-32b}}\n  {spec}\n"
    )
}

fn names(plan: &Plan, kind: Kind) -> Vec<String> {
    let mut names: Vec<String> = plan
        .objects
        .iter()
        .filter(|planned| planned.key.kind == kind)
        .map(|planned| planned.key.name.clone())
        .collect();
    names.sort();
    names
}

fn made(plan: &Plan, kind: Kind, name: &str) -> Value {
    let found = plan
        .objects
        .iter()
        .find(|planned| planned.key.kind == kind && planned.key.name == name);
    found
        .map(|planned| planned.object.to_value())
        .unwrap_or_default()
}

#[test]
fn an_unreadable_timeout_hides_the_service_and_those_after_it() {
    let bad = "routing: {enabled: true, gatewayRef: {name: gw}, requestTimeout: 5 minutes}";
    let documents = [
        service("first", "replicas: 1"),
        service("bad", bad),
        service("last", "replicas: 1"),
    ];
    let plan = plan(&documents.join("---\n"));
    assert_eq!(names(&plan, Kind::InferenceService), ["first-1080a608"]);
    assert!(names(&plan, Kind::HttpRoute).is_empty());
    for name in ["bad", "last"] {
        let status = made(&plan, Kind::AimService, name)["status"].take();
        assert!(status.is_null(), "{name}: {status}");
    }
}

#[test]
fn two_caches_in_one_moment_both_write_the_artifact() {
    let uncached = WORLD
        .split("---\n")
        .find(|document| document.contains("kind: AIMServiceTemplate"))
        .unwrap()
        .replace("name: qwen-fp16", "name: uncached")
        .replace("precision: fp16", "precision: fp8");
    let overridden = service("qwen-chat", "overrides: {precision: fp8}");
    let plan = plan(&format!("{uncached}---\n{overridden}"));
    let label = |object: &Value| {
        object["metadata"]["labels"]["aim.eai.amd.com/template-cache.name"].clone()
    };
    let artifact = made(&plan, Kind::AimArtifact, "hf---qwen-qwen3-32b-c00b812b59");
    assert_eq!(label(&artifact), "uncached-ovr-fp8-f7cb");
    // The volume was made before the second cache wrote.
    let claim = names(&plan, Kind::PersistentVolumeClaim).remove(0);
    let claim = made(&plan, Kind::PersistentVolumeClaim, &claim);
    assert_eq!(label(&claim), "uncached-1080a608");
}

#[test]
fn of_two_broken_rules_the_outer_one_is_named_first() {
    let plan = plan(&service(
        "qwen-chat",
        "overrides: {hardware: {gpu: {minVram: 100Gi}}}",
    ));
    let status = made(&plan, Kind::AimService, "qwen-chat")["status"].take();
    let conditions = status["conditions"].as_array().unwrap();
    let refused = conditions
        .iter()
        .find(|condition| condition["type"] == "DependenciesReachable")
        .unwrap();
    let message = refused["message"].as_str().unwrap();
    let (outer, inner) = (
        message.find("spec.hardware: Invalid").unwrap(),
        message.find("spec.hardware.gpu: Invalid").unwrap(),
    );
    assert!(outer < inner, "{message}");
}

#[test]
fn a_gpu_named_with_blanks_alone_is_in_no_cluster() {
    let blank = WORLD.replace("model: MI300X", "model: \" \"");
    assert_ne!(blank, WORLD);
    let plan = Case::plan_of(&format!(
        "{blank}---\n{}",
        service("qwen-chat", "replicas: 1")
    ));
    let status = made(&plan, Kind::AimService, "qwen-chat")["status"].take();
    let template = status["conditions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|condition| condition["type"] == "TemplateReady")
        .unwrap();
    assert_eq!(template["message"], "No template found for service");
}

#[test]
fn an_artifact_without_image_downloads_with_the_default_one() {
    let plan = Case::plan_of(
        "apiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMArtifact\nmetadata: {name: weights}\nspec: {sourceUri: 'hf://a/b', size: 1Gi, modelDownloadImage: ''}\n",
    );
    let job = names(&plan, Kind::Job).remove(0);
    let job = made(&plan, Kind::Job, &job);
    assert_eq!(
        job["spec"]["template"]["spec"]["containers"][0]["image"],
        "ghcr.io/silogen/aim-artifact-downloader:0.2.0"
    );
}
