//! Writes through admission until nothing changes; gives the Plan.
