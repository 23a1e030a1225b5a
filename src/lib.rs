//! `aimctl`: what an AIMService becomes in the cluster, and whether it will work.
//!
//! One pipeline, several views (ARCHITECTURE.md tells the whole story):
//!
//! ```text
//! bytes ─source─► documents ─schema─► typed objects ─inventory─► World ─engine─► Plan ─► a view
//! ```
//!
//! | room | what lives there |
//! | --- | --- |
//! | [`source`] | bytes to documents, places on demand, YAML as kubectl reads it |
//! | [`api`] | the shapes of the objects, no behaviour |
//! | [`kube`] | the field's small arithmetic: names, labels, quantities, durations, Go's JSON |
//! | [`schema`] | JSON Schemas from the shapes; checking, defaulting and pruning a document |
//! | [`diag`] | a finding, and one renderer a format |
//! | [`rules`] | the table of all rules |
//! | [`inventory`] | the World: every known object, GPUs, the image catalog, KServe's configuration |
//! | [`admission`] | what happens at the door on every write |
//! | [`controllers`] | one folder a controller, pure functions of (object, World) |
//! | [`addon`] | the OTel add-on: what it reads of a trigger, keeps of a push, answers |
//! | [`engine`] | writes through admission until nothing changes; gives the Plan |
//! | [`render`] | the Plan as manifests |
//! | [`explain`] | the pages of the rules, the documentation of fields |
//! | [`diff`] | two Plans compared |
//! | [`graph`] | the chain as a picture |
//! | [`krm`] | kustomize's and kpt's functions: a ResourceList in and out |
//! | [`lsp`] | what an editor asks: findings, hover, completion, fixes, definitions |
//! | [`why`] | the decisions behind a service, and where a field came from |
//! | [`simulate`] | how the replica count moves under a load |
//! | [`cli`] | flags, exit codes, the only room with input and output |

pub mod addon;
pub mod admission;
pub mod api;
pub mod cli;
pub mod controllers;
pub mod diag;
pub mod diff;
pub mod engine;
pub mod explain;
pub mod graph;
pub mod inventory;
pub mod krm;
pub mod kube;
pub mod lsp;
pub mod render;
pub mod rules;
pub mod schema;
pub mod simulate;
pub mod source;
pub mod why;
