//! How the replica count moves under a load, before anything is deployed (spec 9).
//!
//! | file | what it does |
//! | --- | --- |
//! | [`constants`] | every number that no manifest holds, with its source |
//! | [`hpa`] | the HPA v2 controller, one step at a time |
//! | [`replay`] | recorded steps of the real controller against ours |

pub mod constants;
pub mod hpa;
pub mod replay;
