//! Completion in real shells: the scripts are loaded, and Tab is asked for. A shell that is not installed is left out.
#![cfg(unix)]

use std::fs;
use std::process::Command;

use tempfile::TempDir;

use crate::tools;

/// A folder with the program on its own path and some services.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let bin = folder.path().join("bin");
    fs::create_dir(&bin).unwrap();
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_aimctl"), bin.join("aimctl")).unwrap();
    let service = |name: &str| {
        format!(
            "apiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMService\nmetadata: {{name: {name}, namespace: team}}\n"
        )
    };
    let text = format!("{}---\n{}", service("chat-large"), service("code"));
    fs::write(folder.path().join("services.yaml"), text).unwrap();
    folder
}

/// What a shell prints of a script, with the program on its search path.
fn shell(folder: &TempDir, shell: &str, args: &[&str], script: &str) -> Option<String> {
    let program = tools::find(shell)?;
    let path = format!(
        "{}:{}",
        folder.path().join("bin").display(),
        std::env::var("PATH").unwrap()
    );
    let output = Command::new(program)
        .args(args)
        .args(["-c", script])
        .current_dir(folder.path())
        .env_clear()
        .env("PATH", path)
        .env("HOME", folder.path())
        .env("XDG_CONFIG_HOME", folder.path())
        .env("XDG_DATA_HOME", folder.path())
        .env("TERM", "dumb")
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let stderr = text(output.stderr);
    assert!(output.status.success(), "{shell}: {stderr}");
    Some(text(output.stdout))
}

/// Lines typed, and what Tab must offer and must not.
const CASES: &[(&str, &[&str], &[&str])] = &[
    ("aimctl val", &["validate"], &["render"]),
    ("aimctl validate --deny D3", &["D301"], &["K201"]),
    (
        "aimctl explain aimservice.spec.auto",
        &["aimservice.spec.autoScaling"],
        &["aimservice.spec.model"],
    ),
    (
        "aimctl schema aimcluster",
        &["aimclustermodel"],
        &["aimservice"],
    ),
    (
        "aimctl catalog amdenterpriseai/aim-qwen-qwen3-32b",
        &["amdenterpriseai/aim-qwen-qwen3-32b:0.8.5"],
        &[],
    ),
    ("aimctl why services.yaml cha", &["chat-large"], &["code"]),
    ("aimctl render --service co", &["code"], &["chat-large"]),
];

#[track_caller]
fn offers(shell: &str, line: &str, printed: &str, wanted: &[&str], unwanted: &[&str]) {
    // Descriptions stand behind the word, or in brackets.
    let words: Vec<&str> = printed.split_whitespace().collect();
    for word in wanted {
        assert!(words.contains(word), "{shell}: {line}: {printed}");
    }
    for word in unwanted {
        assert!(!words.contains(word), "{shell}: {line}: {printed}");
    }
}

/// bash as Tab calls it: the words, the one at the cursor, then the registered function.
fn bash(folder: &TempDir, load: &str, line: &str) -> Option<String> {
    let last = line.split(' ').count() - 1;
    // Readline breaks words at colons, too.
    let script = format!(
        "{load}
        registered=$(complete -p aimctl)
        function=${{registered#*-F }}; function=${{function%% *}}
        COMP_LINE='{line}'; COMP_POINT=${{#COMP_LINE}}; COMP_TYPE=9; COMP_KEY=9
        COMP_WORDS=({line}); COMP_CWORD={last}
        $function aimctl \"${{COMP_WORDS[$COMP_CWORD]}}\" \"${{COMP_WORDS[$COMP_CWORD-1]}}\" 2>/dev/null
        printf '%s\\n' \"${{COMPREPLY[@]}}\""
    );
    shell(folder, "bash", &["--norc", "--noprofile"], &script)
}

#[test]
fn bash_offers_what_the_program_knows() {
    let folder = folder();
    for (line, wanted, unwanted) in CASES {
        let load = "source <(aimctl completions bash --dynamic)";
        if let Some(printed) = bash(&folder, load, line) {
            offers("bash", line, &printed, wanted, unwanted);
        }
    }
    let load = "source <(aimctl completions bash)";
    if let Some(printed) = bash(&folder, load, "aimctl validate --form") {
        offers("bash", "static", &printed, &["--format"], &["--fix"]);
    }
}

#[test]
fn fish_offers_what_the_program_knows() {
    let folder = folder();
    for (line, wanted, unwanted) in CASES {
        let script = format!("aimctl completions fish --dynamic | source; complete -C '{line}'");
        if let Some(printed) = shell(&folder, "fish", &["--no-config"], &script) {
            offers("fish", line, &printed, wanted, unwanted);
        }
    }
    let script = "aimctl completions fish | source; complete -C 'aimctl validate --form'";
    if let Some(printed) = shell(&folder, "fish", &["--no-config"], script) {
        offers("fish", "static", &printed, &["--format"], &["--fix"]);
    }
}

/// elvish without a terminal has no `edit:`, so the script is given one, and its completer is called as Tab would.
#[test]
fn elvish_offers_what_the_program_knows() {
    let folder = folder();
    let ask = |load: &str, line: &str| {
        let words: Vec<String> = line.split(' ').map(|word| format!("'{word}'")).collect();
        let script = format!(
            "var edit: = (ns [&complex-candidate~={{|&display='' word| put $word }} &completion:=(ns [&arg-completer=[&]])])
            eval &ns=(ns [&edit:=$edit:]) ({load} | slurp)
            $edit:completion:arg-completer[aimctl] {} | each {{|word| echo $word }}",
            words.join(" ")
        );
        shell(&folder, "elvish", &["-norc"], &script)
    };
    for (line, wanted, unwanted) in CASES {
        if let Some(printed) = ask("aimctl completions elvish --dynamic", line) {
            offers("elvish", line, &printed, wanted, unwanted);
        }
    }
    // elvish itself narrows what a static script offers to what was typed.
    if let Some(printed) = ask("aimctl completions elvish", "aimctl validate ''") {
        offers(
            "elvish",
            "static",
            &printed,
            &["--format", "--fix"],
            &["--gpus"],
        );
    }
}

/// zsh in a terminal of its own: the line is typed, and Ctrl-D lists what Tab would choose from.
#[test]
fn zsh_offers_what_the_program_knows() {
    let folder = folder();
    for (load, cases) in [
        ("aimctl completions zsh --dynamic", CASES),
        (
            "aimctl completions zsh",
            &[(
                "aimctl validate --f",
                &["--format", "--fix", "--facts", "--filename"][..],
                &["--deny"][..],
            )],
        ),
    ] {
        for (line, wanted, unwanted) in cases {
            let script = format!(
                "zmodload zsh/zpty
                zpty shell zsh -f -i
                zpty -w shell 'PS1=; stty -echo; stty columns 200 rows 60; zstyle \":completion:*\" list-grouped false; LISTMAX=0; unsetopt LIST_AMBIGUOUS; bindkey \"^L\" list-choices'
                zpty -w shell 'autoload -U compinit; compinit -u -D; source <({load}); print LOAD''ED'
                zpty -m -r shell text '*LOADED*'
                zpty -w -n shell $'{line}\\C-l'
                found=; text=
                for i in {{1..100}}; do
                  if zpty -t -r shell text; then found+=$text; else sleep 0.05; fi
                  [[ $found == *'{first}'* && $i -gt 20 ]] && break
                done
                print -r -- $found
                zpty -d shell",
                first = wanted[0],
            );
            let Some(printed) = shell(&folder, "zsh", &["-f"], &script) else {
                return;
            };
            let plain = plain_text(&printed);
            offers("zsh", line, &plain, wanted, unwanted);
        }
    }
}

/// The text without a terminal's control sequences.
fn plain_text(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\u{1b}' {
            for c in rest.by_ref() {
                if c.is_ascii_alphabetic() || c == '~' || c == '>' || c == '=' {
                    break;
                }
            }
            out.push(' ');
        } else {
            out.push(if c.is_control() { ' ' } else { c });
        }
    }
    out
}

#[test]
fn manual_pages_are_read_by_man() {
    let Some(man) = tools::find("man") else {
        return;
    };
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let mut pages = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "1") {
            continue;
        }
        pages += 1;
        let output = Command::new(&man)
            .args(["--warnings", "-l"])
            .arg(&path)
            .env("MANWIDTH", "100")
            .env("LC_ALL", "C.UTF-8")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && stderr.is_empty(),
            "{}: {stderr}",
            path.display()
        );
        assert!(
            text.contains("SYNOPSIS") && text.contains("OPTIONS"),
            "{}: {text}",
            path.display()
        );
    }
    assert!(pages > 10, "{pages}");
}
