//! KServe 0.16.0, Standard mode (spec page 3).
