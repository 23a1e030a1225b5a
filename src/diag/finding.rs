//! A finding in its final form. Places are symbolic; `source` turns them into lines and columns when they are shown.

use schemars::JsonSchema;
use serde::Serialize;

use super::FieldPath;
use crate::inventory::ObjectKey;
use crate::rules::Rule;
use crate::source::{DocumentId, TextRange};

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Worth knowing.
    Note,
    /// Accepted, and not what was written.
    Warning,
    /// Refused, or it cannot work.
    Error,
}

impl Level {
    /// The word that reports use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Who refuses it, or who advises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Refuser {
    /// kubectl, while reading.
    Kubectl,
    /// The API server: schema, CEL, metadata, built-in kinds.
    KubeApiserver,
    /// AIM Engine.
    AimEngine,
    /// KServe.
    Kserve,
    /// KEDA.
    Keda,
    /// The OpenTelemetry add-on (external scaler) of KEDA.
    OtelAddOn,
    /// The OpenTelemetry operator.
    OtelOperator,
    /// Nobody: it is advice of the tool.
    Advice,
}

impl Refuser {
    /// The name that reports use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Kubectl => "kubectl",
            Self::KubeApiserver => "kube-apiserver",
            Self::AimEngine => "aim-engine",
            Self::Kserve => "kserve",
            Self::Keda => "keda",
            Self::OtelAddOn => "otel-add-on",
            Self::OtelOperator => "otel-operator",
            Self::Advice => "advice",
        }
    }
}

/// When it is refused or goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// kubectl reads the file.
    Reading,
    /// The object is created.
    Create,
    /// The object is changed.
    Update,
    /// A controller works on it.
    Reconcile,
    /// Pods run and metrics flow.
    RunTime,
}

impl Moment {
    /// The word that reports use.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Create => "create",
            Self::Update => "update",
            Self::Reconcile => "reconcile",
            Self::RunTime => "run-time",
        }
    }
}

/// What of a map entry is meant.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// The key and its value.
    #[default]
    Entry,
    /// The key alone.
    Key,
    /// The value alone.
    Value,
}

/// Where something is: a field of a document or of a planned object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The document, once known. The engine fills it in for objects that were given.
    pub document: Option<DocumentId>,
    /// The object, when it is known which.
    pub object: Option<ObjectKey>,
    /// The field.
    pub path: FieldPath,
    /// What of the field.
    pub target: Target,
    /// The very bytes meant, for what has no field: a syntax error, a comment. It wins over the path.
    pub range: Option<TextRange>,
}

impl Place {
    /// A field of an object.
    #[must_use]
    pub fn field(object: ObjectKey, path: FieldPath) -> Self {
        Self {
            document: None,
            object: Some(object),
            path,
            target: Target::Entry,
            range: None,
        }
    }

    /// A field of a document.
    #[must_use]
    pub fn document(document: DocumentId, path: FieldPath) -> Self {
        Self {
            document: Some(document),
            object: None,
            path,
            target: Target::Entry,
            range: None,
        }
    }

    /// Bytes of a file.
    #[must_use]
    pub fn text(range: TextRange) -> Self {
        Self {
            document: None,
            object: None,
            path: FieldPath::root(),
            target: Target::Entry,
            range: Some(range),
        }
    }

    /// The same place, but another part of the entry.
    #[must_use]
    pub fn target(mut self, target: Target) -> Self {
        self.target = target;
        self
    }
}

/// One more place that belongs to a finding, with what it has to do with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What is there.
    pub label: String,
}

/// One field that a refuser names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusalCause {
    /// The field as the refuser writes it (`spec.env[0].name`, `<nil>`).
    pub field: String,
    /// The reason code of Kubernetes (`FieldValueRequired` …), empty where there is none.
    pub reason: &'static str,
    /// The refuser's text for this field.
    pub message: String,
}

/// A write that was refused, in the refuser's own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The rule that was broken.
    pub rule: &'static Rule,
    /// Who refused.
    pub refuser: Refuser,
    /// HTTP status.
    pub code: u16,
    /// Kubernetes' reason (`Invalid`, `BadRequest`, `Forbidden` …).
    pub reason: &'static str,
    /// The whole message.
    pub message: String,
    /// The fields named, when there are any.
    pub causes: Vec<RefusalCause>,
    /// What the tool adds to the refuser's words.
    pub advice: Advice,
}

/// What a refusal means for whoever wrote the document, in the tool's own words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Advice {
    /// One sentence with the values at hand: what is wrong; without it the rule's title is shown.
    pub summary: Option<String>,
    /// Other fields of the refused object that belong to it, with what they have to do with it.
    pub related: Vec<(FieldPath, String)>,
    /// What happens in the cluster then.
    pub consequence: Option<String>,
    /// What to write instead.
    pub help: Option<String>,
}

impl Refusal {
    /// A refusal by the rule's own refuser that names no field.
    #[must_use]
    pub fn new(
        rule: &'static Rule,
        code: u16,
        reason: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            rule,
            refuser: rule.refuser,
            code,
            reason,
            message: message.into(),
            causes: Vec::new(),
            advice: Advice::default(),
        }
    }

    /// About a field, which the refuser's text need not name.
    #[must_use]
    pub fn at(mut self, path: &FieldPath) -> Self {
        self.causes.push(RefusalCause {
            field: path.to_string(),
            reason: "",
            message: self.message.clone(),
        });
        self
    }

    /// With what is wrong, in one sentence.
    #[must_use]
    pub fn summary(mut self, text: impl Into<String>) -> Self {
        self.advice.summary = Some(text.into());
        self
    }

    /// With another field that belongs to it.
    #[must_use]
    pub fn related(mut self, path: FieldPath, label: impl Into<String>) -> Self {
        self.advice.related.push((path, label.into()));
        self
    }

    /// With what then happens in the cluster.
    #[must_use]
    pub fn consequence(mut self, text: impl Into<String>) -> Self {
        self.advice.consequence = Some(text.into());
        self
    }

    /// With what to write instead.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.advice.help = Some(text.into());
        self
    }
}

/// An edit that certainly mends it.
#[derive(Debug, Clone, PartialEq)]
pub enum Fix {
    /// Give the key another name.
    RenameKey {
        /// The entry.
        place: Place,
        /// Its new key.
        to: String,
    },
    /// Give the field another value.
    Replace {
        /// The field.
        place: Place,
        /// Its new value.
        value: serde_json::Value,
    },
    /// Add an entry to a map.
    Insert {
        /// The map.
        place: Place,
        /// The key to add.
        key: String,
        /// Its value.
        value: serde_json::Value,
    },
    /// Add an item to the end of a list.
    Append {
        /// The list.
        place: Place,
        /// The item.
        value: serde_json::Value,
    },
    /// Put a plain scalar in quotes, as it is written: it is then the text that it looks like.
    Quote {
        /// The field.
        place: Place,
    },
    /// Remove the entry.
    Remove {
        /// The entry.
        place: Place,
    },
    /// All of these together, in one document.
    All(Vec<Fix>),
}

/// What is wrong, where, why, who says so, and what to do.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How bad; the rule's own level unless configuration says otherwise.
    pub level: Level,
    /// One sentence: what is wrong.
    pub message: String,
    /// Where.
    pub place: Place,
    /// Short text under the primary place.
    pub label: Option<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// Who refuses or disappoints; the rule's own refuser unless it differs.
    pub refuser: Refuser,
    /// When.
    pub moment: Moment,
    /// What was being done, as a clause: `KServe 0.16.0 creates the ScaledObject chat-1080a608-predictor`.
    pub occasion: Option<String>,
    /// The refuser's own text, where there is one.
    pub refusal: Option<String>,
    /// What happens in the cluster then.
    pub consequence: Option<String>,
    /// What to write instead.
    pub help: Option<String>,
    /// The certain edit, when there is one.
    pub fix: Option<Fix>,
}

impl Finding {
    /// A finding of a rule at a place, with the rule's own level, refuser and moment.
    #[must_use]
    pub fn new(rule: &'static Rule, place: Place, message: impl Into<String>) -> Self {
        Self {
            rule,
            level: rule.level,
            message: message.into(),
            place,
            label: None,
            related: Vec::new(),
            refuser: rule.refuser,
            moment: rule.moment,
            occasion: None,
            refusal: None,
            consequence: None,
            help: None,
            fix: None,
        }
    }

    /// With a short text under the primary place.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = Some(text.into());
        self
    }

    /// With one more place.
    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push(Related {
            place,
            label: label.into(),
        });
        self
    }

    /// With what was being done when it went wrong, as a clause (see [`Finding::occasion`]).
    #[must_use]
    pub fn occasion(mut self, clause: impl Into<String>) -> Self {
        self.occasion = Some(clause.into());
        self
    }

    /// With the refuser's own text.
    #[must_use]
    pub fn refusal(mut self, text: impl Into<String>) -> Self {
        self.refusal = Some(text.into());
        self
    }

    /// With what then happens in the cluster.
    #[must_use]
    pub fn consequence(mut self, text: impl Into<String>) -> Self {
        self.consequence = Some(text.into());
        self
    }

    /// With what to write instead.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// With the certain edit.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }
}
