//! Kubernetes' own controllers: the pods of Deployments; and kubelet, storage, gateway taken as doing well (spec 2.19).
