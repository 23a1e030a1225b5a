//! Patches of kustomizations are no whole documents: nobody complains about what is not in them.

use std::fs;

use super::cli_input::{SERVICE, aimctl, folder, run};
use tempfile::TempDir;

const BASE: &str = "resources: [chat.yaml]\n";
const OVERLAY: &str = "resources: [../../base]\npatches:\n- path: patches/scale.yaml\n";
const PATCH: &str = "apiVersion: aim.eai.amd.com/v1alpha1\nkind: AIMService\nmetadata:\n  name: chat\nspec:\n  replicas: 3\n";
const NOTE: &str = "is a patch of a kustomization, no whole document, so it is passed over";

fn repository() -> TempDir {
    folder(&[
        ("base/kustomization.yaml", BASE),
        ("base/chat.yaml", SERVICE),
        ("overlays/prod/kustomization.yaml", OVERLAY),
        ("overlays/prod/patches/scale.yaml", PATCH),
    ])
}

#[test]
fn a_patch_is_passed_over_wherever_the_search_begins() {
    let folder = repository();
    for path in [".", "overlays/../", "base overlays"] {
        let (code, stdout, stderr) = run(aimctl(&folder).arg("validate").args(path.split(' ')));
        assert_eq!((code, stdout.as_str()), (0, ""), "{path}: {stderr}");
        assert!(
            stderr.contains("scale.yaml") && stderr.contains(NOTE),
            "{stderr}"
        );
        assert!(
            stderr.contains("1 service: nothing to complain about"),
            "{stderr}"
        );
    }
    for path in [
        "overlays",
        "overlays/prod/patches",
        "overlays/prod/patches/scale.yaml",
    ] {
        let (code, stdout, stderr) = run(aimctl(&folder).args(["validate", path]));
        assert_eq!((code, stdout.as_str()), (2, ""), "{path}: {stderr}");
        assert!(
            stderr.contains(NOTE) && stderr.contains("no AIMService found"),
            "{stderr}"
        );
        let (code, _, stderr) = run(aimctl(&folder).args(["validate", "--allow-empty", path]));
        assert_eq!(code, 0, "{stderr}");
    }
}

#[test]
fn the_same_file_is_checked_once_nobody_takes_it_as_a_patch() {
    let folder = repository();
    let overlay = folder.path().join("overlays/prod/kustomization.yaml");
    fs::write(overlay, "resources: [../../base, patches/scale.yaml]\n").unwrap();
    let (code, stdout, stderr) =
        run(aimctl(&folder).args(["validate", ".", "--format", "concise"]));
    assert_eq!(code, 1, "{stderr}");
    assert!(stdout.contains("scale.yaml:5:1: error[S002]"), "{stdout}");
    assert!(!stderr.contains("patch"), "{stderr}");
}

#[test]
fn kustomizations_above_the_repository_do_not_count() {
    let folder = repository();
    fs::create_dir(folder.path().join("overlays/prod/patches/.git")).unwrap();
    let (code, _, _) = run(aimctl(&folder).args(["validate", "overlays/prod/patches"]));
    assert_eq!(code, 1);
}
