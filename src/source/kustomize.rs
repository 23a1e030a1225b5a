//! What kustomize reads as a patch: documents that are not whole.

use std::path::PathBuf;

use serde_json::Value;

use super::read::whole;

/// What kustomize calls the file that says what a folder is built of (kustomize 5).
pub const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// The files that a kustomization takes as patches, as it names them: relative to its folder.
///
/// kustomize 5: `patches[].path`, and the older `patchesStrategicMerge` and `patchesJson6902`. A patch that is written
/// in the kustomization itself is none of them.
#[must_use]
pub fn patches(kustomization: &str) -> Vec<PathBuf> {
    let document = whole(kustomization).unwrap_or_default();
    let items = |field: &str| {
        document
            .get(field)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let with_path = items("patches").chain(items("patchesJson6902"));
    let paths = with_path.filter_map(|patch| patch.get("path")?.as_str());
    let names = items("patchesStrategicMerge").filter_map(Value::as_str);
    paths
        .chain(names.filter(|text| !text.contains('\n')))
        .map(PathBuf::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::patches;

    #[test]
    fn all_ways_to_name_a_patch_and_no_other_file() {
        let text = "resources: [base.yaml]\npatches:\n- path: a.yaml\n- patch: |-\n    kind: X\n  target: {kind: Y}\n\
                    patchesStrategicMerge:\n- ../b.yaml\n- |-\n  kind: X\n  a: 1\npatchesJson6902:\n- path: c.json\n  target: {kind: Z}\n";
        let found: Vec<String> = patches(text)
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        assert_eq!(found, ["a.yaml", "c.json", "../b.yaml"]);
        assert!(patches("- not: one\n").is_empty());
        assert!(patches("a: [").is_empty());
    }
}
