//! Values that only the cluster decides.

/// What stands where the cluster decides the text: a UID, a hash over one, a size that only a download tells.
///
/// It may be a part of a text (`weights-cache-(known after apply)`). Only expected objects may hold it.
pub const KNOWN_AFTER_APPLY: &str = "(known after apply)";

/// Whether the text holds a value that only the cluster decides.
#[must_use]
pub fn is_unknown(text: &str) -> bool {
    text.contains(KNOWN_AFTER_APPLY)
}

/// An object's UID, as far as a run without a cluster can tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Uid {
    /// Given in a dump of a live object.
    Given(String),
    /// Chosen by the tool, stable from kind, namespace and name: the applier of the output makes the names that need it.
    Chosen(String),
    /// Decided by the API server on creation.
    Unknown,
}

impl Uid {
    /// A UID made from an object's identity: the same on every machine, in the form of a UUID of version 8.
    #[must_use]
    pub fn chosen(identity: &str) -> Self {
        let hex = super::names::hash(&[identity.to_owned()], 32);
        let part = |range: std::ops::Range<usize>| hex.get(range).unwrap_or_default();
        let (a, b, c, d, e) = (
            part(0..8),
            part(8..12),
            part(13..16),
            part(17..20),
            part(20..32),
        );
        Self::Chosen(format!("{a}-{b}-8{c}-8{d}-{e}"))
    }

    /// The text, when there is one.
    #[must_use]
    pub fn known(&self) -> Option<&str> {
        match self {
            Self::Given(text) | Self::Chosen(text) => Some(text),
            Self::Unknown => None,
        }
    }

    /// The text to print in an expected object.
    #[must_use]
    pub fn display(&self) -> &str {
        self.known().unwrap_or(KNOWN_AFTER_APPLY)
    }
}
