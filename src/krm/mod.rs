//! The KRM functions specification (`config.kubernetes.io/v1`, v1): a ResourceList in, a ResourceList out.
//!
//! kustomize and kpt call functions so: all resources and the function's configuration come on standard input, all
//! resources and the results leave on standard output, and the exit code says whether to stop.

mod config;
mod list;
mod results;

pub use config::{ConfigError, FunctionConfig, Mode};
pub use list::{NoResourceList, ResourceList, is_own_annotation};
pub use results::{FieldRef, FileRef, ResourceRef, ResultItem, Severity, results};
