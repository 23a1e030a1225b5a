//! How the replica count moves under a load, before anything is deployed (spec 9).
//!
//! | file | what it does |
//! | --- | --- |
//! | [`scenario`] | what is simulated: bounds, triggers, what a replica can do |
//! | [`planned`], [`start`] | the same from a plan; how long a replica needs to start |
//! | [`constants`] | every number that no manifest holds, with its source |
//! | [`load`] | what comes in: a trace from a file, or a pattern |
//! | [`chain`] | the clock: pushes, KEDA's polls, the HPA's steps |
//! | [`fleet`] | the replicas: who serves, who starts, what their sidecars push |
//! | [`keda`] | KEDA's own loop |
//! | [`hpa`] | the HPA v2 controller, one step at a time |
//! | [`signals`] | which number of the model stands for each trigger's metric |
//! | [`analysis`], [`findings`], [`advice`] | the numbers of a run, what they show, what to write instead |
//! | [`report`], [`render`] | a simulation as data, and as text, CSV, SVG, HTML |
//! | [`replay`] | recorded steps of the real controller against ours |

pub mod advice;
pub mod analysis;
pub mod chain;
pub mod constants;
pub mod findings;
pub mod fleet;
pub mod hpa;
pub mod keda;
pub mod load;
pub mod planned;
pub mod render;
pub mod replay;
pub mod report;
pub mod scenario;
pub mod signals;
pub mod start;
