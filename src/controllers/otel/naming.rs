//! Names as the OpenTelemetry operator 0.140.0 derives them (spec 5.5).

/// Longest name and label value.
const MAX: usize = 63;

/// One piece of a name: fixed text, or a value that may be shortened.
#[derive(Clone, Copy)]
enum Piece<'a> {
    Fixed(&'static str),
    Value(&'a str),
}

/// Shortens the values from the first on until the whole fits; then characters that are no ASCII letter or digit go at
/// both ends.
fn truncate(pieces: &[Piece<'_>], max: usize) -> String {
    let length = |piece: &Piece<'_>| match piece {
        Piece::Fixed(text) => text.len(),
        Piece::Value(text) => text.len(),
    };
    let mut excess = pieces.iter().map(length).sum::<usize>().saturating_sub(max);
    let mut name = String::new();
    for piece in pieces {
        match *piece {
            Piece::Fixed(text) => name.push_str(text),
            Piece::Value(text) => {
                let kept = text.len().saturating_sub(excess);
                excess = excess.saturating_sub(text.len());
                name.push_str(text.get(..kept).unwrap_or_default());
            }
        }
    }
    match name.get(..max) {
        Some(cut) if name.len() > max => cut.to_owned(),
        _ => name
            .trim_matches(|c: char| !c.is_ascii_alphanumeric())
            .to_owned(),
    }
}

/// Lower case; other characters than `a`-`z` and `0`-`9` become `-`, at the ends `a`.
fn dns(name: &str) -> String {
    let last = name.chars().count().saturating_sub(1);
    name.to_lowercase()
        .chars()
        .enumerate()
        .map(|(index, c)| match c {
            'a'..='z' | '0'..='9' => c,
            _ if index == 0 || index == last => 'a',
            _ => '-',
        })
        .collect()
}

fn object_name(pieces: &[Piece<'_>]) -> String {
    dns(&truncate(pieces, MAX))
}

/// `<namespace>.<name>`, the label value that tells collectors apart.
pub(crate) fn instance(namespace: &str, name: &str) -> String {
    truncate(
        &[
            Piece::Value(namespace),
            Piece::Fixed("."),
            Piece::Value(name),
        ],
        MAX,
    )
}

/// `<name>-collector`: ServiceAccount, Service, Deployment.
pub(super) fn collector(name: &str) -> String {
    object_name(&[Piece::Value(name), Piece::Fixed("-collector")])
}

/// `<name>-collector-<first 8 characters of the hash>`.
pub(super) fn config_map(name: &str, hash: &str) -> String {
    let hash = hash.get(..8).unwrap_or(hash);
    object_name(&[
        Piece::Value(name),
        Piece::Fixed("-collector-"),
        Piece::Value(hash),
    ])
}

/// `<name>-collector-<suffix>`: the part in front is shortened as it is already.
pub(super) fn service(name: &str, suffix: &'static str) -> String {
    object_name(&[
        Piece::Value(&collector(name)),
        Piece::Fixed("-"),
        Piece::Fixed(suffix),
    ])
}

/// `configmap-<name>`: a volume for a mounted ConfigMap.
pub(super) fn config_map_volume(name: &str) -> String {
    object_name(&[Piece::Fixed("configmap-"), Piece::Value(name)])
}

/// An image's tag as a label value.
pub(super) fn version(image: &str) -> String {
    let parts: Vec<&str> = image.split(':').collect();
    match parts.as_slice() {
        [_, tag] => truncate(&[Piece::Value(tag)], MAX),
        [_, _, _] => parts
            .iter()
            .rev()
            .find_map(|part| part.strip_suffix("@sha256"))
            .unwrap_or_default()
            .to_owned(),
        _ => "latest".to_owned(),
    }
}

/// A port's name: the component's, unless it is too long or no label; then `port-<number>`.
pub(crate) fn port(component: &str, number: i32) -> String {
    let candidate = component.replace(['/', '_'], "-");
    let edges = candidate
        .chars()
        .next()
        .zip(candidate.chars().last())
        .is_none_or(|(first, last)| first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric());
    let fits = component.len() <= 15
        && edges
        && candidate
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if fits {
        candidate
    } else {
        format!("port-{number}")
    }
}

/// A port's name cut to what a container may have.
pub(crate) fn container_port(name: &str) -> String {
    match name.get(..15) {
        Some(cut) if name.len() > 15 => cut.to_owned(),
        _ => name
            .trim_matches(|c: char| !c.is_ascii_alphanumeric())
            .to_owned(),
    }
}
