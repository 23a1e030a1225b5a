//! The World: every known object by key, with where it came from; GPUs, the image catalog, unknowns as values.

mod facts;
mod key;
pub mod kserve_config;
mod object;
mod stack;
mod world;

pub use facts::{Facts, GpuFlag, Installed};
pub use key::{Kind, ObjectKey};
pub use kserve_config::KserveConfig;
pub use object::{Object, OtherObject, Typed};
pub use stack::{Component, STACKS, Stack};
pub use world::{Entry, Index, Origin, World};
