//! `aimctl krm`: the KRM functions specification, and the real kustomize where it is installed.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::tools;

const SERVICE: &str = "\
- apiVersion: aim.eai.amd.com/v1alpha1
  kind: AIMService # the chat
  metadata:
    name: chat
    namespace: team
    annotations:
      internal.config.kubernetes.io/path: services/chat.yaml
      internal.config.kubernetes.io/index: '1'
  spec:
    model:
      image: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5
";
const OTHER: &str = "\
- apiVersion: v1
  kind: ConfigMap
  metadata:
    name: other
";

fn list(items: &[&str], config: &str) -> String {
    format!(
        "apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems:\n{}{config}",
        items.concat()
    )
}

fn krm(input: &str) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_aimctl"))
        .args(["krm", "--no-config"])
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(input.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

#[test]
fn what_is_right_passes_byte_for_byte() {
    let input = list(&[SERVICE, OTHER], "");
    let quiet = list(
        &[SERVICE, OTHER],
        "functionConfig:\n  kind: ConfigMap\n  data: {allow: 'L5,M,O,A'}\n",
    );
    let (code, stdout, stderr) = krm(&quiet);
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert_eq!(stdout, quiet);
    assert_eq!(krm(&input).0, 0);
}

#[test]
fn findings_are_results_and_comments_stay() {
    let broken = format!("{SERVICE}    minReplicas: 1\n    maxReplicas: 4\n");
    let input = list(&[OTHER, &broken], "");
    let (code, stdout, stderr) = krm(&input);
    assert_eq!(code, 1);
    assert!(stdout.starts_with(&input), "{stdout}");
    let results = yaml(&stdout)["results"].clone();
    let results = results.as_array().unwrap();
    let error = results
        .iter()
        .find(|result| result["severity"] == "error")
        .unwrap();
    assert_eq!(error["tags"]["code"], "D301");
    assert_eq!(
        error["resourceRef"],
        json!({"apiVersion": "aim.eai.amd.com/v1alpha1", "kind": "AIMService", "name": "chat", "namespace": "team"})
    );
    assert_eq!(
        error["file"],
        json!({"path": "services/chat.yaml", "index": 1})
    );
    assert_eq!(
        error["field"],
        json!({"path": "spec.minReplicas", "currentValue": 1})
    );
    assert!(
        stderr.contains("error[D301]")
            && stderr.contains("at   services/chat.yaml, AIMService team/chat, spec.minReplicas"),
        "{stderr}"
    );
}

#[test]
fn results_of_earlier_functions_stay() {
    let broken = format!("{SERVICE}    minReplicas: 1\n");
    let before = "results:\n- message: seen before\n  severity: info\n";
    let (code, stdout, _) = krm(&list(&[&broken], before));
    assert_eq!(code, 1);
    let stdout = yaml(&stdout);
    assert_eq!(stdout["results"][0]["message"], "seen before");
    assert!(stdout["results"].as_array().unwrap().len() > 1);
    assert_eq!(stdout["items"], yaml(&list(&[&broken], before))["items"]);
}

#[test]
fn rendering_puts_live_objects_in_the_place_of_the_service() {
    let kinds = |config: &str| {
        let (code, stdout, stderr) = krm(&list(&[SERVICE, OTHER], config));
        assert_eq!(code, 0, "{stderr}");
        let items = yaml(&stdout)["items"].clone();
        for item in items.as_array().unwrap() {
            assert!(item.get("status").is_none());
            let own = item["metadata"]["annotations"]
                .as_object()
                .is_some_and(|annotations| {
                    annotations.keys().any(|key| key.starts_with("internal."))
                });
            assert!(!own || item["kind"] == "AIMService", "{item:#}");
        }
        items
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["kind"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let config = |cluster: &str| {
        format!(
            "functionConfig:\n  apiVersion: aimctl.dev/v1\n  kind: Aimctl\n  spec: {{mode: render, gpu: [MI300X], cluster: {cluster}}}\n"
        )
    };
    assert_eq!(kinds(&config("kserve")), ["ConfigMap", "InferenceService"]);
    assert_eq!(
        kinds(&config("keda")),
        ["ConfigMap", "Deployment", "Service"]
    );
    assert_eq!(kinds(&config("aim-engine")), ["AIMService", "ConfigMap"]);
}

#[test]
fn what_cannot_be_used_is_refused() {
    for (input, says) in [
        ("kind: AIMService\n".to_owned(), "no ResourceList"),
        ("a: [\n".to_owned(), "no ResourceList"),
        (
            list(&[OTHER], "functionConfig:\n  spec: {moed: render}\n"),
            "did you mean `mode`?",
        ),
        (
            list(&[OTHER], "functionConfig:\n  spec: {cluster: kubernetes}\n"),
            "`kubernetes` is no cluster",
        ),
    ] {
        let (code, stdout, stderr) = krm(&input);
        assert_eq!((code, stdout.as_str()), (2, ""), "{input}");
        assert!(stderr.contains(says), "{stderr}");
    }
}

/// `kustomize build --enable-alpha-plugins --enable-exec` with the program as a transformer that checks or renders. The
/// field `validators` takes no function at all: kustomize finds its own annotations changed (its issue 5036).
#[test]
#[cfg(unix)]
fn the_real_kustomize_runs_it() {
    let Some(kustomize) = tools::find("kustomize") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let service = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/seed/custom-metrics.yaml"),
    )
    .unwrap();
    write("chat.yaml", &service);
    write(
        "chat-map.yaml",
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: other\n",
    );
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_aimctl"), folder.path().join("aimctl")).unwrap();
    let function = |spec: &str| {
        format!(
            "apiVersion: aimctl.dev/v1\nkind: Aimctl\nmetadata:\n  name: aimctl\n  annotations:\n    config.kubernetes.io/function: |\n      exec:\n        path: ./aimctl\n        args: [krm]\nspec: {spec}\n"
        )
    };
    write(
        "kustomization.yaml",
        "resources: [chat.yaml, chat-map.yaml]\nnamespace: team\ntransformers: [aimctl.yaml]\n",
    );
    let build = |spec: &str| {
        write("aimctl.yaml", &function(spec));
        let output = Command::new(&kustomize)
            .args(["build", "--enable-alpha-plugins", "--enable-exec", "."])
            .current_dir(folder.path())
            .output()
            .unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            output.status.success(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    let kinds = |text: &str| {
        let kinds = text.lines().filter_map(|line| line.strip_prefix("kind: "));
        kinds.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let both = |a: &str, b: &str| BTreeSet::from([a.to_owned(), b.to_owned()]);
    let (ok, stdout, stderr) = build("{mode: validate}");
    assert!(ok, "{stderr}");
    assert_eq!(kinds(&stdout), both("ConfigMap", "AIMService"));
    let (ok, stdout, stderr) = build("{mode: render, gpu: [MI300X]}");
    assert!(ok, "{stderr}");
    assert_eq!(kinds(&stdout), both("ConfigMap", "InferenceService"));
    assert!(stdout.contains("namespace: team"), "{stdout}");
    write(
        "chat.yaml",
        &service.replace("  autoScaling:", "  autoScalng:"),
    );
    let (ok, _, stderr) = build("{mode: validate}");
    assert!(!ok && stderr.contains("autoScalng"), "{stderr}");
}
