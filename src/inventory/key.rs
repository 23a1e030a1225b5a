//! What identifies an object.

use std::fmt;

use super::object::kinds;

macro_rules! define_kind {
    ($($variant:ident { $group:literal, $version:literal, $kind:literal, $plural:literal, $namespaced:literal })*) => {
        /// The kinds that the chain knows. Everything else is passed over.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(missing_docs, reason = "each variant is the kind of that name")]
        pub enum Kind { $($variant),* }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// API group; empty for the core group.
            #[must_use]
            pub fn group(self) -> &'static str {
                match self { $(Self::$variant => $group),* }
            }

            /// API version without the group.
            #[must_use]
            pub fn version(self) -> &'static str {
                match self { $(Self::$variant => $version),* }
            }

            /// The kind as it is written in YAML.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $kind),* }
            }

            /// The resource's name in the API (`aimservices`).
            #[must_use]
            pub fn plural(self) -> &'static str {
                match self { $(Self::$variant => $plural),* }
            }

            /// Whether its objects live in namespaces.
            #[must_use]
            pub fn namespaced(self) -> bool {
                match self { $(Self::$variant => $namespaced),* }
            }
        }
    };
}
kinds!(define_kind);

impl Kind {
    /// Whether users write objects of this kind for the chain; others (Nodes, ConfigMaps, Gateways) are a cluster's own.
    #[must_use]
    pub fn is_of_the_chain(self) -> bool {
        matches!(
            self.group(),
            "aim.eai.amd.com" | "serving.kserve.io" | "keda.sh" | "opentelemetry.io" | "apps"
        )
    }

    /// `group/version`, or the version alone for the core group.
    #[must_use]
    pub fn api_version(self) -> String {
        match self.group() {
            "" => self.version().to_owned(),
            group => format!("{group}/{}", self.version()),
        }
    }

    /// The kind of a document's apiVersion and kind.
    #[must_use]
    pub fn of(api_version: &str, kind: &str) -> Option<Self> {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Self::ALL
            .iter()
            .copied()
            .find(|k| k.as_str() == kind && k.group() == group && k.version() == version)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Kind, namespace and name. The namespace of cluster-scoped objects is empty.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectKey {
    /// The kind.
    pub kind: Kind,
    /// The namespace; empty for cluster-scoped kinds.
    pub namespace: String,
    /// The name.
    pub name: String,
}

impl ObjectKey {
    /// A key; the namespace is dropped for cluster-scoped kinds.
    #[must_use]
    pub fn new(kind: Kind, namespace: &str, name: &str) -> Self {
        let namespace = if kind.namespaced() {
            namespace.to_owned()
        } else {
            String::new()
        };
        Self {
            kind,
            namespace,
            name: name.to_owned(),
        }
    }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.namespace.is_empty() {
            write!(f, "{} {}", self.kind, self.name)
        } else {
            write!(f, "{} {}/{}", self.kind, self.namespace, self.name)
        }
    }
}
