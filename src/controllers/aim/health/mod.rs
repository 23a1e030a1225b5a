//! How AIM Engine judges an object: health of its components, conditions, overall status (AIM Engine 0.2.1, spec 2.16).
//!
//! Every AIM controller judges first and applies only when nothing stands against it; [`judge`] does that for all.

pub(super) mod observed;

use super::child;
use crate::api::aim::{Condition, ObjectStatus};
use crate::controllers::Stop;
use crate::inventory::ObjectKey;

/// What an error means for the object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Category {
    /// Something that passes; retried with back-off. Unclassified errors count as this, too.
    Infrastructure,
    /// Not told what it is.
    Unknown,
    /// Credentials.
    Auth,
    /// Something that is still to be made.
    MissingDownstream,
    /// Something that somebody else has to make.
    MissingUpstream,
    /// The object itself is wrong.
    InvalidSpec,
    /// Memory or space ran out; stops no write.
    Exhausted,
}

/// One error of a component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) category: Category,
    pub(super) reason: String,
    pub(super) message: String,
}

impl Problem {
    pub(super) fn new(
        category: Category,
        reason: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            category,
            reason: reason.into(),
            message: message.into(),
        }
    }

    /// An error that carries nothing but its text.
    pub(super) fn unknown(message: impl Into<String>) -> Self {
        Self::new(Category::Unknown, "UnknownError", message)
    }
}

/// Which side of the object a component is on; decides what "not ready" counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    /// Others make it: the object is Pending without it.
    Upstream,
    /// The object makes it, or nothing is said: the object is Progressing without it.
    Downstream,
}

/// Health of one component of an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Health {
    /// Its name; the condition is `<name>Ready`.
    pub(super) component: &'static str,
    pub(super) side: Side,
    pub(super) state: ObjectStatus,
    pub(super) reason: String,
    pub(super) message: String,
    pub(super) problem: Option<Problem>,
}

impl Health {
    /// A component in a state, with the condition's reason and message.
    pub(super) fn new(
        component: &'static str,
        side: Side,
        state: ObjectStatus,
        reason: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            component,
            side,
            state,
            reason: reason.into(),
            message: message.into(),
            problem: None,
        }
    }

    /// A component about which there is nothing to say but that it is ready.
    pub(super) fn ready(component: &'static str, side: Side) -> Self {
        Self::new(component, side, ObjectStatus::Ready, "Ready", "")
    }

    /// A component with an error. The state follows from the error's category.
    pub(super) fn failing(component: &'static str, side: Side, problem: Problem) -> Self {
        let state = match problem.category {
            Category::Auth | Category::InvalidSpec | Category::Exhausted => ObjectStatus::Failed,
            Category::MissingUpstream | Category::Infrastructure => ObjectStatus::Degraded,
            Category::MissingDownstream | Category::Unknown => ObjectStatus::Progressing,
        };
        Self {
            component,
            side,
            state,
            reason: problem.reason.clone(),
            message: problem.message.clone(),
            problem: Some(problem),
        }
    }

    /// The same with another state.
    pub(super) fn state(mut self, state: ObjectStatus) -> Self {
        self.state = state;
        self
    }
}

/// An object's conditions: set one after the other, never removed, kept in the order in which they came.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Conditions(pub(super) Vec<Condition>);

impl Conditions {
    pub(super) fn get(&self, r#type: &str) -> Option<&Condition> {
        self.0.iter().find(|condition| condition.r#type == r#type)
    }

    fn is_false(&self, r#type: &str) -> bool {
        self.get(r#type)
            .is_some_and(|condition| condition.status == "False")
    }

    /// Sets a condition. Its transition time stays while status and reason do, and is unknown afterwards.
    pub(super) fn set(&mut self, r#type: &str, status: bool, reason: &str, message: &str) {
        let status = if status { "True" } else { "False" };
        let new = Condition {
            r#type: r#type.to_owned(),
            status: status.to_owned(),
            reason: reason.to_owned(),
            message: message.to_owned(),
            last_transition_time: None,
            observed_generation: None,
        };
        match self.0.iter_mut().find(|old| old.r#type == r#type) {
            Some(old) => {
                let kept = (old.status == new.status && old.reason == new.reason)
                    .then(|| old.last_transition_time.take())
                    .flatten();
                *old = Condition {
                    last_transition_time: kept,
                    ..new
                };
            }
            None => self.0.push(new),
        }
    }

    /// Sets the condition that tells of a write that was refused.
    pub(super) fn apply_failed(&mut self, message: &str) {
        self.set(
            REACHABLE,
            false,
            "InfrastructureError",
            &format!("Failed to apply resources: {message}"),
        );
    }
}

/// Puts a refused write into the conditions of a status; `is_owned`: whether the object owns what was to be written.
pub(super) fn note_refusal(
    conditions: &mut Vec<Condition>,
    stop: Option<&Stop>,
    is_owned: impl FnOnce(&ObjectKey) -> bool,
) {
    let Some(Stop {
        write: Some(written),
        refusal,
    }) = stop
    else {
        return;
    };
    let mut noted = Conditions(std::mem::take(conditions));
    noted.apply_failed(&child::apply_error(is_owned(written), written, refusal));
    *conditions = noted.0;
}

const READY: &str = "Ready";
const REACHABLE: &str = "DependenciesReachable";
const AUTH: &str = "AuthValid";
const CONFIG: &str = "ConfigValid";

/// What the judgement comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The overall status.
    pub(super) status: ObjectStatus,
    /// Whether the pass may write anything.
    pub(super) applies: bool,
}

/// Sets the conditions from the components' health and draws the overall status from *all* component conditions, those
/// included that only an earlier pass set.
///
/// `decorate` may set further conditions of the controller's own before the overall status is drawn.
pub(super) fn judge(
    conditions: &mut Conditions,
    components: &[Health],
    decorate: impl FnOnce(&mut Conditions),
) -> Verdict {
    let has = |categories: &[Category]| {
        components.iter().any(|health| {
            health
                .problem
                .as_ref()
                .is_some_and(|problem| categories.contains(&problem.category))
        })
    };
    let infrastructure = has(&[Category::Infrastructure, Category::Unknown]);
    let auth = has(&[Category::Auth]);
    let invalid = has(&[Category::InvalidSpec]);
    let missing = has(&[Category::MissingUpstream]);

    if infrastructure {
        conditions.set(
            REACHABLE,
            false,
            "InfrastructureError",
            "Cannot reach dependencies",
        );
    } else if conditions.is_false(REACHABLE) {
        conditions.set(
            REACHABLE,
            true,
            "Reachable",
            "All dependencies are reachable",
        );
    }
    for health in components {
        let r#type = format!("{}Ready", health.component);
        let ready = health.state == ObjectStatus::Ready;
        conditions.set(&r#type, ready, &health.reason, &health.message);
    }
    set_category_conditions(conditions, auth, invalid, missing);
    decorate(conditions);

    let status = if auth || invalid || missing {
        let (reason, message) = if auth {
            ("AuthError", "Authentication or authorization failure")
        } else if invalid {
            ("InvalidSpec", "Configuration validation failed")
        } else {
            ("ReferenceNotFound", "Referenced resource not found")
        };
        conditions.set(READY, false, reason, message);
        ObjectStatus::Failed
    } else {
        overall(conditions, components, infrastructure)
    };
    Verdict {
        status,
        applies: !(infrastructure || auth || invalid || missing),
    }
}

fn set_category_conditions(conditions: &mut Conditions, auth: bool, invalid: bool, missing: bool) {
    if auth {
        conditions.set(
            AUTH,
            false,
            "AuthError",
            "Authentication or authorization failure",
        );
    } else if conditions.is_false(AUTH) {
        conditions.set(
            AUTH,
            true,
            "AuthenticationValid",
            "Authentication and authorization successful",
        );
    }
    if invalid {
        conditions.set(
            CONFIG,
            false,
            "InvalidSpec",
            "Configuration validation failed",
        );
    } else if missing {
        conditions.set(
            CONFIG,
            false,
            "ReferenceNotFound",
            "Referenced resource not found",
        );
    } else if conditions.is_false(CONFIG) {
        conditions.set(CONFIG, true, "ConfigurationValid", "Configuration is valid");
    }
}

/// The worst component; also sets the condition Ready, in the words of the first component that is in error.
fn overall(
    conditions: &mut Conditions,
    components: &[Health],
    infrastructure: bool,
) -> ObjectStatus {
    let mut worst = ObjectStatus::Ready;
    let mut first_error = None;
    for condition in &conditions.0 {
        let Some(component) = component_of(&condition.r#type) else {
            continue;
        };
        let state = state_of(condition, component, components);
        if is_error(state) && first_error.is_none() {
            first_error = Some((
                condition.reason.clone(),
                format!("Component {component} is not ready: {}", condition.message),
            ));
        }
        if rank(state) < rank(worst) {
            worst = state;
        }
    }
    if worst == ObjectStatus::Ready {
        conditions.set(
            READY,
            true,
            "AllComponentsReady",
            "All components are ready",
        );
        return worst;
    }
    let (reason, message) = first_error.unwrap_or_else(|| {
        let (reason, message) = if infrastructure {
            (
                "InfrastructureError",
                "Infrastructure error - waiting for retry",
            )
        } else {
            ("Progressing", "Waiting for components to become ready")
        };
        (reason.to_owned(), message.to_owned())
    });
    conditions.set(READY, false, &reason, &message);
    if infrastructure {
        ObjectStatus::Degraded
    } else {
        worst
    }
}

/// The component that a condition is about; `None` for conditions about the object as a whole.
fn component_of(r#type: &str) -> Option<&str> {
    r#type
        .strip_suffix("Ready")
        .filter(|component| !component.is_empty())
}

fn state_of(condition: &Condition, component: &str, components: &[Health]) -> ObjectStatus {
    if condition.status == "True" {
        return ObjectStatus::Ready;
    }
    match components
        .iter()
        .rfind(|health| health.component == component)
    {
        Some(health) if is_error(health.state) || health.state == ObjectStatus::Pending => {
            health.state
        }
        Some(health) if health.side == Side::Upstream => ObjectStatus::Pending,
        _ => ObjectStatus::Progressing,
    }
}

fn is_error(state: ObjectStatus) -> bool {
    matches!(
        state,
        ObjectStatus::Failed | ObjectStatus::Degraded | ObjectStatus::NotAvailable
    )
}

/// From worst to best: Failed, NotAvailable, Degraded, Pending, Progressing, Ready.
pub(super) fn rank(state: ObjectStatus) -> u8 {
    match state {
        ObjectStatus::Failed => 0,
        ObjectStatus::NotAvailable => 1,
        ObjectStatus::Degraded => 2,
        ObjectStatus::Pending => 3,
        ObjectStatus::Progressing => 4,
        ObjectStatus::Ready => 5,
    }
}
