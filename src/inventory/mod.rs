//! The World: every known object by key, with where it came from; GPUs, the image catalog, unknowns as values.

pub mod catalog;
mod facts;
mod gpus;
mod key;
pub mod kserve_config;
mod object;
mod reads;
mod stack;
mod world;

pub use facts::{Facts, GpuFlag, Installed};
pub use gpus::{Gpus, gpu_of_labels};
pub use key::{Kind, ObjectKey};
pub use kserve_config::KserveConfig;
pub use object::{Object, OtherObject, Typed};
pub use reads::Seen;
pub use stack::{Component, STACKS, Stack};
pub use world::{Entry, Index, ManagedFields, Origin, World};
