//! Every ```console block of README.md, docs/ and examples/ is run, and prints what is shown.
//!
//! In a block a line `$ command` is run by bash, and the lines after it are what it prints (both streams, as in a
//! terminal); `$ echo $?` shows an exit code. A command that goes on in the next line ends with a backslash. One shell
//! runs all blocks of a file, in a copy of the folder that the file is in; `cargo run --` is the program under test. A
//! block in another language (`sh`) is not run. `AIMCTL_BLESS=1` writes what is printed into the files.
#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use aimctl::cli::args::Cli;
use clap::CommandFactory;

use crate::tools;

/// What a command line of a page may begin with. Programs that are not everywhere are looked for, and blocks that need
/// them left out where they are not.
const EVERYWHERE: &[&str] = &[
    "aimctl",
    "kubectl-aim",
    "cat",
    "cd",
    "echo",
    "ls",
    "cp",
    "sed",
    "git",
];
const SOMEWHERE: &[&str] = &["kustomize"];

struct Page {
    path: PathBuf,
    lines: Vec<String>,
    commands: Vec<Shown>,
}

/// A command of a page and what the page says that it prints.
struct Shown {
    command: String,
    /// Lines of the page.
    output: std::ops::Range<usize>,
    skipped: bool,
}

impl Page {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut commands: Vec<Shown> = Vec::new();
        let mut at = 0;
        while at < lines.len() {
            if lines[at] != "```console" {
                at += 1;
                continue;
            }
            let first = commands.len();
            at += 1;
            assert!(
                lines[at].starts_with("$ "),
                "{}:{}: a console block begins with a command",
                path.display(),
                at + 1
            );
            while lines[at] != "```" {
                match lines[at].strip_prefix("$ ") {
                    Some(command) => {
                        let mut command = command.to_owned();
                        while command.ends_with('\\') {
                            at += 1;
                            command.push('\n');
                            command.push_str(&lines[at]);
                        }
                        commands.push(Shown {
                            command,
                            output: at + 1..at + 1,
                            skipped: false,
                        });
                    }
                    None => commands.last_mut().unwrap().output.end = at + 1,
                }
                at += 1;
                assert!(at < lines.len(), "{}: a block without end", path.display());
            }
            let block = &mut commands[first..];
            let missing = block
                .iter()
                .any(|shown| needs_what_is_missing(path, &shown.command));
            for shown in block {
                shown.skipped = missing;
            }
        }
        Self {
            path: path.to_owned(),
            lines,
            commands,
        }
    }

    /// What each command prints.
    fn run(&self) -> Vec<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folder = tempfile::tempdir().unwrap();
        let bin = folder.path().join("bin");
        fs::create_dir(&bin).unwrap();
        for name in ["aimctl", "kubectl-aim"] {
            std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_aimctl"), bin.join(name)).unwrap();
        }
        let here = folder.path().join("here");
        let below = self
            .path
            .parent()
            .unwrap()
            .strip_prefix(root.join("examples"));
        if below.is_ok() {
            copy(self.path.parent().unwrap(), &here);
        } else {
            copy(&root.join("examples"), &here.join("examples"));
            copy(&root.join("docs"), &here.join("docs"));
        }
        // Configuration is not looked for beyond this.
        fs::create_dir_all(here.join(".git")).unwrap();
        let mut script = String::from("exec 2>&1\n");
        for shown in self.commands.iter().filter(|shown| !shown.skipped) {
            let command = shown.command.replace("cargo run -- ", "aimctl ");
            script.push_str(&format!(
                "{command}\nstatus=$?; printf '\\036\\n'; (exit $status)\n"
            ));
        }
        let path = format!(
            "{}:{}",
            bin.display(),
            std::env::var("PATH").unwrap_or_default()
        );
        let mut shell = Command::new("bash")
            .arg("-s")
            .current_dir(&here)
            .env_clear()
            .env("PATH", path)
            .env("HOME", folder.path())
            .env("LC_ALL", "C.UTF-8")
            .envs(tools::GIT_AUTHOR)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = shell.stdin.take().unwrap();
        let writer = std::thread::spawn(move || input.write_all(script.as_bytes()));
        let output = shell.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_inclusive("\u{1e}\n")
            .filter_map(|printed| printed.strip_suffix("\u{1e}\n").map(str::to_owned))
            .collect()
    }
}

/// Whether a program of the command is not on this machine; all of them must be known ones.
fn needs_what_is_missing(path: &Path, command: &str) -> bool {
    let command = command.replace("cargo run -- ", "aimctl ");
    let program = command.split_whitespace().next().unwrap();
    let known = EVERYWHERE.contains(&program) || SOMEWHERE.contains(&program);
    assert!(
        known,
        "{}: a console block runs `{program}`; what readers run elsewhere goes into a block `sh`",
        path.display()
    );
    SOMEWHERE.contains(&program) && tools::find(program).is_none()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

fn pages() -> Vec<PathBuf> {
    fn below(folder: &Path, deep: bool, pages: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && deep {
                below(&path, deep, pages);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages = Vec::new();
    below(root, false, &mut pages);
    below(&root.join("docs"), false, &mut pages);
    below(&root.join("examples"), true, &mut pages);
    pages.sort();
    pages
}

#[test]
fn every_command_prints_what_is_shown() {
    let pages: Vec<Page> = pages().iter().map(|path| Page::read(path)).collect();
    let printed: Vec<Vec<String>> = std::thread::scope(|scope| {
        let running: Vec<_> = pages
            .iter()
            .map(|page| scope.spawn(|| page.run()))
            .collect();
        running
            .into_iter()
            .map(|page| page.join().unwrap())
            .collect()
    });
    let bless = std::env::var_os("AIMCTL_BLESS").is_some();
    let mut wrong = Vec::new();
    for (page, printed) in pages.iter().zip(printed) {
        let run: Vec<&Shown> = page
            .commands
            .iter()
            .filter(|shown| !shown.skipped)
            .collect();
        assert_eq!(
            run.len(),
            printed.len(),
            "{}: the shell ended early",
            page.path.display()
        );
        let mut lines = page.lines.clone();
        for (shown, printed) in run.iter().zip(&printed).rev() {
            let now: Vec<String> = printed.lines().map(str::to_owned).collect();
            if page.lines[shown.output.clone()] != now[..] {
                wrong.push(format!(
                    "{}:{}: $ {}\n--- prints\n{printed}--- the page shows\n{}\n",
                    page.path.display(),
                    shown.output.start,
                    shown.command,
                    page.lines[shown.output.clone()].join("\n"),
                ));
                lines.splice(shown.output.clone(), now);
            }
        }
        if bless && lines != page.lines {
            fs::write(&page.path, lines.join("\n") + "\n").unwrap();
        }
    }
    assert!(
        bless || wrong.is_empty(),
        "AIMCTL_BLESS=1 writes what is printed into the pages:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn every_example_has_a_page_with_commands() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for entry in fs::read_dir(examples).unwrap() {
        let page = entry.unwrap().path().join("README.md");
        assert!(page.is_file(), "{} is missing", page.display());
        let runs = Page::read(&page)
            .commands
            .iter()
            .any(|shown| shown.command.starts_with("aimctl "));
        assert!(runs, "{} runs nothing", page.display());
    }
}

/// What is in blocks of another language cannot be run here (it needs a cluster, or a reader's own files), but the commands
/// and flags in it exist.
#[test]
fn commands_that_are_not_run_can_be_typed() {
    let mut seen = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let mut shell = false;
        for line in text.lines() {
            if line.starts_with("```") {
                shell = line == "```sh";
                continue;
            }
            let line = line.split(" #").next().unwrap();
            let line = line.replace("cargo run --quiet -- ", "aimctl ");
            let line = line
                .replace("cargo run -- ", "aimctl ")
                .replace("kubectl aim ", "aimctl ");
            for command in line.split("aimctl ").skip(1).filter(|_| shell) {
                let command = command
                    .split(['|', '>', ')', ';', '&', '#'])
                    .next()
                    .unwrap();
                let words = command
                    .split_whitespace()
                    .map(|word| word.trim_matches(['"', '\'']));
                let words = std::iter::once("aimctl").chain(words);
                if let Err(error) = Cli::command().try_get_matches_from(words) {
                    panic!("{}: aimctl {command}\n{error}", page.display());
                }
                seen += 1;
            }
        }
    }
    assert!(seen > 5, "{seen}");
}
