//! Proofs of a key (RFC 9449) at a resource server.

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use hmac::{Hmac, KeyInit as _, Mac as _};
use http::{Method, Uri};
use jose_b64::base64url;
use jose_jwt::profile::{DpopProof, DpopRequest, DpopVerifier};
use jose_jwt::{AlgSet, Error, JwsAlg, MemoryReplayGuard, NumericDate, ReplayGuard};
use sha2::Sha256;

use super::credentials::Credentials;
use super::refusal::RefusalKind;

/// How proofs are verified.
#[derive(Clone)]
#[must_use = "rules are given to `ResourceServerBuilder::dpop`"]
pub struct DpopRules {
    allowed: AlgSet<JwsAlg>,
    max_age: Duration,
    leeway: Duration,
    pub(super) required: bool,
    guard: Arc<dyn ReplayGuard + Send + Sync>,
    nonces: Option<Arc<DpopNonces>>,
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
            guard: Arc::new(MemoryReplayGuard::new(100_000)),
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

    /// Sets what remembers the proofs.
    pub fn guard(self, guard: impl ReplayGuard + Send + Sync + 'static) -> Self {
        Self { guard: Arc::new(guard), ..self }
    }

    /// Requires a nonce of this server in each proof.
    pub fn nonces(self, nonces: DpopNonces) -> Self {
        Self { nonces: Some(Arc::new(nonces)), ..self }
    }

    pub(super) fn allowed(&self) -> AlgSet<JwsAlg> {
        self.allowed
    }
}

/// Nonces for DPoP proofs that need no memory: each is made of a span of time and a secret, and is accepted in that span and the
/// next (RFC 9449 section 8). Servers with the same secret accept each other's.
#[derive(Clone)]
pub struct DpopNonces {
    mac: Hmac<Sha256>,
    span: Duration,
}

impl DpopNonces {
    /// Takes a secret of random bytes, and how long a nonce is given out, at least a second. It is accepted for as long again.
    #[must_use]
    pub fn new(secret: &[u8; 64], span: Duration) -> Self {
        Self { mac: Hmac::new(secret.into()), span: span.max(Duration::from_secs(1)) }
    }

    /// The nonce to give out.
    #[must_use]
    pub fn current(&self, now: NumericDate) -> String {
        self.of(self.index(now))
    }

    /// The nonces to accept: the current one and the one before.
    #[must_use]
    pub fn accepted(&self, now: NumericDate) -> [String; 2] {
        let index = self.index(now);
        [self.of(index), self.of(index.saturating_sub(1))]
    }

    fn index(&self, now: NumericDate) -> u64 {
        u64::try_from(now.seconds()).unwrap_or_default() / self.span.as_secs()
    }

    /// 144 bits of a MAC, in 24 characters.
    fn of(&self, index: u64) -> String {
        let mut mac = self.mac.clone();
        mac.update(b"DPoP nonce");
        mac.update(&index.to_be_bytes());
        let tag = mac.finalize().into_bytes();
        base64url::encode_to_string(tag.get(..18).unwrap_or_default())
    }
}

/// Does not show the secret.
impl fmt::Debug for DpopNonces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopNonces").field("span", &self.span).finish_non_exhaustive()
    }
}

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
        Self { rules, verifier, origin }
    }

    pub(super) fn is_required(&self) -> bool {
        self.rules.required
    }

    pub(super) fn algs(&self) -> String {
        let names: Vec<_> = self.rules.allowed.iter().map(|alg| alg.as_str()).collect();
        names.join(" ")
    }

    pub(super) fn nonces(&self) -> Option<Arc<DpopNonces>> {
        self.rules.nonces.clone()
    }

    /// Verifies the proof of a request. Whether it was used before is not asked yet.
    pub(super) fn check(
        &self,
        credentials: &Credentials<'_>,
        method: &Method,
        uri: &Uri,
        now: NumericDate,
    ) -> Result<DpopProof, RefusalKind> {
        let proof = credentials.proof.ok_or(RefusalKind::InvalidProof)?;
        let uri = format!("{}{}", self.origin, uri.path());
        let accepted = self.rules.nonces.as_ref().map(|nonces| nonces.accepted(now));
        let accepted = accepted.as_ref().map(|nonces| nonces.each_ref().map(String::as_str));
        let request = DpopRequest::new(method.as_str(), &uri).access_token(credentials.token);
        let request = match &accepted {
            Some(nonces) => request.nonces(nonces),
            None => request,
        };
        self.verifier.at(now).verify(proof, &request).map_err(|error| match error {
            Error::Claim { claim, .. } if claim == "nonce" => RefusalKind::UseNonce,
            _ => RefusalKind::InvalidProof,
        })
    }

    /// Accepts the proof once.
    pub(super) fn once(&self, proof: &DpopProof) -> Result<(), RefusalKind> {
        proof.once(&*self.rules.guard).map_err(|error| match error {
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
