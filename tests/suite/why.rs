//! `aimctl why`: decisions and fields, each down to the line that decides it.

use std::path::Path;

use super::cli_input::{aimctl, folder, run};
use tempfile::TempDir;

/// Every layer that can set a variable, with the lines that the test expects.
const LAYERS: &str = include_str!("../why/layers.yaml");

fn layers() -> TempDir {
    folder(&[("layers.yaml", LAYERS)])
}

/// What `why layers.yaml chat …` prints.
#[track_caller]
fn why(folder: &TempDir, arguments: &[&str]) -> String {
    let (code, stdout, stderr) = run(aimctl(folder).arg("why").args(arguments));
    assert_eq!(code, 0, "{stderr}");
    stdout
}

/// The error and the help of a run that fails.
#[track_caller]
fn refused(folder: &TempDir, arguments: &[&str]) -> String {
    let (code, stdout, stderr) = run(aimctl(folder).arg("why").args(arguments));
    assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
    stderr
}

/// `file:line` of the one line of the fixture that holds a text.
fn place(text: &str) -> String {
    let mut lines = LAYERS.lines().zip(1..);
    let at = |(line, number): (&str, usize)| line.contains(text).then_some(number);
    let line = lines.find_map(at).unwrap();
    assert_eq!(LAYERS.matches(text).count(), 1, "{text} is not unique");
    format!("layers.yaml:{line}:")
}

/// The last link of a trail: the line that begins with the last arrow.
fn last(text: &str) -> &str {
    let mut lines = text.lines().filter(|line| line.starts_with("  ←"));
    lines.next_back().unwrap()
}

#[test]
fn the_query_and_the_target_come_from_their_lines() {
    let folder = layers();
    let query = why(
        &folder,
        &[
            "layers.yaml",
            "chat",
            "so.spec.triggers[0].metadata.metricQuery",
        ],
    );
    assert!(
        query.starts_with("\"sum(vllm:num_requests_running{"),
        "{query}"
    );
    assert!(query.contains("KServe 0.16.0 wraps the query"), "{query}");
    assert!(
        last(&query).contains(&place("query: vllm:num_requests_running")),
        "{query}"
    );

    let target = why(
        &folder,
        &[
            "layers.yaml",
            "chat",
            "hpa.spec.metrics[0].external.target.averageValue",
        ],
    );
    for link in ["ScaledObject", "InferenceService", "AIMService"] {
        assert!(target.contains(&format!("← {link} ")), "{target}");
    }
    assert!(last(&target).contains(&place("value: \"12\"")), "{target}");
}

#[test]
fn each_variable_comes_from_the_layer_that_sets_it() {
    let folder = layers();
    let deployment = "deploy.spec.template.spec.containers[kserve-container]";
    let variable = |name: &str| {
        let field = format!("{deployment}.env[{name}].value");
        why(&folder, &["layers.yaml", "chat", &field])
    };
    for (name, kind, line) in [
        ("FROM_SERVICE", "AIMService", "value: of the service"),
        (
            "FROM_TEMPLATE",
            "AIMServiceTemplate",
            "value: of the template",
        ),
        ("FROM_CONFIG", "AIMRuntimeConfig", "value: of the config"),
        (
            "FROM_CLUSTER",
            "AIMClusterRuntimeConfig",
            "value: of the cluster",
        ),
        ("AIM_METRIC", "AIMServiceTemplate", "metric: throughput"),
        ("EVERYWHERE", "AIMService", "value: the service wins"),
    ] {
        let text = variable(name);
        let link = last(&text);
        assert!(link.contains(&format!("← {kind} ")), "{name}: {text}");
        assert!(link.contains(&place(line)), "{name}: {text}");
    }
    // The layers that lost, from the highest to the lowest.
    let text = variable("EVERYWHERE");
    let over: Vec<&str> = text.lines().filter(|l| l.contains("  over ")).collect();
    let lost = [
        "value: the template loses",
        "value: the config loses",
        "value: the cluster loses",
    ];
    assert_eq!(over.len(), 3, "{text}");
    for (line, lost) in over.iter().zip(lost) {
        assert!(line.contains(&place(lost)), "{text}");
    }
    let merged = variable("AIM_ENGINE_ARGS");
    assert!(
        merged.contains("as JSON") && merged.contains(&place("value: '{\"a\": 1}'")),
        "{merged}"
    );

    let own = variable("AIM_CACHE_PATH");
    assert!(own.contains("AIM Engine's own"), "{own}");

    // All at once, each entry where it begins.
    let all = why(
        &folder,
        &["layers.yaml", "chat", &format!("{deployment}.env")],
    );
    for name in [
        "FROM_SERVICE",
        "FROM_TEMPLATE",
        "FROM_CONFIG",
        "FROM_CLUSTER",
    ] {
        let mut rows = all.lines();
        let row = rows
            .find(|row| row.contains(&format!("] {name} ")))
            .unwrap();
        assert!(row.contains(&place(&format!("name: {name}"))), "{all}");
    }
}

#[test]
fn the_image_explains_what_the_template_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let example = std::fs::read_to_string(root.join("examples/seed/custom-metrics.yaml")).unwrap();
    let line = 1 + example
        .lines()
        .position(|line| line.contains("image: "))
        .unwrap();
    let folder = folder(&[("chat.yaml", &example)]);
    for variable in ["AIM_METRIC", "AIM_PRECISION"] {
        let field = format!("isvc.spec.predictor.containers[0].env[{variable}].value");
        let text = why(&folder, &["chat.yaml", &field]);
        assert!(
            last(&text).contains(&format!("chat.yaml:{line}:")),
            "{text}"
        );
    }
}

#[test]
fn a_route_from_the_clusters_config_names_it() {
    let folder = layers();
    let route = |field: &str| {
        why(
            &folder,
            &["layers.yaml", "chat", &format!("route.spec.{field}")],
        )
    };
    let path = route("rules[0].matches[0].path.value");
    assert!(
        last(&path).contains("AIMClusterRuntimeConfig default"),
        "{path}"
    );
    assert!(last(&path).contains(&place("pathTemplate:")), "{path}");
    let timeout = route("rules[0].timeouts.request");
    assert!(
        last(&timeout).contains(&place("requestTimeout:")),
        "{timeout}"
    );
    // The gateway is merged field by field.
    let name = route("parentRefs[0].name");
    assert!(
        last(&name).contains(&place("name: gateway-of-the-team")),
        "{name}"
    );
    let namespace = route("parentRefs[0].namespace");
    assert!(
        last(&namespace).contains(&place("namespace: gateways")),
        "{namespace}"
    );
}

#[test]
fn the_decisions_show_the_layers_of_the_environment() {
    let text = why(&layers(), &["layers.yaml"]);
    let row = |start: &str| {
        let mut lines = text.lines().map(str::trim_start);
        lines
            .find(|line| line.starts_with(start))
            .unwrap_or_else(|| panic!("no {start} in {text}"))
            .to_owned()
    };
    for (start, verdict, line) in [
        ("EVERYWHERE (service)", "counts", "value: the service wins"),
        (
            "EVERYWHERE (template)",
            "overridden by the service",
            "value: the template loses",
        ),
        (
            "EVERYWHERE (AIMRuntimeConfig)",
            "overridden by the template",
            "value: the config loses",
        ),
        (
            "EVERYWHERE (AIMClusterRuntimeConfig)",
            "overridden by the AIMRuntimeConfig",
            "value: the cluster loses",
        ),
        (
            "AIM_ENGINE_ARGS (AIMClusterRuntimeConfig)",
            "merged below that of the service",
            "value: '{\"a\": 1}'",
        ),
        (
            "FROM_TEMPLATE (template)",
            "counts",
            "value: of the template",
        ),
    ] {
        let row = row(start);
        assert!(row.contains(verdict), "{row}");
        // An entry is shown where it begins, which is the line of its name.
        let entry = place(line);
        let number: usize = entry.split(':').nth(1).unwrap().parse().unwrap();
        assert!(
            row.contains(&format!("layers.yaml:{}:", number - 1)),
            "{row} {entry}"
        );
    }
    for topic in ["runtime config: ", "model: ", "template: ", "env: "] {
        assert!(text.contains(&format!("\n{topic}")), "no {topic} in {text}");
    }
}

#[test]
fn secrets_stay_covered() {
    let folder = layers();
    let field = "isvc.spec.predictor.containers[0].env[DB_PASSWORD].value";
    let secret = "correct-horse";
    for arguments in [
        &["layers.yaml", "chat", field][..],
        &[
            "layers.yaml",
            "chat",
            "isvc.spec.predictor.containers[0].env",
        ],
        &["layers.yaml", "chat", "spec.env"],
        &["layers.yaml"],
    ] {
        let text = why(&folder, arguments);
        assert!(!text.contains(secret), "{text}");
    }
    let text = why(&folder, &["layers.yaml", "chat", field, "--show-secrets"]);
    assert!(text.contains(secret), "{text}");
}

#[test]
fn what_is_misspelt_is_suggested() {
    let folder = layers();
    for (arguments, error, help) in [
        (
            &["layers.yaml", "chta"][..],
            "there is no service `chta`",
            "did you mean `chat`?",
        ),
        (
            &["layers.yaml", "default/chatt"],
            "there is no service",
            "did you mean `default/chat`?",
        ),
        (
            &["layers.yaml", "chat", "hpa.spec.maxReplica"],
            "has no field `spec.maxReplica`",
            "did you mean `spec.maxReplicas`?",
        ),
        (
            &["layers.yaml", "chat", "hpaa.spec"],
            "`hpaa` is no kind",
            "did you mean `hpa`?",
        ),
        (
            &["layers.yaml", "chat", "autoScaling.metrics"],
            "`autoScaling` is no kind",
            "did you mean `spec.autoScaling.metrics`?",
        ),
        (
            &["layers.yaml", "chat", "spec.serviceAccountName"],
            "has no field `spec.serviceAccountName`",
            "nobody sets it here",
        ),
        (
            &[
                "layers.yaml",
                "chat",
                "isvc.spec.predictor.containers[0].env[FROM_SERVCE].value",
            ],
            "has no field",
            "did you mean `spec.predictor.containers[0].env[FROM_SERVICE]`?",
        ),
        (
            &[
                "layers.yaml",
                "chat",
                "isvc.spec.predictor.containers[7].image",
            ],
            "has no field `spec.predictor.containers[7]`",
            "it has: kserve-container",
        ),
        (
            &["layers.yaml", "chat", "pvc.spec"],
            "leads to no PersistentVolumeClaim",
            "it leads to: ",
        ),
        (
            &["layers.yaml", "chat", "deploy/chat.spec"],
            "leads to no Deployment chat",
            "there are: chat-1080a608-predictor",
        ),
        (
            &["layers.yaml", "chat", "spec.maxReplicas.x"],
            "has no field `spec.maxReplicas.x`",
            "`spec.maxReplicas` is a single value",
        ),
    ] {
        let text = refused(&folder, arguments);
        assert!(
            text.contains(error) && text.contains(help),
            "{arguments:?}: {text}"
        );
    }
}

#[test]
fn what_nobody_writes_is_said_to_be_a_default() {
    let folder = layers();
    let replicas = why(&folder, &["layers.yaml", "spec.replicas"]);
    assert!(replicas.contains("spec.replicas, by default"), "{replicas}");
    let policy = why(
        &folder,
        &["layers.yaml", "deploy.spec.template.spec.dnsPolicy"],
    );
    assert!(policy.contains("KServe's own, or a default"), "{policy}");
    assert!(!policy.contains("InferenceService"), "{policy}");
}

#[test]
fn a_refused_service_is_said_to_be() {
    let folder = folder(&[(
        "bad.yaml",
        "apiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMService\nmetadata:\n  name: chat\nspec:\n  modle: {}\n",
    )]);
    let text = refused(&folder, &["bad.yaml"]);
    assert!(
        text.contains("refuses every AIMService") && text.contains("aimctl validate"),
        "{text}"
    );
}
