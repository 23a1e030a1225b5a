//! How the replica count moves under a load, before anything is deployed (spec 9).
