//! Proofs of a key (RFC 9449) at a resource server.

use core::fmt;
use core::time::Duration;

use http::{Method, Uri};
use jose_jwt::profile::{DpopNonces, DpopProof, DpopRequest, DpopVerifier};
use jose_jwt::{AlgSet, Error, JwsAlg, MemoryReplayGuard, NumericDate};

use super::guard::{ReplayGuardSend, SharedReplayGuard};
use super::refusal::RefusalKind;

/// How proofs are verified.
#[derive(Clone)]
#[must_use = "rules are given to `ResourceServerBuilder::dpop`"]
pub struct DpopRules {
    allowed: AlgSet<JwsAlg>,
    max_age: Duration,
    leeway: Duration,
    pub(super) required: bool,
    guard: SharedReplayGuard,
    nonces: Option<DpopNonces>,
}

impl DpopRules {
    /// Takes proofs by these algorithms that are at most a minute old, each once, beside bearer tokens that are bound to no
    /// key. Up to 100 000 proofs are remembered in memory; servers side by side need a [`guard`](Self::guard) that they share.
    pub fn new(allowed: impl Into<AlgSet<JwsAlg>>) -> Self {
        Self {
            allowed: allowed.into(),
            max_age: Duration::from_secs(60),
            leeway: Duration::ZERO,
            required: false,
            guard: SharedReplayGuard::new(MemoryReplayGuard::new(100_000)),
            nonces: None,
        }
    }

    /// Takes no token without a proof.
    pub fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Sets how old a proof may be.
    pub fn max_age(self, span: Duration) -> Self {
        Self { max_age: span, ..self }
    }

    /// Widens each check of a time by this span, at most five minutes, for clocks that differ.
    pub fn leeway(self, span: Duration) -> Self {
        Self { leeway: span.min(Duration::from_secs(300)), ..self }
    }

    /// Sets what remembers the proofs: a [`ReplayGuard`](jose_jwt::ReplayGuard) of this process, or one that several servers
    /// share, such as `RedisReplayGuard` (feature `redis`). While it cannot tell whether a proof is new, requests are answered
    /// with 503.
    pub fn guard(self, guard: impl ReplayGuardSend + 'static) -> Self {
        Self { guard: SharedReplayGuard::new(guard), ..self }
    }

    /// Requires a nonce of this server in each proof.
    pub fn nonces(self, nonces: DpopNonces) -> Self {
        Self { nonces: Some(nonces), ..self }
    }

    /// The names of the algorithms.
    pub(super) fn algs(&self) -> Vec<&'static str> {
        self.allowed.iter().map(JwsAlg::as_str).collect()
    }
}

/// The maximum length of a proof, in bytes: several times that of one with an RSA key of 4096 bits.
const MAX_PROOF_LEN: usize = 8192;

/// The rules at a server.
pub(super) struct Dpop {
    rules: DpopRules,
    verifier: DpopVerifier,
    /// Scheme, host and port.
    origin: String,
}

impl Dpop {
    pub(super) fn new(rules: DpopRules, origin: String) -> Self {
        let verifier = DpopVerifier::new(rules.allowed, rules.max_age).dangerous_leeway(rules.leeway);
        // The guard keeps its `jti`.
        let verifier = verifier.max_len(MAX_PROOF_LEN);
        let verifier = match &rules.nonces {
            Some(nonces) => verifier.nonces(nonces.clone()),
            None => verifier,
        };
        Self { rules, verifier, origin }
    }

    pub(super) fn is_required(&self) -> bool {
        self.rules.required
    }

    pub(super) fn algs(&self) -> String {
        self.rules.algs().join(" ")
    }

    pub(super) fn nonces(&self) -> Option<DpopNonces> {
        self.rules.nonces.clone()
    }

    /// Verifies the proof of a request. Whether it was used before is not asked yet.
    pub(super) fn check(
        &self,
        token: &str,
        proof: Option<&str>,
        method: &Method,
        uri: &Uri,
        now: NumericDate,
    ) -> Result<DpopProof, RefusalKind> {
        let proof = proof.ok_or(RefusalKind::InvalidProof)?;
        let uri = format!("{}{}", self.origin, uri.path());
        let request = DpopRequest::new(method.as_str(), &uri).access_token(token);
        self.verifier.at(now).verify(proof, &request).map_err(|error| match error {
            Error::Claim { claim, .. } if claim == "nonce" => RefusalKind::UseNonce,
            _ => RefusalKind::InvalidProof,
        })
    }

    /// Accepts the proof once.
    pub(super) async fn once(&self, proof: &DpopProof) -> Result<(), RefusalKind> {
        proof.once_async(&self.rules.guard).await.map_err(|error| match error {
            Error::Replayed => RefusalKind::InvalidProof,
            _ => RefusalKind::Unavailable { retry_after: None },
        })
    }
}

impl fmt::Debug for DpopRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopRules")
            .field("allowed", &self.allowed)
            .field("max_age", &self.max_age)
            .field("required", &self.required)
            .field("nonces", &self.nonces)
            .finish_non_exhaustive()
    }
}
