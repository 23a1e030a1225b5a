//! The integrations: every file is YAML, every script runs, every flag in them is one that the program has.
#![cfg(unix)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::tools;

const GOOD: &str = "\
apiVersion: aim.eai.amd.com/v1alpha1
kind: AIMService
metadata:
  name: chat
spec:
  model:
    image: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5
";

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn yaml(path: &str) -> Value {
    let text = fs::read_to_string(root(path)).unwrap();
    serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A repository with one service in it, committed, and the program on a search path.
struct Checkout {
    folder: TempDir,
}

impl Checkout {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir_all(folder.path().join("bin")).unwrap();
        fs::create_dir_all(folder.path().join("work/services")).unwrap();
        let checkout = Self { folder };
        std::os::unix::fs::symlink(
            env!("CARGO_BIN_EXE_aimctl"),
            checkout.folder.path().join("bin/aimctl"),
        )
        .unwrap();
        checkout.write("services/chat.yaml", GOOD);
        checkout.git(&["init", "--quiet"]);
        checkout.commit();
        checkout
    }

    fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.work().join(path), text).unwrap();
    }

    fn break_service(&self) {
        self.write(
            "services/chat.yaml",
            &format!("{GOOD}  minReplicas: 1\n  maxReplicas: 4\n"),
        );
    }

    fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", "services"]);
    }

    fn git(&self, args: &[&str]) -> String {
        let output = Command::new("git")
            .args(args)
            .current_dir(self.work())
            .envs(tools::GIT_AUTHOR)
            .output()
            .unwrap();
        assert!(output.status.success(), "{args:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let path = std::env::var("PATH").unwrap();
        command
            .current_dir(self.work())
            .env(
                "PATH",
                format!("{}:{path}", self.folder.path().join("bin").display()),
            )
            .env("HOME", self.folder.path())
            .envs(tools::GIT_AUTHOR)
            .env_remove("GITHUB_ACTIONS");
        command
    }

    fn bash(&self, script: &str, env: &[(&str, &str)]) -> Output {
        let mut command = self.command("bash");
        command.args(["-e", "-o", "pipefail", "-c", script]);
        command.envs(env.iter().copied()).output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn every_file_is_yaml() {
    for path in [
        ".pre-commit-hooks.yaml",
        "action.yml",
        ".github/workflows/release.yml",
        "packaging/argocd/plugin.yaml",
        "packaging/argocd/application.yaml",
        "packaging/gitlab/aimctl.gitlab-ci.yml",
    ] {
        assert!(!yaml(path).is_null(), "{path}");
    }
    let flux = fs::read_to_string(root("packaging/flux/models.yaml")).unwrap();
    let kinds: Vec<String> = flux
        .split("---\n")
        .map(|document| {
            let document: Value = serde_yaml::from_str(document).unwrap();
            document["kind"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(kinds, ["GitRepository", "Kustomization"]);
}

/// The real pre-commit, with the hook that takes the program from the path.
#[test]
fn pre_commit_runs_the_hook() {
    let Some(pre_commit) = tools::find("pre-commit") else {
        return;
    };
    let hooks = tempfile::tempdir().unwrap();
    fs::copy(
        root(".pre-commit-hooks.yaml"),
        hooks.path().join(".pre-commit-hooks.yaml"),
    )
    .unwrap();
    let git = |args: &[&str]| {
        let mut command = Command::new("git");
        let output = command
            .args(args)
            .current_dir(hooks.path())
            .envs(tools::GIT_AUTHOR)
            .output();
        let output = output.unwrap();
        assert!(output.status.success(), "{output:?}");
        text(&output.stdout).trim().to_owned()
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "hooks"]);
    let revision = git(&["rev-parse", "HEAD"]);
    let checkout = Checkout::new();
    let config = format!(
        "repos:\n  - repo: {}\n    rev: {revision}\n    hooks:\n      - id: aimctl-system\n",
        hooks.path().display()
    );
    checkout.write(".pre-commit-config.yaml", &config);
    checkout.commit();
    let run = || {
        let mut command = checkout.command(pre_commit.to_str().unwrap());
        let output = command
            .args(["run", "--all-files", "--color", "never"])
            .output()
            .unwrap();
        (
            output.status.success(),
            text(&output.stdout) + &text(&output.stderr),
        )
    };
    let (passed, said) = run();
    assert!(passed && said.contains("Passed"), "{said}");
    checkout.break_service();
    checkout.commit();
    let (passed, said) = run();
    assert!(!passed && said.contains("error[D301]"), "{said}");
}

/// The hook's two variants differ in nothing but where the program comes from.
#[test]
fn hooks_are_alike() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let [built, installed] = hooks.as_array().unwrap().as_slice() else {
        panic!("{hooks:#}");
    };
    for key in ["entry", "args", "types_or", "pass_filenames", "name"] {
        assert_eq!(built[key], installed[key], "{key}");
    }
    assert_eq!(
        (&built["language"], &installed["language"]),
        (&"rust".into(), &"system".into())
    );
}

fn step(id: &str) -> String {
    let action = yaml("action.yml");
    let steps = action["runs"]["steps"].as_array().unwrap();
    let step = steps
        .iter()
        .find(|step| step["id"] == id || step["name"] == id)
        .unwrap_or_else(|| panic!("{id}"));
    step["run"].as_str().unwrap().to_owned()
}

#[test]
fn the_action_annotates_writes_sarif_and_compares() {
    let checkout = Checkout::new();
    let base = checkout.git(&["rev-parse", "HEAD"]);
    let temp = checkout.folder.path().display().to_string();
    let output_file = checkout.folder.path().join("output");
    let env = [
        ("GITHUB_ACTIONS", "true"),
        ("RUNNER_TEMP", temp.as_str()),
        ("GITHUB_OUTPUT", output_file.to_str().unwrap()),
        ("PATHS", "services"),
        ("ARGS", "--deny warnings"),
        ("BASE", base.as_str()),
    ];
    let installed = checkout.bash(&step("Install aimctl"), &env);
    assert!(installed.status.success(), "{installed:?}");
    let same = checkout.bash(&step("diff"), &env);
    assert!(same.status.success(), "{same:?}");
    assert_eq!(fs::read_to_string(&output_file).unwrap(), "changed=false\n");
    checkout.break_service();
    let checked = checkout.bash(&step("check"), &env);
    assert_eq!(checked.status.code(), Some(1));
    assert!(
        text(&checked.stdout).contains("::error file=services/chat.yaml,line=8"),
        "{checked:?}"
    );
    let sarif = fs::read_to_string(checkout.folder.path().join("aimctl.sarif")).unwrap();
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "D301");
    let changed = checkout.bash(&step("diff"), &env);
    assert!(changed.status.success(), "{changed:?}");
    assert!(
        fs::read_to_string(&output_file)
            .unwrap()
            .ends_with("changed=true\n")
    );
    // The comment is made once, and changed after that; gh is not asked for real.
    let gh = checkout.folder.path().join("bin/gh");
    fs::write(
        &gh,
        "#!/bin/sh\nprintf '%s\\n' \"$*\" >> \"$HOME/asked\"\ncase \"$*\" in *paginate*) cat \"$HOME/found\" 2> /dev/null || true ;; esac\n",
    )
    .unwrap();
    let mut mode = fs::metadata(&gh).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o755);
    fs::set_permissions(&gh, mode).unwrap();
    let env = [
        ("RUNNER_TEMP", temp.as_str()),
        ("REPOSITORY", "team/models"),
        ("NUMBER", "7"),
    ];
    for (found, asked) in [
        ("", "repos/team/models/issues/7/comments"),
        ("41\n", "repos/team/models/issues/comments/41"),
    ] {
        fs::write(checkout.folder.path().join("found"), found).unwrap();
        let commented = checkout.bash(&step("Comment"), &env);
        assert!(commented.status.success(), "{commented:?}");
        let asks = fs::read_to_string(checkout.folder.path().join("asked")).unwrap();
        assert!(asks.lines().last().unwrap().contains(asked), "{asks}");
    }
    let comment = fs::read_to_string(checkout.folder.path().join("aimctl-comment.md")).unwrap();
    assert!(
        comment.starts_with("<!-- aimctl diff -->\n") && comment.contains("chat"),
        "{comment}"
    );
}

#[test]
fn gitlab_gets_its_two_reports() {
    let job = yaml("packaging/gitlab/aimctl.gitlab-ci.yml")["aimctl"].clone();
    let checkout = Checkout::new();
    checkout.break_service();
    let script = job["script"][0].as_str().unwrap();
    let paths = job["variables"]["AIMCTL_PATHS"].as_str().unwrap();
    let ran = checkout.bash(script, &[("AIMCTL_PATHS", paths)]);
    assert_eq!(ran.status.code(), Some(1), "{ran:?}");
    assert!(text(&ran.stdout).contains("error[D301]"), "{ran:?}");
    let report = |name: &str| {
        let file = job["artifacts"]["reports"][name].as_str().unwrap();
        fs::read_to_string(checkout.work().join(file)).unwrap()
    };
    assert!(report("junit").contains("<failure"));
    let quality: Value = serde_json::from_str(&report("codequality")).unwrap();
    assert_eq!(quality[0]["location"]["path"], "services/chat.yaml");
}

#[test]
fn argo_cd_discovers_and_generates() {
    let spec = yaml("packaging/argocd/plugin.yaml")["spec"].clone();
    let command = |part: &Value| -> Vec<String> {
        let words = part["command"].as_array().unwrap().iter();
        let more = part["args"].as_array().into_iter().flatten();
        words
            .chain(more)
            .map(|word| word.as_str().unwrap().to_owned())
            .collect()
    };
    let checkout = Checkout::new();
    let run = |words: &[String]| {
        let mut command = checkout.command(&words[0]);
        let command = command
            .args(&words[1..])
            .env("ARGOCD_APP_NAMESPACE", "models");
        command.output().unwrap()
    };
    let found = run(&command(&spec["discover"]["find"]));
    assert_eq!(text(&found.stdout).trim(), "./services/chat.yaml");
    let generated = run(&command(&spec["generate"]));
    assert!(generated.status.success(), "{generated:?}");
    let documents: Vec<Value> = text(&generated.stdout)
        .split("---\n")
        .filter_map(|document| serde_yaml::from_str(document).ok())
        .filter(|document: &Value| !document.is_null())
        .collect();
    assert_eq!(documents[0]["kind"], "InferenceService");
    assert_eq!(documents[0]["metadata"]["namespace"], "models");
    checkout.break_service();
    let refused = run(&command(&spec["generate"]));
    assert_eq!(
        (refused.status.code(), text(&refused.stdout).as_str()),
        (Some(1), "")
    );
}

#[test]
fn flux_gets_a_folder_that_kustomize_takes() {
    let checkout = Checkout::new();
    let script = root("packaging/flux/render.sh");
    let run = || checkout.command("sh").arg(&script).output().unwrap();
    let rendered = run();
    assert!(rendered.status.success(), "{rendered:?}");
    let kustomization =
        fs::read_to_string(checkout.work().join("rendered/kustomization.yaml")).unwrap();
    let resources = serde_yaml::from_str::<Value>(&kustomization).unwrap()["resources"].clone();
    assert!(!resources.as_array().unwrap().is_empty());
    if let Some(kustomize) = tools::find("kustomize") {
        let built = checkout
            .command(kustomize.to_str().unwrap())
            .args(["build", "rendered"])
            .output();
        let built = built.unwrap();
        assert!(
            text(&built.stdout).contains("kind: InferenceService"),
            "{built:?}"
        );
    }
    checkout.break_service();
    assert!(!run().status.success());
    let still = fs::read_to_string(checkout.work().join("rendered/kustomization.yaml")).unwrap();
    assert_eq!(still, kustomization);
}

#[test]
fn the_krew_manifest_has_the_sums_of_the_archives() {
    let folder = tempfile::tempdir().unwrap();
    let workflow = yaml(".github/workflows/release.yml");
    let targets: Vec<String> = workflow["jobs"]["build"]["strategy"]["matrix"]["include"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["target"].as_str().unwrap().to_owned())
        .collect();
    for target in &targets {
        fs::write(
            folder.path().join(format!("aimctl-{target}.tar.gz")),
            target,
        )
        .unwrap();
    }
    let output = Command::new("sh")
        .arg(root("packaging/krew/manifest.sh"))
        .args(["v1.2.3", "https://example.com/v1.2.3"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let manifest: Value = serde_yaml::from_str(&text(&output.stdout)).unwrap();
    assert_eq!(manifest["metadata"]["name"], "aim");
    assert_eq!(manifest["spec"]["version"], "v1.2.3");
    let platforms = manifest["spec"]["platforms"].as_array().unwrap();
    assert_eq!(platforms.len(), targets.len());
    let mut sums = std::collections::BTreeSet::new();
    for platform in platforms {
        let uri = platform["uri"].as_str().unwrap();
        assert!(
            targets
                .iter()
                .any(|target| uri == format!("https://example.com/v1.2.3/aimctl-{target}.tar.gz")),
            "{uri}"
        );
        let sum = platform["sha256"].as_str().unwrap();
        assert_eq!(sum.len(), 64);
        assert!(sums.insert(sum));
    }
}

/// The action, the release and cargo binstall speak of the same archives.
#[test]
fn everybody_names_the_archives_alike() {
    let workflow = fs::read_to_string(root(".github/workflows/release.yml")).unwrap();
    assert!(workflow.contains("dist/aimctl-$TARGET.tar.gz"));
    let targets =
        yaml(".github/workflows/release.yml")["jobs"]["build"]["strategy"]["matrix"]["include"]
            .clone();
    let install = step("Install aimctl");
    let cargo = fs::read_to_string(root("Cargo.toml")).unwrap();
    assert!(
        install.contains("aimctl-$target.tar.gz") && cargo.contains("aimctl-{ target }.tar.gz")
    );
    for row in targets.as_array().unwrap() {
        assert!(install.contains(row["target"].as_str().unwrap()), "{row}");
    }
}
