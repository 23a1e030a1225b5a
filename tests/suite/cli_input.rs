//! The command line's base: input of every kind, configuration, environment, exit codes, streams.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

pub(crate) const SERVICE: &str = "apiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMService\nmetadata:\n  name: chat\nspec:\n  model:\n    image: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5\n";

/// The program in a folder, with nothing in its environment that changes what it does.
pub(super) fn aimctl(folder: &TempDir) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aimctl"));
    command.current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

pub(super) fn run(command: &mut Command) -> (i32, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code().unwrap(), text(stdout), text(stderr))
}

/// Runs with a text on standard input.
pub(super) fn piped(command: &mut Command, input: &[u8]) -> (i32, String, String) {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

pub(super) fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    // Configuration is not looked for beyond this.
    fs::create_dir(folder.path().join(".git")).unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// One diagnostic on standard error that says this, an empty standard output, and that exit code.
#[track_caller]
pub(super) fn fails((code, stdout, stderr): (i32, String, String), expected: i32, says: &str) {
    assert_eq!(stdout, "", "{stderr}");
    assert!(stderr.contains(says), "{stderr}");
    let diagnostics = stderr.lines().filter(|line| line.starts_with("error"));
    assert_eq!(diagnostics.count(), 1, "{stderr}");
    assert_eq!(code, expected, "{stderr}");
}

#[test]
fn version_shows_the_stack_and_help_the_commands() {
    let folder = folder(&[]);
    let (code, stdout, _) = run(aimctl(&folder).arg("--version"));
    assert_eq!(code, 0);
    assert!(
        stdout.contains("stack 2026.02") && stdout.contains("KServe") && stdout.contains("2.18.1"),
        "{stdout}"
    );
    let (code, stdout, stderr) = run(aimctl(&folder).args(["--help"]));
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(
        stdout.contains("completions") && !stdout.contains('\u{1b}'),
        "{stdout}"
    );
    assert_eq!(run(&mut aimctl(&folder)).0, 2);
}

#[test]
#[cfg(unix)]
fn a_link_named_kubectl_aim_is_a_plugin() {
    let folder = folder(&[]);
    let link = folder.path().join("kubectl-aim");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_aimctl"), &link).unwrap();
    let (_, stdout, _) = run(Command::new(&link).arg("--help").env_clear());
    assert!(stdout.contains("Usage: kubectl aim "), "{stdout}");
}

#[test]
fn bad_input_gets_one_diagnostic_and_its_exit_code() {
    let tab = SERVICE.replace("  model:", "\tmodel:");
    let folder = folder(&[
        ("tab.yaml", &tab),
        ("chat.yaml", SERVICE),
        (
            "other.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n",
        ),
    ]);
    fs::write(folder.path().join("binary.yaml"), b"\x7fELF\0\0\x01").unwrap();
    fs::write(
        folder.path().join("unknown.yaml"),
        SERVICE.replace("    image:", "    imgae:"),
    )
    .unwrap();
    fs::write(
        folder.path().join("kind.yaml"),
        SERVICE.replace("AIMService", "AIMServise"),
    )
    .unwrap();
    let render = |path: &str| run(aimctl(&folder).args(["render", path]));
    fails(render("caht.yaml"), 2, "did you mean `chat.yaml`?");
    fails(render("tab.yaml"), 2, "a tab used as indentation");
    fails(render("binary.yaml"), 2, "no text file");
    fails(render("other.yaml"), 2, "no AIMService found");
    fails(render("unknown.yaml"), 1, "did you mean image?");
    fails(render("kind.yaml"), 1, "did you mean AIMService?");
    fails(render("*.yml"), 2, "no file matches this pattern");
    fails(
        piped(aimctl(&folder).args(["render", "-"]), b""),
        2,
        "no AIMService found",
    );
    assert_eq!(
        piped(aimctl(&folder).args(["render", "-", "--allow-empty"]), b"").0,
        0
    );
}

#[test]
#[cfg(unix)]
fn what_is_no_file_is_named_and_never_waited_for() {
    let folder = folder(&[("chat.yaml", SERVICE), ("sub/chat.yaml", SERVICE)]);
    let path = |name: &str| folder.path().join(name);
    let made = Command::new("mkfifo")
        .arg(path("pipe.yaml"))
        .status()
        .unwrap();
    assert!(made.success());
    std::os::unix::fs::symlink("loop.yaml", path("loop.yaml")).unwrap();
    std::os::unix::fs::symlink("nowhere.yaml", path("dangling.yaml")).unwrap();
    std::os::unix::fs::symlink(".", path("sub/up")).unwrap();
    for name in ["pipe.yaml", "loop.yaml", "dangling.yaml"] {
        let (code, stdout, _) = run(aimctl(&folder).args(["render", name]));
        assert_eq!((code, stdout.as_str()), (2, ""), "{name}");
    }
    let (code, _, stderr) = run(aimctl(&folder).args(["render", "."]));
    assert_eq!(code, 2);
    for says in [
        "a named pipe",
        "a symbolic link that leads to itself",
        "a symbolic link that leads nowhere",
    ] {
        assert_eq!(stderr.matches(says).count(), 1, "{says}: {stderr}");
    }
    // A pipe of the shell's is no such trap.
    let script = "exec \"$0\" render /dev/fd/3 --no-config 3< <(cat chat.yaml)";
    if let Ok(output) = Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_aimctl")])
        .current_dir(&folder)
        .output()
    {
        assert!(
            !String::from_utf8_lossy(&output.stderr).contains("named pipe"),
            "{output:?}"
        );
    }
}

#[test]
fn directories_globs_and_names_find_the_same_once() {
    use aimctl::source::{Found, discover};
    let folder = folder(&[
        ("a/chat.yaml", SERVICE),
        ("a/b/code.yml", SERVICE),
        ("a/b/data.json", "{}"),
        ("a/b/notes.txt", ""),
        ("a/.hidden.yaml", SERVICE),
        ("a/.dot/x.yaml", SERVICE),
        ("a/ignored.yaml", SERVICE),
        ("a/.gitignore", "ignored.yaml\n"),
    ]);
    let names = |paths: &[&str]| -> Vec<String> {
        let paths: Vec<_> = paths.iter().map(|path| folder.path().join(path)).collect();
        let name = |path: &Path| path.strip_prefix(&folder).unwrap().display().to_string();
        discover(&paths)
            .into_iter()
            .map(|found| match found {
                Found::File { path, .. } => name(&path),
                Found::Problem { path, .. } => format!("problem {}", name(&path)),
                Found::Stdin => "-".into(),
            })
            .collect()
    };
    let all = ["a/b/code.yml", "a/b/data.json", "a/chat.yaml"];
    assert_eq!(names(&["a"]), all);
    assert_eq!(names(&["a/chat.yaml", "a", "a/../a/b/code.yml"]).len(), 3);
    assert_eq!(
        names(&["a/b", "a/chat.yaml"]),
        names(&["a/chat.yaml", "a/b"])
    );
    assert_eq!(names(&["a/*.yaml"]), ["a/chat.yaml", "a/ignored.yaml"]);
    assert_eq!(names(&["a/**/*.y?ml"]).len(), 2);
    assert_eq!(names(&["*"]), all);
    assert_eq!(names(&["a/ignored.yaml"]), ["a/ignored.yaml"]);
    assert_eq!(names(&["a/missing.yaml"]), ["problem a/missing.yaml"]);
}

#[test]
fn the_configuration_is_the_nearest_and_its_mistakes_are_named() {
    let folder = folder(&[
        ("sub/deep/chat.yaml", SERVICE),
        ("aimctl.toml", "namespace = \"from-file\"\n"),
        ("sub/bad.toml", "\nnamespce = \"a\"\n"),
        ("sub/rule.toml", "[rules]\nD999 = \"error\"\n"),
        ("sub/type.toml", "threads = \"many\"\n"),
    ]);
    let render = |arguments: &[&str]| {
        let mut command = aimctl(&folder);
        command
            .args([
                "-C",
                "sub/deep",
                "render",
                "chat.yaml",
                "--cluster",
                "aim-engine",
                "-o",
                "ndjson",
            ])
            .args(arguments);
        command
    };
    let namespace = |command: &mut Command| {
        let (code, stdout, stderr) = run(command);
        assert_eq!(code, 0, "{stderr}");
        let object: serde_json::Value =
            serde_json::from_str(stdout.lines().next().unwrap()).unwrap();
        object["metadata"]["namespace"].as_str().unwrap().to_owned()
    };
    assert_eq!(namespace(&mut render(&[])), "from-file");
    assert_eq!(
        namespace(render(&[]).env("AIMCTL_NAMESPACE", "from-env")),
        "from-env"
    );
    assert_eq!(
        namespace(render(&["-n", "from-flag"]).env("AIMCTL_NAMESPACE", "from-env")),
        "from-flag"
    );
    assert_eq!(namespace(&mut render(&["--no-config"])), "default");
    fails(
        run(&mut render(&["--config", "../bad.toml"])),
        2,
        "did you mean `namespace`?",
    );
    fails(
        run(&mut render(&["--config", "../bad.toml"])),
        2,
        "bad.toml:2:1: unknown key `namespce`",
    );
    fails(
        run(&mut render(&["--config", "../rule.toml"])),
        2,
        "`D999` is no rule",
    );
    fails(
        run(&mut render(&["--config", "../type.toml"])),
        2,
        "type.toml:1:11",
    );
    fails(
        run(&mut render(&["--stack", "2026.20"])),
        2,
        "did you mean `2026.02`?",
    );
    fails(
        run(&mut render(&["-n", "Not_A_Name"])),
        2,
        "no name of a namespace",
    );
    fails(run(&mut render(&["--gpu", ":192G"])), 2, "MODEL:VRAM");
}

#[test]
fn a_configuration_is_not_looked_for_beyond_the_repository() {
    let outer = tempfile::tempdir().unwrap();
    fs::write(outer.path().join("aimctl.toml"), "unknown = 1\n").unwrap();
    fs::create_dir_all(outer.path().join("repository/.git")).unwrap();
    let mut command = aimctl(&outer);
    assert_eq!(
        run(command.args(["-C", "repository", "explain", "--list"])).0,
        0
    );
    assert_eq!(run(aimctl(&outer).args(["explain", "--list"])).0, 2);
}

#[test]
fn colours_follow_the_flag_then_the_environment() {
    let folder = folder(&[("bad.yaml", "a: [\n")]);
    let colored = |arguments: &[&str], variables: &[(&str, &str)]| {
        let mut command = aimctl(&folder);
        command
            .args(["render", "bad.yaml"])
            .args(arguments)
            .envs(variables.iter().copied());
        run(&mut command).2.contains('\u{1b}')
    };
    assert!(!colored(&[], &[]));
    assert!(colored(&[], &[("FORCE_COLOR", "1")]));
    assert!(colored(&[], &[("CLICOLOR_FORCE", "1")]));
    assert!(!colored(&[], &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(colored(&["--color", "always"], &[("NO_COLOR", "1")]));
    assert!(!colored(&["--color=never"], &[("FORCE_COLOR", "1")]));
}

#[test]
#[cfg(unix)]
fn a_closed_pipe_ends_quietly_and_names_are_never_escapes() {
    let folder = folder(&[]);
    let script = "\"$0\" man | true; echo ${PIPESTATUS[0]}";
    let output = Command::new("bash")
        .args(["-c", script, env!("CARGO_BIN_EXE_aimctl")])
        .output()
        .unwrap();
    assert_eq!(
        (
            String::from_utf8_lossy(&output.stdout).trim(),
            output.stderr.as_slice()
        ),
        ("0", b"".as_slice())
    );
    let (code, _, stderr) = run(aimctl(&folder).args(["render", "a\u{1b}[31mred.yaml"]));
    assert_eq!(code, 2);
    assert!(!stderr.contains('\u{1b}'), "{stderr:?}");
}

#[test]
fn completions_and_manual_pages_are_up_to_date() {
    use aimctl::cli::commands::{completions, man};
    use clap_complete::Shell;
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let shells = [
        (Shell::Bash, "aimctl.bash"),
        (Shell::Elvish, "aimctl.elv"),
        (Shell::Fish, "aimctl.fish"),
        (Shell::PowerShell, "_aimctl.ps1"),
        (Shell::Zsh, "_aimctl"),
    ];
    let mut files: Vec<(String, Vec<u8>)> = shells
        .iter()
        .map(|(shell, name)| ((*name).to_owned(), completions::script(*shell)))
        .collect();
    files.extend(
        man::pages()
            .unwrap()
            .into_iter()
            .map(|(name, page)| (format!("{name}.1"), page)),
    );
    if std::env::var_os("AIMCTL_BLESS").is_some() {
        let _ = fs::remove_dir_all(&directory);
        fs::create_dir_all(&directory).unwrap();
        for (name, content) in &files {
            fs::write(directory.join(name), content).unwrap();
        }
    }
    for (name, content) in &files {
        let written = fs::read(directory.join(name)).unwrap_or_default();
        assert!(
            written == *content,
            "completions/{name} is out of date: run AIMCTL_BLESS=1 cargo test completions"
        );
    }
    let mut there: Vec<String> = fs::read_dir(&directory)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut expected: Vec<String> = files.into_iter().map(|(name, _)| name).collect();
    there.sort();
    expected.sort();
    assert_eq!(there, expected);
}
