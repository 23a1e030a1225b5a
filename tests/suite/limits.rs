//! Nothing that a file, a name or a stream can be makes the tool crash, hang, leave half a file, or write elsewhere.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::cli_input::{SERVICE, aimctl, fails, folder, piped, run};

/// A service with this below `spec:`.
fn with_spec(more: &str) -> String {
    format!("{SERVICE}{more}")
}

/// Every path below a folder, `.git` left out.
fn tree(root: &Path) -> Vec<String> {
    let mut paths = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.ends_with(".git") {
                continue;
            }
            paths.push(path.strip_prefix(root).unwrap().display().to_string());
            if path.is_dir() {
                folders.push(path);
            }
        }
    }
    paths.sort();
    paths
}

/// Validates a text from standard input: whatever is found, it ends in an orderly way.
fn validate(text: &str) -> (i32, String) {
    let folder = folder(&[]);
    let (code, stdout, stderr) = piped(aimctl(&folder).args(["validate", "-"]), text.as_bytes());
    assert!(code <= 2, "{stderr}");
    assert!(!stderr.contains("internal error"), "{stderr}");
    (code, stdout)
}

#[test]
fn quantities_and_numbers_beyond_all_bounds() {
    for quantity in [
        "1e2147483648",
        "1e-2147483649",
        "999999999999999999999999999999Gi",
        "0.0000000000000000000000000001",
        "9223372036854775808",
        "-1e400",
    ] {
        let requests = format!("  resources:\n    requests:\n      memory: {quantity}\n");
        validate(&with_spec(&requests));
        let claims = format!(
            "  caching:\n    enabled: true\n  resources:\n    limits:\n      amd.com/gpu: '{quantity}'\n"
        );
        validate(&with_spec(&claims));
    }
    for replicas in [
        "1e400",
        "99999999999999999999",
        "-2147483649",
        ".inf",
        ".nan",
    ] {
        let (code, _) = validate(&with_spec(&format!("  replicas: {replicas}\n")));
        assert_ne!(code, 0, "{replicas}");
    }
}

#[test]
fn a_million_documents() {
    let empty = "---\n".repeat(1_000_000);
    let (code, _) = validate(&format!("{empty}{SERVICE}"));
    assert_eq!(code, 0);
    let others = "---\nkind: Pot\napiVersion: example.com/v1\n".repeat(20_000);
    let (code, _) = validate(&format!("{others}---\n{SERVICE}"));
    assert_eq!(code, 0);
}

/// It is refused where the API server would refuse it, and what follows is still looked at.
#[test]
fn a_scalar_of_a_hundred_megabytes() {
    let value = "x".repeat(100 << 20);
    let huge = with_spec(&format!("  env:\n    - name: BIG\n      value: {value}\n"));
    let wrong = with_spec("  replicas: many\n");
    let (code, report) = validate(&format!("{huge}---\n{wrong}"));
    assert_eq!(code, 2);
    assert!(report.len() < 10_000, "the report repeats the file");
    for said in ["error[Y006]", "3 MiB", "error[S001]"] {
        assert!(report.contains(said), "{report}");
    }
}

/// Lists as long as an object can hold cost no square of their length.
#[test]
fn lists_of_twenty_thousand_items() {
    let variables = |name: &dyn Fn(usize) -> String| -> String {
        let items = (0..20_000).map(|index| format!("    - name: {}\n", name(index)));
        with_spec(&format!("  env:\n{}", items.collect::<String>()))
    };
    let (code, report) = validate(&variables(&|index| format!("A{index}")));
    assert_eq!(code, 0, "{report}");
    let (code, report) = validate(&variables(&|_| "A".to_owned()));
    assert_eq!(code, 1, "{report}");
    assert!(report.len() < 10_000, "{report}");
}

#[test]
fn nesting_is_refused_with_the_place() {
    for deep in [
        format!("a: {}", "[".repeat(10_000)),
        format!("{}1", "a:\n ".repeat(10_000)),
        format!("{{\"a\": {}", "{\"a\":".repeat(10_000)),
    ] {
        let folder = folder(&[("deep.yaml", &deep)]);
        let (code, stdout, stderr) = run(aimctl(&folder).args(["validate", "deep.yaml"]));
        assert_eq!(code, 2, "{stderr}");
        assert!(
            stdout.contains("Y001") && stdout.contains("deep.yaml:"),
            "{stdout}"
        );
        assert!(stdout.len() < 10_000, "the report repeats the file");
    }
}

#[test]
fn bytes_that_are_no_text() {
    let folder = folder(&[]);
    fs::write(folder.path().join("nul.yaml"), b"a: b\0c\n").unwrap();
    fs::write(folder.path().join("utf8.yaml"), b"a: \xff\xfe\n\xc3").unwrap();
    fs::write(
        folder.path().join("utf16.yaml"),
        b"\xff\xfea\0:\0 \x001\0\n\0",
    )
    .unwrap();
    fs::write(
        folder.path().join("binary.yaml"),
        (0..=255).collect::<Vec<u8>>(),
    )
    .unwrap();
    for name in ["nul.yaml", "utf8.yaml", "utf16.yaml", "binary.yaml"] {
        let (code, stdout, stderr) = run(aimctl(&folder).args(["validate", name]));
        assert!(code == 1 || code == 2, "{name}: {code} {stdout}{stderr}");
        assert!(!stdout.contains('\0'), "{name}");
    }
}

#[test]
#[cfg(unix)]
fn names_of_files_and_objects_are_shown_harmless() {
    let evil = "a\nb\u{1b}[31mc.yaml";
    let service = SERVICE.replace("chat", "\"\\e[2Jchat\\u202e\"");
    let folder = folder(&[(evil, service.as_str())]);
    for format in [
        "text", "concise", "json", "ndjson", "github", "gitlab", "junit", "sarif",
    ] {
        let (code, stdout, stderr) =
            run(aimctl(&folder).args(["validate", ".", "--format", format]));
        assert_eq!(code, 1, "{format}: {stderr}");
        for text in [stdout, stderr] {
            let raw = |c: char| matches!(c, '\u{1b}' | '\u{202e}');
            // JSON and XML may hold what they escape; a terminal shows the rest.
            assert!(!text.contains(raw), "{format}: {text:?}");
            assert!(!text.contains("a\nb"), "{format}: {text:?}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_and_a_closed_pipe_is_not() {
    let folder = folder(&[("chat.yaml", SERVICE)]);
    for arguments in [
        &["render", "chat.yaml"][..],
        &["render", "chat.yaml", "-o", "json"],
        &["render", "chat.yaml", "--status"],
        &["explain", "K209"],
        &["man"],
    ] {
        let full = fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let output = aimctl(&folder)
            .args(arguments)
            .stdout(full)
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {stderr}");
        assert!(
            stderr.contains("standard output"),
            "{arguments:?}: {stderr}"
        );

        let mut child = aimctl(&folder)
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}");
    }
    let report = ["validate", "chat.yaml", "--format", "json=/dev/full"];
    let (code, _, stderr) = run(aimctl(&folder).args(report));
    assert_eq!(code, 2, "{stderr}");
    assert!(stderr.contains("/dev/full"), "{stderr}");
}

#[test]
fn an_output_folder_is_written_whole_or_not_at_all() {
    let folder = folder(&[("chat.yaml", SERVICE)]);
    let render =
        |folder: &TempDir| run(aimctl(folder).args(["render", "chat.yaml", "--output-dir", "out"]));
    let (code, _, stderr) = render(&folder);
    assert_eq!(code, 0, "{stderr}");
    let before = tree(folder.path());
    assert!(
        before.iter().all(|path| !path.contains(".aimctl-new")),
        "{before:?}"
    );
    let files: Vec<&String> = before
        .iter()
        .filter(|path| path.starts_with("out/") && path.ends_with(".yaml"))
        .collect();
    // The last file to be written is in the way; those before it are out of date.
    for file in &files {
        fs::write(folder.path().join(file), "old\n").unwrap();
    }
    let last = folder.path().join("out/kustomization.yaml");
    fs::remove_file(&last).unwrap();
    fs::create_dir(&last).unwrap();
    fails(render(&folder), 2, "kustomization.yaml");
    assert_eq!(tree(folder.path()), before);
    for file in files
        .iter()
        .filter(|file| !file.ends_with("kustomization.yaml"))
    {
        assert_eq!(
            fs::read_to_string(folder.path().join(file)).unwrap(),
            "old\n"
        );
    }
}

#[test]
#[cfg(unix)]
fn an_output_folder_is_never_left() {
    let folder = folder(&[("outside.yaml.aimctl-new", "mine\n")]);
    for name in [
        "../../../evil",
        "/evil",
        "..",
        "a/../../../../evil",
        "evil\\0.yaml",
    ] {
        let service = SERVICE.replace(
            "name: chat",
            &format!("name: \"{name}\"\n  namespace: \"{name}\""),
        );
        fs::write(folder.path().join("chat.yaml"), service).unwrap();
        let arguments = ["render", "chat.yaml", "--keep-going", "--output-dir", "out"];
        run(aimctl(&folder).args(arguments));
        let outside: Vec<String> = tree(folder.path())
            .into_iter()
            .filter(|path| path != "out" && !path.starts_with("out/"))
            .collect();
        assert_eq!(outside, ["chat.yaml", "outside.yaml.aimctl-new"], "{name}");
        assert!(!folder.path().parent().unwrap().join("evil").exists());
    }
    // A link in the place of the file to be written beside is not written through.
    fs::write(folder.path().join("chat.yaml"), SERVICE).unwrap();
    fs::create_dir_all(folder.path().join("out")).unwrap();
    std::os::unix::fs::symlink(
        folder.path().join("outside.yaml.aimctl-new"),
        folder.path().join("out/kustomization.yaml.aimctl-new"),
    )
    .unwrap();
    let (code, _, stderr) =
        run(aimctl(&folder).args(["render", "chat.yaml", "--output-dir", "out"]));
    assert_eq!(code, 0, "{stderr}");
    let outside = fs::read_to_string(folder.path().join("outside.yaml.aimctl-new")).unwrap();
    assert_eq!(outside, "mine\n");
}

#[test]
fn secrets_stay_out_of_reports_and_diffs() {
    let secret = "hf_abcdefghijklmnopqrstuvwxyz0123456789";
    let env = |value: &str| {
        with_spec(&format!(
            "  env:\n    - name: HF_TOKEN\n      value: {value}\n      bogus: 1\n"
        ))
    };
    let folder = folder(&[("new.yaml", &env(secret))]);
    for format in [
        "text", "concise", "json", "github", "gitlab", "junit", "sarif",
    ] {
        let (_, stdout, stderr) =
            run(aimctl(&folder).args(["validate", "new.yaml", "--format", format]));
        assert!(
            !stdout.contains(secret) && !stderr.contains(secret),
            "{format}: {stdout}{stderr}"
        );
    }
    // A value is a secret by its looks, or by its name.
    for (name, old, new) in [
        (
            "HF_TOKEN",
            "hf_zyxwvutsrqponmlkjihgfedcba9876543210",
            secret,
        ),
        ("DB_PASSWORD", "correct-horse", "battery-staple"),
        (
            "HARMLESS",
            "hf_zyxwvutsrqponmlkjihgfedcba9876543210",
            secret,
        ),
    ] {
        for (file, value) in [("a.yaml", old), ("b.yaml", new)] {
            let env = format!("  env:\n    - name: {name}\n      value: {value}\n");
            fs::write(folder.path().join(file), with_spec(&env)).unwrap();
        }
        for format in ["text", "brief", "unified", "json", "markdown"] {
            let arguments = ["diff", "a.yaml", "b.yaml", "--format", format];
            let (code, stdout, stderr) = run(aimctl(&folder).args(arguments));
            assert_eq!(code, 1, "{stderr}");
            for value in [old, new] {
                assert!(!stdout.contains(value), "{name}, {format}: {stdout}");
            }
        }
        let arguments = ["diff", "a.yaml", "b.yaml", "--show-secrets"];
        let (_, stdout, _) = run(aimctl(&folder).args(arguments));
        assert!(stdout.contains(old) && stdout.contains(new), "{stdout}");
    }
}

#[test]
fn a_command_that_hangs_up_early_gets_no_panic() {
    // The reader takes a line and goes; with many objects the rest does not fit into the pipe.
    let many: String = (0..40)
        .map(|index| format!("---\n{}", SERVICE.replace("chat", &format!("chat-{index}"))))
        .collect();
    let folder = folder(&[("many.yaml", &many)]);
    let script = "\"$0\" render many.yaml | head -1 > /dev/null; echo ${PIPESTATUS[0]}";
    let output = Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_aimctl")])
        .current_dir(&folder)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "0");
    assert!(!String::from_utf8_lossy(&output.stderr).contains("panic"));
}
