//! How the replica count moves under a load, before anything is deployed (spec 9).
//!
//! | file | what it does |
//! | --- | --- |
//! | [`scenario`] | what is simulated: bounds, triggers, what a replica can do |
//! | [`constants`] | every number that no manifest holds, with its source |
//! | [`load`] | what comes in: a trace from a file, or a pattern |
//! | [`chain`] | the clock: pushes, KEDA's polls, the HPA's steps |
//! | [`fleet`] | the replicas: who serves, who starts, what their sidecars push |
//! | [`keda`] | KEDA's own loop |
//! | [`hpa`] | the HPA v2 controller, one step at a time |
//! | [`replay`] | recorded steps of the real controller against ours |

pub mod chain;
pub mod constants;
pub mod fleet;
pub mod hpa;
pub mod keda;
pub mod load;
pub mod replay;
pub mod scenario;
