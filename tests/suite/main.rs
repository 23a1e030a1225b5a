//! Integration tests, one binary.

mod quantity;
