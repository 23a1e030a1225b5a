//! KEDA 2.18.1 with the OTel add-on 0.0.6 (spec page 4).
