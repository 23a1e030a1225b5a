//! The services of the corpus.

use std::fmt::Write as _;

/// How many services share a namespace.
pub const NAMESPACE: usize = 100;

const IMAGES: [&str; 8] = [
    "aim-meta-llama-llama-3-1-8b-instruct:0.8.5",
    "aim-meta-llama-llama-3-2-1b-instruct:0.8.5",
    "aim-meta-llama-llama-3-2-3b-instruct:0.8.5",
    "aim-mistralai-mistral-small-3-2-24b-instruct-2506:0.8.5",
    "aim-mistralai-mixtral-8x7b-instruct-v0-1:0.8.5",
    "aim-openai-gpt-oss-120b:0.9.0",
    "aim-openai-gpt-oss-20b:0.9.0",
    "aim-qwen-qwen3-32b:0.8.5",
];

/// The service of that number.
pub fn service(index: usize) -> String {
    // Knuth's multiplier: numbers that follow each other differ in everything.
    let dice = index.wrapping_mul(2_654_435_761) >> 7;
    let pick = |shift: usize, of: usize| (dice >> shift) % of;
    let image = IMAGES[pick(0, IMAGES.len())];
    let mut text = String::new();
    let out = &mut text;
    let _ = write!(
        out,
        "# Service {index} of team {team}.
apiVersion: aim.eai.amd.com/v1alpha1
kind: AIMService
metadata:
  name: chat-{index:06}
  namespace: team-{team:04}
  labels:
    app.kubernetes.io/part-of: assistants
    example.com/cost-centre: \"{centre}\"
  annotations:
    example.com/contact: team-{team:04}@example.com
    example.com/description: Answers the questions of internal users, for tier {tier} of the support desk.
spec:
  model:
    image: amdenterpriseai/{image}
  serviceAccountName: inference
  imagePullSecrets:
    - name: registry-credentials
  env:
    - name: VLLM_LOGGING_LEVEL
      value: INFO
    - name: MAX_CONCURRENT
      value: \"{concurrent}\"
",
        team = index / NAMESPACE,
        centre = 4000 + pick(3, 97),
        tier = 1 + pick(5, 3),
        concurrent = 16 << pick(7, 5),
    );
    if pick(11, 3) == 0 {
        let _ = write!(
            out,
            "    - name: HF_TOKEN
      valueFrom:
        secretKeyRef:
          name: hugging-face
          key: token
"
        );
    }
    if pick(13, 4) == 0 {
        let _ = write!(
            out,
            "  resources:
    requests:
      cpu: \"{}\"
      memory: {}Gi
",
            4 + pick(2, 8),
            8 + pick(4, 16),
        );
    }
    if pick(17, 3) == 0 {
        let _ = writeln!(out, "  replicas: {}", 1 + pick(9, 6));
    } else {
        let _ = write!(
            out,
            "  minReplicas: 1
  maxReplicas: {most}
  autoScaling:
    metrics:
      - type: PodMetric
        podmetric:
          metric:
            backend: opentelemetry
            metricNames:
              - vllm:num_requests_running
            query: vllm:num_requests_running
            operationOverTime: avg
          target:
            type: Value
            value: \"{target}\"
",
            most = 2 + pick(9, 15),
            target = 1 + pick(15, 20),
        );
    }
    text
}
