//! Flags, exit codes, and the only room with input and output.
