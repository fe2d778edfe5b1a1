//! DPoP proofs (RFC 9449).

mod nonces;
mod signer;

use alloc::string::String;
use core::fmt;
use core::time::Duration;

use iri_string::format::ToDedicatedString;
use iri_string::types::UriStr;
use jose_b64::{base64url, json};
use jose_jwk::{Allowed, JwsAlg, PublicJwk, Thumbprint};
use jose_jws::embedded;
use sha2::{Digest, Sha256};

pub use nonces::DpopNonces;
pub use signer::{DpopSigner, ProofBuilder};

use super::{Checked, Profile};
use crate::error::{Error, Reason};
use crate::numeric_date::NumericDate;
use crate::registered::Registered;
use crate::replay::{AsyncReplayGuard, ReplayGuard, TokenId};
use crate::rules::{Expected, MAX_LEN, Rules, check_text};

/// A DPoP proof, except for what its request says (RFC 9449 section 4.2).
const DPOP: Profile =
    Profile::new("DPoP proof").typ(&["dpop+jwt"]).typ_required().required(&["jti", "htm", "htu", "iat"]);

/// Verifies DPoP proofs (RFC 9449 section 4.3): each carries its own public key, to which its token is bound.
///
/// ```
/// use core::time::Duration;
/// use jose_jwt::profile::{DpopRequest, DpopVerifier};
/// use jose_jwt::{JwsAlg, NumericDate};
///
/// let verifier = DpopVerifier::new(JwsAlg::Es256, Duration::from_secs(60));
/// let request =
///     DpopRequest::new("GET", "https://api.example/items").access_token("…").nonce("…");
/// assert!(verifier.at(NumericDate::from_seconds(0)).verify("", &request).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct DpopVerifier {
    allowed: Allowed<JwsAlg>,
    rules: Rules,
    nonces: Option<DpopNonces>,
    max_len: usize,
}

/// The request that a proof came with.
#[derive(Clone, Copy)]
pub struct DpopRequest<'r> {
    method: &'r str,
    uri: &'r str,
    access_token: Option<&'r str>,
    nonce: Option<&'r str>,
    nonces: Option<&'r [&'r str]>,
}

impl<'r> DpopRequest<'r> {
    /// The method and the URI, whose query and fragment are ignored.
    #[must_use]
    pub const fn new(method: &'r str, uri: &'r str) -> Self {
        Self { method, uri, access_token: None, nonce: None, nonces: None }
    }

    /// The access token that came with the request: the proof must hold its hash (`ath`).
    #[must_use]
    pub const fn access_token(self, token: &'r str) -> Self {
        Self { access_token: Some(token), ..self }
    }

    /// The nonce that the server gave the client.
    #[must_use]
    pub const fn nonce(self, nonce: &'r str) -> Self {
        Self { nonce: Some(nonce), ..self }
    }

    /// The nonces that the server accepts, such as the current one and the one before.
    #[must_use]
    pub const fn nonces(self, nonces: &'r [&'r str]) -> Self {
        Self { nonces: Some(nonces), ..self }
    }
}

/// Does not show the access token.
impl fmt::Debug for DpopRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopRequest")
            .field("method", &self.method)
            .field("uri", &self.uri)
            .field("nonce", &self.nonce)
            .field("nonces", &self.nonces)
            .finish_non_exhaustive()
    }
}

/// A DPoP proof that was verified.
#[derive(Clone, Debug)]
pub struct DpopProof {
    id: String,
    /// Method and normalized URI.
    target: String,
    issued_at: NumericDate,
    /// From when on it is refused for its age alone, and when it was verified.
    until: NumericDate,
    now: NumericDate,
    key: PublicJwk,
    thumbprint: Thumbprint,
}

impl DpopVerifier {
    /// Allows these algorithms, and proofs that are at most this old.
    #[must_use]
    pub fn new(allowed: impl Into<Allowed<JwsAlg>>, max_age: Duration) -> Self {
        let rules = Rules { expiry_required: false, max_age: Some(max_age), ..Rules::default() };
        Self { allowed: allowed.into(), rules, nonces: None, max_len: MAX_LEN }
    }

    /// Widens each check of a time by this span, for clocks that differ.
    ///
    /// # Errors
    ///
    /// [`Error::LeewayTooLong`] over five minutes.
    pub fn leeway(self, leeway: Duration) -> Result<Self, Error> {
        Ok(self.dangerous_leeway(Rules::check_leeway(leeway)?))
    }

    /// Like [`leeway`](Self::leeway), without the limit of five minutes.
    #[must_use]
    pub fn dangerous_leeway(mut self, leeway: Duration) -> Self {
        self.rules.leeway = leeway;
        self
    }

    /// Requires each proof to hold one of these nonces (RFC 9449 section 8). The error of another one, or of none, is
    /// [`Error::Claim`] of `nonce`: the answer to it has the code `use_dpop_nonce` and a header `DPoP-Nonce`.
    #[must_use]
    pub fn nonces(self, nonces: DpopNonces) -> Self {
        Self { nonces: Some(nonces), ..self }
    }

    /// Sets the maximum length of a proof, in bytes. 256 KiB by default.
    #[must_use]
    pub fn max_len(self, max: usize) -> Self {
        Self { max_len: max, ..self }
    }

    /// Verifies a proof at the system's time.
    ///
    /// # Errors
    ///
    /// Those of [`DpopVerification::verify`]; [`Error::Clock`].
    #[cfg(feature = "std")]
    pub fn verify(&self, proof: &str, request: &DpopRequest<'_>) -> Result<DpopProof, Error> {
        self.now()?.verify(proof, request)
    }

    /// Starts to verify a proof at the system's time.
    ///
    /// # Errors
    ///
    /// [`Error::Clock`] if the system's clock is not set.
    #[cfg(feature = "std")]
    pub fn now(&self) -> Result<DpopVerification<'_>, Error> {
        Ok(self.at(NumericDate::now()?))
    }

    /// Starts to verify a proof at a given time.
    pub fn at(&self, now: NumericDate) -> DpopVerification<'_> {
        DpopVerification { verifier: self, now, guard: None }
    }
}

/// The verification of one DPoP proof.
#[must_use = "`verify` verifies"]
pub struct DpopVerification<'v> {
    verifier: &'v DpopVerifier,
    now: NumericDate,
    guard: Option<&'v dyn ReplayGuard>,
}

impl<'v> DpopVerification<'v> {
    /// Accepts the proof only once (RFC 9449 section 11.1). The guard is asked last, with the thumbprint of the key in the
    /// place of an issuer, and method and URI as the [target](TokenId::target), until the proof is too old to be accepted.
    pub fn once(self, guard: &'v impl ReplayGuard) -> Self {
        Self { guard: Some(guard), ..self }
    }

    /// Verifies a proof. Whether its key is that of the token is checked by
    /// [`Verification::bound_to`](crate::Verification::bound_to) or
    /// [`Confirmation::check`](crate::profile::Confirmation::check).
    ///
    /// # Errors
    ///
    /// [`Error::TooLong`]; [`Error::Jws`] if the signature does not verify with the key in the proof, or that is not a public
    /// key; [`Error::Typ`], [`Error::NotClaims`] or [`Error::Claim`] if the proof is another kind of JWT or of another
    /// request; [`Error::Replayed`] and [`Error::ReplayStore`] of [`once`](Self::once).
    pub fn verify(self, proof: &str, request: &DpopRequest<'_>) -> Result<DpopProof, Error> {
        let proof = self.check(proof, request)?;
        if let Some(guard) = self.guard {
            proof.once(guard)?;
        }
        Ok(proof)
    }

    /// Like [`verify`](Self::verify), and accepts the proof only once, with a guard that answers later.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify).
    pub async fn verify_once_async(
        self,
        proof: &str,
        request: &DpopRequest<'_>,
        guard: &impl AsyncReplayGuard,
    ) -> Result<DpopProof, Error> {
        let proof = self.check(proof, request)?;
        proof.once_async(guard).await?;
        Ok(proof)
    }

    fn check(&self, proof: &str, request: &DpopRequest<'_>) -> Result<DpopProof, Error> {
        let DpopVerifier { allowed, rules, nonces, max_len } = self.verifier;
        if proof.len() > *max_len {
            return Err(Error::TooLong { max: *max_len });
        }
        let jws = embedded::verify(proof, *allowed)?;
        let claims = Registered::read(jws.payload(), json::DEPTH)?;
        let expected = Expected { nonce: request.nonce, nonces: request.nonces, ..Expected::default() };
        let header = jws.header();
        rules.check(&header, &claims, &expected, self.now)?;
        if let Some(nonces) = nonces {
            check_text(&claims, "nonce", &nonces.accepted(self.now).each_ref().map(String::as_str))?;
        }
        let checked =
            Checked { header: &header, claims: &claims, rules, expected: &expected, alg: Some(jws.alg()) };
        DPOP.verify(&checked)?;
        let text = |name| checked.text(name)?.ok_or_else(|| Error::claim(name, Reason::Missing));
        if text("htm")? != request.method {
            return Err(Error::claim("htm", Reason::Mismatch));
        }
        let (htu, uri) = (text("htu")?.to_cow(), target(request.uri));
        if uri.is_none() || target(&htu) != uri {
            return Err(Error::claim("htu", Reason::Mismatch));
        }
        if let Some(token) = request.access_token
            && text("ath")? != base64url::encode_to_string(&Sha256::digest(token))
        {
            return Err(Error::claim("ath", Reason::Mismatch));
        }
        let until = rules.refused_from(None, claims.iat);
        Ok(DpopProof {
            target: [request.method, " ", &uri.unwrap_or_default()].concat(),
            id: text("jti")?.to_cow().into_owned(),
            issued_at: claims.iat.ok_or_else(|| Error::claim("iat", Reason::Missing))?,
            until: until.ok_or_else(|| Error::claim("iat", Reason::Invalid))?,
            now: self.now,
            key: jws.key().clone(),
            thumbprint: *jws.thumbprint(),
        })
    }
}

impl fmt::Debug for DpopVerification<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DpopVerification")
            .field("verifier", self.verifier)
            .field("now", &self.now)
            .finish_non_exhaustive()
    }
}

/// A URI as far as it is compared: without query and fragment, after the normalization of RFC 3986 sections 6.2.2 and 6.2.3.
/// `None` if it is not a URI with an authority.
fn target(uri: &str) -> Option<String> {
    let uri = uri.split(['?', '#']).next().unwrap_or(uri);
    let uri = UriStr::new(uri).ok()?.normalize().to_dedicated_string();
    let port = match uri.scheme_str() {
        "https" => ":443",
        "http" => ":80",
        _ => ":",
    };
    let authority = uri.authority_str()?;
    let authority = authority.strip_suffix(port).or(authority.strip_suffix(':')).unwrap_or(authority);
    let path = if uri.path_str().is_empty() { "/" } else { uri.path_str() };
    Some([uri.scheme_str(), "://", authority, path].concat())
}

impl DpopProof {
    /// Accepts the proof only once, like [`DpopVerification::once`], for a server that asks its guard after it has verified the
    /// token: anyone can make proofs with a key of his own, and none of them is remembered then.
    ///
    /// # Errors
    ///
    /// [`Error::Replayed`] and [`Error::ReplayStore`].
    pub fn once(&self, guard: &(impl ReplayGuard + ?Sized)) -> Result<(), Error> {
        Ok(guard.first_use(&self.token_id(&self.key_text()))?)
    }

    /// Like [`once`](Self::once), with a guard that answers later.
    ///
    /// # Errors
    ///
    /// Those of [`once`](Self::once).
    pub async fn once_async(&self, guard: &(impl AsyncReplayGuard + ?Sized)) -> Result<(), Error> {
        Ok(guard.first_use(&self.token_id(&self.key_text())).await?)
    }

    fn key_text(&self) -> String {
        base64url::encode_to_string(self.thumbprint.as_bytes())
    }

    fn token_id<'p>(&'p self, key: &'p str) -> TokenId<'p> {
        TokenId {
            issuer: Some(key),
            id: &self.id,
            target: Some(&self.target),
            until: self.until,
            now: self.now,
        }
    }

    /// `jti`.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// `iat`.
    #[must_use]
    pub fn issued_at(&self) -> NumericDate {
        self.issued_at
    }

    /// The key that signed it.
    pub fn key(&self) -> &PublicJwk {
        &self.key
    }

    /// The key's thumbprint with SHA-256: `jkt` of a token that is bound to the key.
    #[must_use]
    pub fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }
}
