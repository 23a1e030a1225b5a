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
