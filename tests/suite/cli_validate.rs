//! `validate` at the command line: levels, suppressions, configuration, `--against`, `--fix`, exit codes, streams.

use std::fs;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use super::cli_input::{aimctl, fails, folder, piped, run};

/// A service without a finding.
const FINE: &str = "\
apiVersion: aim.eai.amd.com/v1alpha1
kind: AIMService
metadata:
  name: chat
spec:
  model:
    image: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5
";

/// With one warning (M109, line 8), and an error below it where `min` is over the maximum (K201).
fn scaled(min: u32) -> String {
    format!(
        "{FINE}  replicas: 3
  minReplicas: {min}
  maxReplicas: 4
  autoScaling:
    metrics:
      - type: PodMetric
        podmetric:
          metric: {{metricNames: [\"vllm:num_requests_running\"], query: \"vllm:num_requests_running\"}}
          target: {{type: Value, value: \"10\"}}
"
    )
}

/// The exit code and one line for each finding that is no note: `line code level`.
fn found(folder: &TempDir, arguments: &[&str]) -> (i32, Vec<String>) {
    let mut command = aimctl(folder);
    command
        .args(["validate", "--format", "ndjson"])
        .args(arguments);
    let (code, stdout, stderr) = run(&mut command);
    assert!(!stderr.contains("panicked"), "{stderr}");
    let findings = stdout.lines().filter_map(|line| {
        let result: Value = serde_json::from_str(line).unwrap();
        let level = result["level"].as_str()?;
        (level != "note").then(|| {
            format!(
                "{} {} {level}",
                result["range"]["start"]["line"],
                result["code"].as_str().unwrap()
            )
        })
    });
    (code, findings.collect())
}

#[track_caller]
fn check(folder: &TempDir, arguments: &[&str], code: i32, expected: &[&str]) {
    let (status, findings) = found(folder, arguments);
    assert_eq!(findings, expected, "{arguments:?}");
    assert_eq!(status, code, "{arguments:?}");
}

#[test]
fn exit_codes_are_0_without_errors_1_with_and_2_for_trouble() {
    let folder = folder(&[
        ("fine.yaml", FINE),
        ("warned.yaml", &scaled(1)),
        ("wrong.yaml", &scaled(5)),
        ("broken.yaml", "a: [\n"),
        (
            "other.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
        ),
    ]);
    check(&folder, &["fine.yaml"], 0, &[]);
    check(&folder, &["warned.yaml"], 0, &["8 M109 warning"]);
    check(
        &folder,
        &["wrong.yaml"],
        1,
        &["8 M109 warning", "9 K201 error"],
    );
    check(
        &folder,
        &["wrong.yaml", "--exit-zero"],
        0,
        &["8 M109 warning", "9 K201 error"],
    );
    check(
        &folder,
        &["broken.yaml", "--allow-empty"],
        2,
        &["1 Y001 error"],
    );
    check(
        &folder,
        &["broken.yaml", "--allow-empty", "--exit-zero"],
        2,
        &["1 Y001 error"],
    );
    check(&folder, &["other.yaml", "--allow-empty"], 0, &[]);
    let validate = |arguments: &[&str]| {
        let mut command = aimctl(&folder);
        command.arg("validate").args(arguments);
        command
    };
    fails(run(&mut validate(&["other.yaml"])), 2, "no AIMService");
    let (code, _, stderr) = run(&mut validate(&["fine.yaml", "--fromat", "json"]));
    assert_eq!(code, 2);
    assert!(stderr.contains("--format"), "{stderr}");
}

#[test]
fn the_product_is_on_standard_output_and_the_summary_on_standard_error() {
    let folder = folder(&[("wrong.yaml", &scaled(5))]);
    let mut command = aimctl(&folder);
    let (_, stdout, stderr) = run(command.args(["validate", "wrong.yaml"]));
    assert!(stdout.starts_with("warning[M109]: "), "{stdout}");
    assert!(!stdout.contains('\x1b'), "{stdout}");
    assert!(
        stderr.starts_with("1 file, 1 service: 1 error, 1 warning"),
        "{stderr}"
    );
    // The same from standard input, under the name that is given.
    let mut command = aimctl(&folder);
    command.args([
        "validate",
        "--format",
        "concise",
        "-",
        "--stdin-filename",
        "mine.yaml",
    ]);
    let (code, stdout, _) = piped(&mut command, scaled(5).as_bytes());
    assert_eq!(code, 1);
    assert!(
        stdout.starts_with("mine.yaml:8:3: warning[M109] "),
        "{stdout}"
    );
    // Several formats at once.
    let mut command = aimctl(&folder);
    command.args([
        "validate",
        "wrong.yaml",
        "--format",
        "concise,sarif=out.sarif",
    ]);
    let (_, stdout, _) = run(&mut command);
    assert!(stdout.starts_with("wrong.yaml:8:3: "), "{stdout}");
    let sarif = fs::read_to_string(folder.path().join("out.sarif")).unwrap();
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "M109");
}

#[test]
fn flags_change_levels_by_code_prefix_and_name() {
    let folder = folder(&[("warned.yaml", &scaled(1)), ("wrong.yaml", &scaled(5))]);
    let warned = |flags: &[&str]| found(&folder, &[&["warned.yaml"], flags].concat());
    let error = (1, vec!["8 M109 error".to_owned()]);
    let warning = (0, vec!["8 M109 warning".to_owned()]);
    assert_eq!(warned(&["--deny", "M109"]), error);
    assert_eq!(warned(&["--deny", "m109"]), error);
    assert_eq!(warned(&["--deny", "M1"]), error);
    assert_eq!(warned(&["--deny", "replicas-ignored"]), error);
    assert_eq!(warned(&["--deny", "warnings"]), error);
    assert_eq!(warned(&["--deny", "K", "--warn", "M"]), warning);
    assert_eq!(warned(&["--allow", "M109"]), (0, Vec::new()));
    // The more telling one wins.
    assert_eq!(warned(&["--allow", "M", "--warn", "M109"]), warning);
    let mut command = aimctl(&folder);
    let deny = ["validate", "warned.yaml", "--deny", "M999"];
    fails(run(command.args(deny)), 2, "M999");
    // What the API server refuses is no matter of opinion.
    let mut command = aimctl(&folder);
    let allow = ["validate", "warned.yaml", "--allow", "S006"];
    fails(run(command.args(allow)), 2, "S006");
}

#[test]
fn the_configuration_sets_levels_and_ignores_and_flags_stand_over_it() {
    let folder = folder(&[
        ("warned.yaml", &scaled(1)),
        (
            "old/warned.yaml",
            &scaled(1).replace("name: chat", "name: old"),
        ),
        ("aimctl.toml", "[rules]\nreplicas-ignored = \"error\"\n"),
        (
            "ignore.toml",
            "[[ignore]]\nrules = [\"M109\"]\npaths = [\"old/**\"]\nreason = \"legacy\"\n",
        ),
        ("wrong.toml", "[rulez]\nM109 = \"error\"\n"),
    ]);
    check(&folder, &["warned.yaml"], 1, &["8 M109 error"]);
    check(
        &folder,
        &["warned.yaml", "--warn", "M109"],
        0,
        &["8 M109 warning"],
    );
    check(
        &folder,
        &["warned.yaml", "--no-config"],
        0,
        &["8 M109 warning"],
    );
    check(
        &folder,
        &["warned.yaml", "old", "--config", "ignore.toml"],
        0,
        &["8 M109 warning"],
    );
    let mut command = aimctl(&folder);
    command.args(["validate", "warned.yaml", "--config", "wrong.toml"]);
    fails(run(&mut command), 2, "did you mean `rules`?");
}

#[test]
fn suppressions_cover_their_line_their_node_or_their_file_and_unused_ones_are_told() {
    let mark = |from: &str, to: &str| scaled(1).replace(from, to);
    let beside = mark(
        "replicas: 3",
        "replicas: 3 # aimctl:ignore M109 -- kept for the rollback",
    );
    let above = mark(
        "  replicas: 3",
        "  # aimctl:ignore M109 -- kept\n  replicas: 3",
    );
    let node = mark("spec:", "# aimctl:ignore M109 -- all of it\nspec:");
    let file = format!("# aimctl:ignore-file M109\n{}", scaled(1));
    let annotated = mark(
        "  name: chat",
        "  name: chat\n  annotations:\n    aimctl.dev/ignore: M109",
    );
    let unused = FINE.replace("name: chat", "name: chat # aimctl:ignore M109");
    let unknown = FINE.replace("name: chat", "name: chat # aimctl:ignore M999");
    let refused = FINE.replace("spec:", "spec:\n  replica: 1 # aimctl:ignore S006");
    for (text, code, expected) in [
        (&beside, 0, &[][..]),
        (&above, 0, &[]),
        (&node, 0, &[]),
        (&file, 0, &[]),
        (&annotated, 0, &[]),
        (&unused, 0, &["4 L507 warning"]),
        (&unknown, 0, &["4 L507 warning"]),
    ] {
        let folder = folder(&[("chat.yaml", text)]);
        check(&folder, &["chat.yaml"], code, expected);
    }
    // What the API server refuses cannot be suppressed.
    let folder = folder(&[("chat.yaml", &refused)]);
    let (code, findings) = found(&folder, &["chat.yaml"]);
    assert_eq!(code, 1);
    assert!(
        findings.contains(&"6 S006 error".to_owned()),
        "{findings:?}"
    );
}

#[test]
fn against_checks_the_change_from_a_path_or_a_revision() {
    let changed = FINE.replace("qwen-qwen3-32b:0.8.5", "openai-gpt-oss-20b:0.9.0");
    let folder = folder(&[("old/chat.yaml", FINE), ("chat.yaml", &changed)]);
    check(&folder, &["chat.yaml"], 0, &[]);
    check(
        &folder,
        &["chat.yaml", "--against", "old"],
        1,
        &["6 A050 error"],
    );
    check(&folder, &["chat.yaml", "--against", "chat.yaml"], 0, &[]);
    let mut command = aimctl(&folder);
    command.args(["validate", "chat.yaml", "--against", "no-such-revision"]);
    let (code, stdout, _) = run(&mut command);
    assert_eq!((code, stdout.as_str()), (2, ""));
}

#[test]
fn fix_edits_the_file_and_dry_run_shows_the_same_and_edits_nothing() {
    // Windows' line ends, a comment on the line above, and no line end at the end.
    let text = "# the chat\r\napiVersion: aim.eai.amd.com/v1alpha1\r\nkind: AIMService\r\nmetadata:\r\n  name: chat\r\nspec:\r\n  model:   # pinned\r\n    image: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5\r\n  env:\r\n    - name: A\r\n      value: 1\r\n  replica: 2   # two";
    let folder = folder(&[("chat.yaml", text)]);
    let path = folder.path().join("chat.yaml");
    let validate = |arguments: &[&str]| {
        let mut command: Command = aimctl(&folder);
        command.args(["validate", "chat.yaml"]).args(arguments);
        run(&mut command)
    };
    let (code, stdout, stderr) = validate(&["--fix", "--dry-run"]);
    assert_eq!(code, 1, "{stderr}");
    assert!(
        stdout.starts_with("--- chat.yaml\n+++ chat.yaml\n@@ "),
        "{stdout}"
    );
    assert!(stdout.contains("-  replica: 2   # two"), "{stdout}");
    assert!(stdout.contains("+  replicas: 2   # two"), "{stdout}");
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
    let (code, _, stderr) = validate(&["--fix"]);
    assert_eq!(code, 0, "{stderr}");
    let fixed = text
        .replace("replica: 2", "replicas: 2")
        .replace("value: 1", "value: \"1\"");
    assert_eq!(fs::read_to_string(&path).unwrap(), fixed);
    let (code, stdout, _) = validate(&["--fix"]);
    assert_eq!((code, stdout.contains("error")), (0, false), "{stdout}");
    assert_eq!(fs::read_to_string(&path).unwrap(), fixed);
    // Without an edit there is nothing to show, and facts are somebody else's.
    let (_, stdout, _) = validate(&["--fix", "--dry-run"]);
    assert_eq!(stdout, "");
}

/// Mends a text, and says what it has become and what codes are left.
#[track_caller]
fn mended(text: &str, code: &str) -> String {
    let folder = folder(&[("it.yaml", text)]);
    let validate = |arguments: &[&str]| {
        found(
            &folder,
            &[&["it.yaml", "--cluster", "aim-engine"], arguments].concat(),
        )
    };
    let validate_all = |arguments: &[&str]| {
        let mut command = aimctl(&folder);
        command
            .args([
                "validate",
                "it.yaml",
                "--allow-empty",
                "--format",
                "concise",
            ])
            .args(arguments);
        run(&mut command).1
    };
    assert!(
        validate_all(&[]).contains(&format!("[{code}]")),
        "{}",
        validate_all(&[])
    );
    validate(&["--fix", "--allow-empty"]);
    let left = validate_all(&[]);
    assert!(!left.contains(&format!("[{code}]")), "{left}");
    fs::read_to_string(folder.path().join("it.yaml")).unwrap()
}

#[test]
fn a_bare_quantity_that_must_not_change_is_put_in_quotes() {
    let text = format!(
        "{FINE}  overrides:\n    metric: latency\n    hardware:\n      cpu:\n        requests: 4   # cores\n"
    );
    assert_eq!(
        mended(&text, "M139"),
        text.replace("requests: 4 ", "requests: \"4\" ")
    );
}

#[test]
fn a_namespace_of_a_cluster_scoped_object_is_removed() {
    let text = "apiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMClusterModel\nmetadata:\n  name: qwen\n  namespace: team-a   # ours\n  labels: {a: b}\nspec:\n  image: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5\n";
    assert_eq!(
        mended(text, "L506"),
        text.replace("  namespace: team-a   # ours\n", "")
    );
}

#[test]
fn a_dry_run_covers_secrets_unless_told_otherwise() {
    let secret = "hf_abcdefghijklmnopqrstuvwxyz0123456789";
    let text = format!(
        "{FINE}  env:\n    - name: DB_PASSWORD\n      value: 12345678901\n    - name: HF_TOKEN\n      value: {secret}\n  replica: 1\n"
    );
    let folder = folder(&[("chat.yaml", &text)]);
    let shown = |more: &[&str]| {
        let mut command = aimctl(&folder);
        command
            .args(["validate", "chat.yaml", "--fix", "--dry-run"])
            .args(more);
        run(&mut command).1
    };
    let covered = shown(&[]);
    assert!(
        !covered.contains("12345678901") && !covered.contains(secret),
        "{covered}"
    );
    assert!(
        covered.contains("+      value: \"***********\"\n"),
        "{covered}"
    );
    let open = shown(&["--show-secrets"]);
    assert!(
        open.contains("+      value: \"12345678901\"") && open.contains(secret),
        "{open}"
    );
}

#[test]
fn a_narrow_terminal_gets_short_lines() {
    for columns in [40, 60] {
        let folder = folder(&[(
            "chat.yaml",
            &format!(
                "{FINE}  minReplicas: 1\n  maxReplicas: 4\n  env: [{{name: A, value: a-text-that-is-longer-than-any-terminal-that-is-that-narrow}}]\n"
            ),
        )]);
        let mut command = aimctl(&folder);
        command.args(["validate", "chat.yaml", "--color", "always"]);
        let (_, stdout, _) = run(command.env("COLUMNS", columns.to_string()));
        let plain = anstream::adapter::strip_str(&stdout).to_string();
        assert!(plain.contains("D301"), "{plain}");
        let mut manifests = 0;
        for line in plain.lines().filter(|line| line.chars().count() > columns) {
            // What is to be copied into a file stays in one piece, and so does a label at its place.
            let text = line.trim_start();
            let is_manifest =
                text.starts_with("metric: {metricNames") || text.starts_with("target: {type");
            let is_label = columns == 40 && line.contains("╰── ");
            assert!(is_manifest || is_label, "{columns}: {line}");
            manifests += usize::from(is_manifest);
        }
        assert!(manifests > 0, "{plain}");
    }
}

#[test]
fn what_did_not_change_is_complained_about_as_before() {
    let folder = folder(&[("new.yaml", &scaled(1))]);
    let report = |against: &[&str]| {
        let mut command = aimctl(&folder);
        command.args(["validate", "new.yaml", "--format", "concise"]);
        run(command.args(against)).1
    };
    let alone = report(&[]);
    assert!(alone.contains("M109"), "{alone}");
    assert_eq!(alone, report(&["--against", "new.yaml"]));
}

/// A template that is resolved already stays, whatever comes (AIM Engine 0.2.1, spec 2.17).
#[test]
fn a_better_or_equal_template_that_comes_later_is_not_taken_and_that_is_said() {
    let template = |precision: &str| {
        format!(
            "---\napiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMServiceTemplate\nmetadata:\n  name: later\n  annotations: {{aim.eai.amd.com/reconciliation-paused: 'true'}}\nspec:\n  modelName: aim-qwen-qwen3-32b-0-8-5-cdc1fb22\n  metric: latency\n  precision: {precision}\n  hardware: {{gpu: {{model: MI300X, requests: 1}}}}\nstatus:\n  status: Ready\n  profile: {{metadata: {{type: optimized, gpu: MI300X, gpuCount: 1, metric: latency, precision: {precision}}}}}\n"
        )
    };
    for (precision, said) in [
        ("fp8", Some("it would be later now")),
        (
            "fp16",
            Some("now there would be none: no single one is the best"),
        ),
        ("bf16", None),
    ] {
        let folder = folder(&[
            ("old.yaml", FINE),
            ("new.yaml", &format!("{FINE}{}", template(precision))),
        ]);
        let mut command = aimctl(&folder);
        command.args([
            "validate",
            "--cluster",
            "aim-engine",
            "new.yaml",
            "--against",
            "old.yaml",
            "--format",
            "concise",
        ]);
        let (code, stdout, stderr) = run(&mut command);
        assert_eq!(code, 0, "{stdout}{stderr}");
        match said {
            Some(said) => assert!(
                stdout.contains("note[M135] the service keeps its template amdenterpriseai-aim")
                    && stdout.contains(said),
                "{precision}: {stdout}"
            ),
            None => assert!(!stdout.contains("M135"), "{precision}: {stdout}"),
        }
    }
}

#[test]
fn findings_of_many_documents_come_once_each_in_order() {
    const DOCUMENTS: usize = 600;
    let documents: Vec<String> = (0..DOCUMENTS)
        .map(|index| {
            FINE.replace("name: chat", &format!("name: chat-{index}"))
                .replace("spec:", "spec:\n  replica: 1")
        })
        .collect();
    let folder = folder(&[("many.yaml", &documents.join("---\n"))]);
    let (code, findings) = found(&folder, &["many.yaml"]);
    let expected: Vec<String> = (0..DOCUMENTS)
        .map(|index| format!("{} S006 error", index * 9 + 6))
        .collect();
    assert_eq!(findings, expected);
    assert_eq!(code, 1);
}

#[test]
fn odd_lines_are_drawn_within_the_terminal() {
    let long = "x".repeat(3000);
    let text = FINE.replace(
        "spec:",
        &format!(
            "spec:\n  env: [{{name: 名前\u{1f600}, value: \"{long}\", valeu: 1}}]\n  replica:\t1"
        ),
    );
    let folder = folder(&[("chat.yaml", &text)]);
    let mut command = aimctl(&folder);
    command.args(["validate", "chat.yaml"]);
    let (code, stdout, _) = run(&mut command);
    assert_eq!(code, 1);
    let findings = stdout.matches("error[S006]").count();
    assert_eq!(findings, 2, "{stdout}");
    for line in stdout.lines() {
        assert!(line.chars().count() <= 110, "{line}");
    }
}

#[test]
fn a_file_that_is_not_there_is_named_without_a_picture() {
    let folder = folder(&[("chat.yaml", FINE)]);
    let mut command = aimctl(&folder);
    let (code, stdout, _) = run(command.args(["validate", "chat.yaml", "missing.yaml"]));
    assert_eq!(code, 2);
    assert!(stdout.starts_with("error[Y006]: "), "{stdout}");
    assert!(stdout.contains("\n    --> missing.yaml\n"), "{stdout}");
    assert!(!stdout.contains("1 |"), "{stdout}");
}

#[test]
fn a_name_too_long_is_shown_at_the_name() {
    let long = "a".repeat(64);
    let text = FINE.replace("name: chat", &format!("name: {long}"));
    let folder = folder(&[("chat.yaml", &text)]);
    check(&folder, &["chat.yaml"], 1, &["4 M122 error"]);
}
