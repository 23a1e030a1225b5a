//! Files that change, cannot be read, or are not what they seem, while the tool works with them.
#![cfg(unix)]

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use super::cli_input::{SERVICE, aimctl, folder, run};
use crate::tools;

/// A service of which something can be mended.
const MENDABLE: &str = "\
apiVersion: aim.eai.amd.com/v1alpha1
kind: AIMService
metadata:
  name: chat
spec:
  model:
    imgae: amdenterpriseai/aim-qwen-qwen3-32b:0.8.5
";

/// Permissions do not hold root back, so root asks as nobody, where it can.
#[test]
fn what_may_not_be_read_is_named() {
    let folder = folder(&[("chat.yaml", SERVICE), ("shut/chat.yaml", SERVICE)]);
    let set = |name: &str, mode: u32| {
        let path = folder.path().join(name);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    set("", 0o755);
    set("chat.yaml", 0o000);
    set("shut", 0o000);
    let is_root = fs::read(folder.path().join("chat.yaml")).is_ok();
    let mut said = Vec::new();
    for name in ["chat.yaml", "shut", "."] {
        let mut command = aimctl(&folder);
        if is_root {
            let Some(setpriv) = tools::find("setpriv") else {
                break;
            };
            // A program below root's home cannot be started by nobody: a copy can.
            let copy = folder.path().join("aimctl");
            if !copy.exists() {
                fs::copy(env!("CARGO_BIN_EXE_aimctl"), &copy).unwrap();
            }
            command = Command::new(setpriv);
            command
                .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
                .arg(copy)
                .current_dir(&folder)
                .env_clear()
                .stdin(Stdio::null());
        }
        said.push(run(command.args(["render", name])));
    }
    set("chat.yaml", 0o600);
    set("shut", 0o700);
    for (code, stdout, stderr) in said {
        assert_eq!((code, stdout.as_str()), (2, ""), "{stderr}");
        assert!(stderr.contains("permission denied"), "{stderr}");
    }
}

/// Each run sees one state of the file, whole or cut off, and never stumbles over the next.
#[test]
fn a_file_that_is_written_meanwhile_is_read_once() {
    let folder = folder(&[("chat.yaml", SERVICE)]);
    let path = folder.path().join("chat.yaml");
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            let broken = format!("{SERVICE}  minReplicas: 1\n  maxReplicas: 4\n");
            while !done.load(Ordering::Relaxed) {
                for text in [SERVICE, broken.as_str(), "", "kind: [", &SERVICE[..70]] {
                    fs::write(&path, text).unwrap();
                }
                let _ = fs::remove_file(&path);
            }
        });
        for _ in 0..20 {
            let (code, _, stderr) = run(aimctl(&folder).args(["validate", "chat.yaml"]));
            assert!((0..=2).contains(&code), "{stderr}");
            assert!(!stderr.contains("internal error"), "{stderr}");
        }
        done.store(true, Ordering::Relaxed);
    });
}

/// What an editor wrote between reading and mending is not lost.
#[test]
fn a_file_that_changed_meanwhile_is_not_mended() {
    let folder = folder(&[("chat.yaml", MENDABLE)]);
    let path = folder.path().join("chat.yaml");
    let mut child = aimctl(&folder)
        .args(["validate", "chat.yaml", "--fix", "--facts", "/dev/stdin"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut facts = child.stdin.take().unwrap();
    // More than a pipe holds: once it is written, the program reads facts, so it has read the file.
    facts
        .write_all("# nothing\n".repeat(100_000).as_bytes())
        .unwrap();
    let newer = MENDABLE.replace("chat", "code");
    fs::write(&path, &newer).unwrap();
    drop(facts);
    let output = child.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{stderr}");
    assert!(stderr.contains("it changed meanwhile"), "{stderr}");
    assert_eq!(fs::read_to_string(&path).unwrap(), newer);
}

/// A link in the place of the file to be written beside is not written through.
#[test]
fn a_link_beside_is_not_written_through() {
    let folder = folder(&[("chat.yaml", MENDABLE), ("outside", "mine\n")]);
    let beside = folder.path().join("chat.yaml.aimctl-new");
    symlink(folder.path().join("outside"), beside).unwrap();
    let (_, _, stderr) = run(aimctl(&folder).args(["validate", "chat.yaml", "--fix"]));
    let mended = fs::read_to_string(folder.path().join("chat.yaml")).unwrap();
    assert_eq!(mended, MENDABLE.replace("imgae", "image"), "{stderr}");
    let outside = fs::read_to_string(folder.path().join("outside")).unwrap();
    assert_eq!(outside, "mine\n");
}
