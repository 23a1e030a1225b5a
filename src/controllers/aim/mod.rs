//! AIM Engine 0.2.1 (spec page 2).
