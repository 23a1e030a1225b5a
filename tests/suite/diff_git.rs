//! `aimctl diff` in real git repositories.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const STATIC: &str = include_str!("../../examples/seed/static.yaml");
const METRICS: &str = include_str!("../../examples/seed/custom-metrics.yaml");

/// A repository in a folder of its own.
struct Repo(tempfile::TempDir);

impl Repo {
    fn new() -> Self {
        let repo = Self(tempfile::tempdir().unwrap());
        repo.git(&["init", "-q", "-b", "main"]);
        repo
    }

    /// With the static example committed.
    fn with_static() -> Self {
        let repo = Self::new();
        repo.write("services/chat.yaml", STATIC);
        repo.commit();
        repo
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn git(&self, arguments: &[&str]) {
        let identity = [
            "-c",
            "user.name=t",
            "-c",
            "user.email=t@example.com",
            "-c",
            "protocol.file.allow=always",
        ];
        let status = Command::new("git")
            .args(identity)
            .args(arguments)
            .current_dir(self.path())
            .status()
            .unwrap();
        assert!(status.success(), "git {arguments:?}");
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "x"]);
    }

    fn diff(&self, arguments: &[&str]) -> Said {
        aimctl(self.path(), &[&["diff"], arguments].concat())
    }
}

struct Said {
    code: i32,
    stdout: String,
    stderr: String,
}

fn aimctl(directory: &Path, arguments: &[&str]) -> Said {
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_aimctl"))
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap())
        .output()
        .unwrap();
    Said {
        code: status.code().unwrap(),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}

impl Said {
    #[track_caller]
    fn expect(self, code: i32, texts: &[&str]) -> Self {
        assert_eq!(
            self.code, code,
            "stdout:\n{}\nstderr:\n{}",
            self.stdout, self.stderr
        );
        for text in texts {
            assert!(
                self.stdout.contains(text) || self.stderr.contains(text),
                "no `{text}` in:\n{}\n{}",
                self.stdout,
                self.stderr
            );
        }
        self
    }
}

/// Runs `aimctl diff` with each of these arguments and compares all that it says with `tests/diff/NAME.txt`;
/// `AIMCTL_BLESS=1` writes the file.
#[track_caller]
fn transcript(name: &str, directory: &Path, runs: &[&[&str]]) {
    let mut text = String::new();
    for arguments in runs {
        let said = aimctl(directory, &[&["diff"], *arguments].concat());
        let words = [&["aimctl", "diff"], *arguments].concat().join(" ");
        text.push_str(&format!("$ {words}\n{}", said.stdout));
        for line in said.stderr.lines() {
            text.push_str(&format!("stderr: {line}\n"));
        }
        text.push_str(&format!("[exit {}]\n\n", said.code));
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/diff")
        .join(format!("{name}.txt"));
    if std::env::var_os("AIMCTL_BLESS").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &text).unwrap();
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(text == kept, "{name} is\n{text}\nand was\n{kept}");
}

#[test]
fn nothing_changed() {
    transcript("unchanged", Repo::with_static().path(), &[&[]]);
}

#[test]
fn replicas() {
    let repo = Repo::with_static();
    repo.write(
        "services/chat.yaml",
        &STATIC.replace("replicas: 3", "replicas: 5"),
    );
    let formats: &[&[&str]] = &[
        &[],
        &["--format", "brief"],
        &["--format", "unified"],
        &["--format", "markdown"],
        &["--format", "json"],
        &["--of", "source"],
        &["--color", "always", "--format", "text"],
    ];
    transcript("replicas", repo.path(), formats);
}

#[test]
fn from_fixed_to_metrics() {
    let repo = Repo::with_static();
    repo.write("services/chat.yaml", METRICS);
    transcript("metrics", repo.path(), &[&[], &["--format", "markdown"]]);
}

#[test]
fn from_fixed_to_bounds_without_a_metric_is_said_to_fail() {
    let repo = Repo::with_static();
    repo.write(
        "services/chat.yaml",
        &STATIC.replace("replicas: 3", "minReplicas: 1\n  maxReplicas: 4"),
    );
    transcript("bounds", repo.path(), &[&[]]);
    repo.commit();
    repo.write("services/chat.yaml", METRICS);
    transcript(
        "bounds-to-metrics",
        repo.path(),
        &[&["--format", "brief"], &[]],
    );
}

#[test]
fn another_image_is_immutable() {
    let repo = Repo::with_static();
    repo.write("services/chat.yaml", &STATIC.replace("0.8.5", "0.8.4"));
    transcript("image", repo.path(), &[&[], &["--of", "source"]]);
    repo.diff(&["--cluster", "aim-engine"]).expect(1, &["A050"]);
}

#[test]
fn a_template_override_added_to_one_that_was_set_is_refused() {
    let repo = Repo::with_static();
    let with = |precision: &str| format!("{STATIC}  overrides:\n    precision: {precision}\n");
    repo.write("services/chat.yaml", &with("fp16"));
    repo.commit();
    repo.write("services/chat.yaml", &with("fp8"));
    transcript(
        "override",
        repo.path(),
        &[&["--cluster", "aim-engine"], &["--format", "json"]],
    );
}

#[test]
fn another_namespace_is_shown_as_a_move() {
    let repo = Repo::with_static();
    repo.write(
        "services/chat.yaml",
        &STATIC.replace("name: qwen-chat", "name: qwen-chat\n  namespace: team-b"),
    );
    transcript("namespace", repo.path(), &[&[]]);
    repo.write("services/chat.yaml", &STATIC.replace("qwen-chat", "chat"));
    transcript("renamed", repo.path(), &[&["--format", "brief"], &[]]);
}

#[test]
fn a_deleted_service_goes_with_what_it_owns() {
    let repo = Repo::with_static();
    fs::remove_file(repo.path().join("services/chat.yaml")).unwrap();
    transcript("deleted", repo.path(), &[&[], &["--cluster", "aim-engine"]]);
}

#[test]
fn a_file_that_only_moved_changes_nothing() {
    let repo = Repo::with_static();
    repo.git(&["mv", "services/chat.yaml", "chat.yaml"]);
    transcript("file-renamed", repo.path(), &[&[]]);
}

#[test]
fn text_that_is_no_yaml_is_trouble() {
    let repo = Repo::with_static();
    repo.write(
        "services/chat.yaml",
        &STATIC.replace("  name: qwen-chat", "\tname: qwen-chat"),
    );
    transcript("no-yaml", repo.path(), &[&[]]);
    repo.git(&["add", "-A"]);
    repo.commit();
    repo.write("services/chat.yaml", STATIC);
    repo.diff(&[]).expect(2, &["Y001"]);
}

#[test]
fn what_the_api_server_refuses_stays_as_it_is() {
    let repo = Repo::with_static();
    repo.write(
        "services/chat.yaml",
        &STATIC.replace("replicas: 3", "replicas: three"),
    );
    repo.write(
        "services/new.yaml",
        &STATIC
            .replace("qwen-chat", "new")
            .replace("model:", "modle:"),
    );
    transcript("refused", repo.path(), &[&[]]);
    repo.diff(&["--format", "brief"]).expect(
        1,
        &["! AIMService default/qwen-chat refused: stays as it is"],
    );
    repo.commit();
    // Refused on both sides: nothing happens.
    repo.diff(&[]).expect(0, &[]);
    repo.write("services/chat.yaml", STATIC);
    repo.diff(&["--format", "brief"])
        .expect(1, &["+ Deployment default/qwen-chat"]);
}

#[test]
fn secrets_are_not_shown() {
    let repo = Repo::with_static();
    let token = "hf_abcdefghijklmnopqrstuvwxyzABCDEFGH";
    repo.write(
        "services/chat.yaml",
        &format!("{STATIC}  env:\n    - {{name: HF_TOKEN, value: {token}}}\n"),
    );
    for format in ["text", "unified", "json", "markdown", "brief"] {
        let said = repo.diff(&["--format", format]).expect(1, &[]);
        assert!(!said.stdout.contains(token), "{}", said.stdout);
    }
}

#[test]
fn staged_and_working_tree_are_different_things() {
    let repo = Repo::with_static();
    repo.write(
        "services/chat.yaml",
        &STATIC.replace("replicas: 3", "replicas: 5"),
    );
    repo.diff(&["--staged"]).expect(0, &[]);
    repo.git(&["add", "-A"]);
    repo.diff(&["--staged"]).expect(1, &["+ 5"]);
}

#[test]
fn another_revision() {
    let repo = Repo::with_static();
    repo.write(
        "services/chat.yaml",
        &STATIC.replace("replicas: 3", "replicas: 5"),
    );
    repo.commit();
    repo.diff(&[]).expect(0, &[]);
    repo.diff(&["--against", "HEAD~1"]).expect(1, &["+ 5"]);
    repo.diff(&["--against", "no-such-branch"])
        .expect(2, &["no-such-branch"]);
}

#[test]
fn before_the_first_commit_everything_is_new() {
    let repo = Repo::new();
    repo.write("chat.yaml", STATIC);
    transcript("first-commit", repo.path(), &[&[]]);
}

#[test]
fn a_shallow_clone_says_how_to_get_more() {
    let repo = Repo::with_static();
    repo.write(
        "services/chat.yaml",
        &STATIC.replace("replicas: 3", "replicas: 5"),
    );
    repo.commit();
    let clone = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.path().display());
    let into = clone.path().join("c");
    repo.git(&["clone", "-q", "--depth", "1", &url, into.to_str().unwrap()]);
    transcript("shallow", &into, &[&[], &["--against", "HEAD~1"]]);
}

#[test]
fn a_submodule_is_passed_over() {
    let inner = Repo::with_static();
    let repo = Repo::with_static();
    repo.git(&[
        "submodule",
        "--quiet",
        "add",
        inner.path().to_str().unwrap(),
        "vendor",
    ]);
    repo.git(&["commit", "-q", "-m", "submodule"]);
    repo.diff(&["services"]).expect(0, &[]);
    repo.diff(&[]).expect(0, &[]);
    fs::write(repo.path().join("vendor/services/more.yaml"), STATIC).unwrap();
    repo.diff(&[]).expect(0, &[]);
}

#[test]
fn a_file_in_a_submodule_is_not_passed_over_in_silence() {
    let inner = Repo::with_static();
    let repo = Repo::with_static();
    let url = inner.path().to_str().unwrap();
    repo.git(&["submodule", "--quiet", "add", url, "vendor"]);
    repo.git(&["commit", "-q", "-m", "submodule"]);
    let changed = STATIC.replace("replicas: 3", "replicas: 5");
    repo.write("vendor/services/chat.yaml", &changed);
    for path in ["vendor", "vendor/services", "vendor/services/chat.yaml"] {
        repo.diff(&[path])
            .expect(2, &["is in the submodule vendor", "aimctl diff -C vendor"]);
    }
    repo.diff(&["-C", "vendor"]).expect(1, &["+ 5"]);
    repo.diff(&[]).expect(0, &[]);
}

#[test]
fn a_changed_patch_of_a_kustomization_is_not_taken_for_a_service() {
    let repo = Repo::with_static();
    let overlay = "resources: [../services]\npatches:\n- path: scale.yaml\n";
    repo.write("overlay/kustomization.yaml", overlay);
    let patch = "apiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMService\nmetadata:\n  name: qwen-chat\nspec:\n  replicas: 3\n";
    repo.write("overlay/scale.yaml", patch);
    repo.commit();
    repo.write("overlay/scale.yaml", &patch.replace('3', "5"));
    let said = repo
        .diff(&[])
        .expect(0, &["overlay/scale.yaml is a patch", "kustomize build"]);
    assert_eq!((said.stdout.as_str(), said.stderr.lines().count()), ("", 1));
}

#[test]
fn no_repository() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("chat.yaml"), STATIC).unwrap();
    transcript("no-repository", folder.path(), &[&[]]);
}

#[test]
fn a_path_that_is_nowhere_is_trouble() {
    let repo = Repo::with_static();
    transcript("nowhere", repo.path(), &[&["sevices"]]);
}

#[test]
fn two_paths() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("old.yaml"), STATIC).unwrap();
    fs::write(
        folder.path().join("new.yaml"),
        STATIC.replace("replicas: 3", "replicas: 1"),
    )
    .unwrap();
    aimctl(folder.path(), &["diff", "old.yaml", "new.yaml"]).expect(1, &["- 3", "+ 1"]);
    aimctl(folder.path(), &["diff", "old.yaml", "old.yaml"]).expect(0, &[]);
}

/// Commits so many services, spread over so many namespaces, and then gives the 21st one replica more.
fn one_changed(services: usize, namespaces: usize) -> Repo {
    let repo = Repo::new();
    let service = |index: usize, replicas: usize| {
        let team = index % namespaces;
        let name = format!("name: chat-{index}\n  namespace: team-{team}");
        STATIC
            .replace("name: qwen-chat", &name)
            .replace("replicas: 3", &format!("replicas: {replicas}"))
    };
    for index in 0..services {
        repo.write(&format!("s{index}.yaml"), &service(index, 3));
    }
    repo.commit();
    repo.write("s20.yaml", &service(20, 4));
    repo
}

/// The teams that nothing changed for are not planned. A thousand of one team are planned all; docs/performance.md has how
/// long that takes.
#[test]
fn one_of_a_thousand_services_of_fifty_teams() {
    let repo = one_changed(1000, 50);
    transcript("many", repo.path(), &[&["--format", "brief"], &[]]);
}

#[test]
fn one_of_two_hundred_services_of_one_team() {
    let repo = one_changed(200, 1);
    transcript("many-of-one-team", repo.path(), &[&[]]);
}

#[test]
fn the_schema_of_the_json_is_that_of_the_types_and_kept_to() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/diff.v1.json");
    let schema = schemars::schema_for!(aimctl::diff::Report).to_value();
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    if std::env::var_os("AIMCTL_BLESS").is_some() {
        fs::write(&file, &text).unwrap();
    }
    assert!(
        fs::read_to_string(&file).is_ok_and(|kept| kept == text),
        "schemas/diff.v1.json is not that of the types: run with AIMCTL_BLESS=1"
    );
    let validator = jsonschema::validator_for(&schema).unwrap();
    let repo = Repo::with_static();
    let changes = [
        METRICS.to_owned(),
        STATIC.replace("0.8.5", "0.8.4"),
        STATIC.replace("name: qwen-chat", "name: qwen-chat\n  namespace: team-b"),
        String::new(),
    ];
    for change in changes {
        repo.write("services/chat.yaml", &change);
        let said = repo.diff(&["--format", "json"]).expect(1, &[]);
        let report = serde_json::from_str(&said.stdout).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&report)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}");
    }
}

#[test]
fn a_comment_fits_into_a_pull_request_and_stays_closed() {
    let repo = Repo::new();
    for index in 0..60 {
        repo.write(
            &format!("s{index}.yaml"),
            &STATIC.replace("qwen-chat", &format!("chat-{index}")),
        );
    }
    repo.commit();
    for index in 0..60 {
        repo.write(
            &format!("s{index}.yaml"),
            &METRICS.replace("qwen-chat", &format!("chat-{index}")),
        );
    }
    let said = repo
        .diff(&["--format", "markdown"])
        .expect(1, &["more; `aimctl diff`"]);
    assert!(
        said.stdout.chars().count() < 65_536,
        "{}",
        said.stdout.len()
    );
    let count = |text: &str| said.stdout.matches(text).count();
    assert_eq!(count("<details>"), count("</details>"));
    assert_eq!(count("```") % 2, 0);
}

/// A timeout that Go cannot read hides the services of every later namespace; mending it concerns them all.
#[test]
fn a_service_that_hid_others_concerns_their_namespaces() {
    let service = |namespace: &str, timeout: &str| {
        format!(
            "apiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMService\nmetadata:\n  name: chat\n  namespace: {namespace}\n\
             spec:\n  model:\n    image: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5\n  routing:\n    requestTimeout: {timeout}\n"
        )
    };
    let folder = tempfile::tempdir().unwrap();
    for (name, timeout) in [("old.yaml", "5 minutes"), ("new.yaml", "5m")] {
        let text = format!("{}---\n{}", service("a", timeout), service("b", "5m"));
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_aimctl"))
        .args(["diff", "old.yaml", "new.yaml", "--format", "brief"])
        .current_dir(&folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for namespace in ["a", "b"] {
        let made = format!("+ InferenceService {namespace}/chat-");
        assert!(text.contains(&made), "{text}");
    }
}
