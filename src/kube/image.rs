//! What AIM Engine reads from the text of an image reference (AIM Engine 0.2.1, spec 2.1).

/// The parts of an image reference that names are made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageParts {
    /// The registry, made fit for names (`ghcr-io`).
    pub registry: String,
    /// The whole repository path as written, without tag and digest (`silogen/llama-3-8b`).
    pub repository: String,
    /// The last component of the path, made fit for names.
    pub name: String,
    /// The tag, or the first six characters of the digest, made fit for names; `latest` without either.
    pub tag: String,
}

/// Why an image reference cannot be read, in AIM Engine's words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// There is no text at all.
    #[error("image reference is empty")]
    Empty,
    /// Nothing follows the `@`.
    #[error("malformed digest reference: {0}")]
    NoDigest(String),
    /// The digest names no algorithm.
    #[error("malformed digest (missing colon): {0}")]
    NoColon(String),
    /// The digest is an algorithm only.
    #[error("malformed digest (no hash after colon): {0}")]
    NoHash(String),
    /// Nothing follows the `:`.
    #[error("malformed tag reference (empty tag): {0}")]
    NoTag(String),
    /// The registry has no character that a name may have.
    #[error("registry is empty after sanitization")]
    EmptyRegistry,
    /// The name has no character that a name may have.
    #[error("image name is empty after sanitization")]
    EmptyName,
    /// The tag has no character that a name may have.
    #[error("image tag is empty after sanitization")]
    EmptyTag,
}

/// `image(text)`: the parts of an image reference. It is laxer than a registry client: `Repo/na me:1:2` passes.
///
/// # Errors
/// The text is empty, its digest or tag is malformed, or a part has no character that a name may have.
pub fn image_parts(text: &str) -> Result<ImageParts, ImageError> {
    if text.is_empty() {
        return Err(ImageError::Empty);
    }
    let (registry, repository) = match text.split_once('/') {
        Some((first, rest))
            if !first.is_empty() && (first.contains(['.', ':']) || first == "localhost") =>
        {
            (first, rest)
        }
        _ => ("docker.io", text),
    };
    let (directory, last) = match repository.rsplit_once('/') {
        Some((directory, last)) => (Some(directory), last),
        None => (None, repository),
    };
    let (name, tag) = if let Some((name, digest)) = last.split_once('@') {
        if digest.is_empty() {
            return Err(ImageError::NoDigest(text.to_owned()));
        }
        let Some((_, hash)) = digest.split_once(':') else {
            return Err(ImageError::NoColon(digest.to_owned()));
        };
        if hash.is_empty() {
            return Err(ImageError::NoHash(digest.to_owned()));
        }
        // Go cuts bytes; a cut character sanitises to nothing else than the whole one.
        let end = hash.char_indices().map(|(at, _)| at).find(|at| *at >= 6);
        (name, end.and_then(|end| hash.get(..end)).unwrap_or(hash))
    } else if let Some((name, tag)) = last.split_once(':') {
        if tag.is_empty() {
            return Err(ImageError::NoTag(text.to_owned()));
        }
        (name, tag)
    } else {
        (last, "latest")
    };
    let parts = ImageParts {
        registry: component(registry),
        repository: directory.map_or_else(
            || name.to_owned(),
            |directory| format!("{directory}/{name}"),
        ),
        name: component(name),
        tag: component(tag),
    };
    if parts.registry.is_empty() {
        Err(ImageError::EmptyRegistry)
    } else if parts.name.is_empty() {
        Err(ImageError::EmptyName)
    } else if parts.tag.is_empty() {
        Err(ImageError::EmptyTag)
    } else {
        Ok(parts)
    }
}

/// Lower-case, runs outside `[a-z0-9]` to one `-`, trimmed.
fn component(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in super::names::lower(text) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            out.push(c);
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_matches('-').to_owned()
}

/// Why the registry client cannot read a reference, in its words (go-containerregistry 0.20, not strict).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("could not parse reference: {0}")]
pub struct ReferenceError(pub String);

/// Whether a registry can be asked for this reference: stricter than [`image_parts`], which only makes names.
///
/// # Errors
/// It is neither `repository[:tag]` nor `repository@sha256:<64 hex digits>`.
pub fn check_reference(text: &str) -> Result<(), ReferenceError> {
    if is_tagged(text) || is_digest(text) {
        Ok(())
    } else {
        Err(ReferenceError(text.to_owned()))
    }
}

/// Whether the reference begins with a scheme. It then passes for one whose registry is called `https:`, which no
/// registry ever is.
#[must_use]
pub fn has_scheme(text: &str) -> bool {
    text.split_once('/')
        .is_some_and(|(registry, rest)| registry.ends_with(':') && rest.starts_with('/'))
}

fn is_tagged(text: &str) -> bool {
    match text.rsplit_once(':') {
        // What follows the last colon is a port when it holds a slash.
        Some((base, tag)) if !tag.contains('/') => {
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
            (1..=128).contains(&tag.chars().count()) && tag.chars().all(fits) && is_repository(base)
        }
        _ => is_repository(text),
    }
}

fn is_digest(text: &str) -> bool {
    let Some((base, digest)) = text.split_once('@') else {
        return false;
    };
    let Some(hex) = digest.strip_prefix("sha256:") else {
        return false;
    };
    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    hex.len() == 64 && hex.chars().all(is_hex) && is_tagged(base)
}

fn is_repository(text: &str) -> bool {
    let (registry, path) = match text.split_once('/') {
        Some((first, rest)) if first.contains(['.', ':']) => (first, rest),
        _ => ("", text),
    };
    let fits = |c: char| {
        c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-' | '.' | '/')
    };
    (2..=255).contains(&path.chars().count()) && path.chars().all(fits) && is_authority(registry)
}

/// A host with an optional port, as Go's URL parser has it.
fn is_authority(text: &str) -> bool {
    let (host, port) = text.split_once(':').unwrap_or((text, ""));
    let fits = |c: char| !c.is_ascii_control() && !" \"#%/<>?@[\\]^`{|}:".contains(c);
    host.chars().all(fits) && port.chars().all(|c| c.is_ascii_digit())
}
