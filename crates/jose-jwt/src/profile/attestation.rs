//! Attestation-based client authentication (draft-ietf-oauth-attestation-based-client-auth-11).

use alloc::string::String;
use core::fmt;
use core::time::Duration;

use jose_b64::base64url;
use jose_jwk::{Allowed, Hash, JwsAlg};
use jose_jws::{Verify, VerifyingKey};
use serde::{Deserialize, Serialize};

use super::{Confirmation, FIVE_MINUTES, Profile, SIGNATURES};
use crate::audience::Audience;
use crate::claims::NoClaims;
use crate::error::{Error, Reason};
use crate::numeric_date::NumericDate;
use crate::replay::{AsyncReplayGuard, ReplayGuard, TokenId};
use crate::rules::Rules;
use crate::verify::{JwtVerifier, Verified};

/// A client attestation (draft-ietf-oauth-attestation-based-client-auth-11 section 4): an attester says that the client `sub`
/// holds the key in `cnf`. [`ClientAttestationVerifier`] verifies it together with the proof of that key. Beside a DPoP proof by
/// the same key (section 5.2) it is verified with [`Verification::bound_to`](crate::Verification::bound_to).
pub const CLIENT_ATTESTATION: Profile = Profile::new("client attestation")
    .typ(&["oauth-client-attestation+jwt"])
    .typ_required()
    .required(&["sub", "exp", "cnf"]);

/// The claims of a client attestation besides the registered ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClientAttestation {
    /// The key that the client holds.
    pub cnf: Confirmation,
    /// The name of the wallet, if the client is one (OpenID4VCI 1.0 appendix E).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wallet_name: Option<String>,
    /// A URL with more about the wallet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wallet_link: Option<String>,
}

impl ClientAttestation {
    /// An attestation of this key, which [`Confirmation::of_key`] makes.
    #[must_use]
    pub fn new(cnf: Confirmation) -> Self {
        Self { cnf, ..Self::default() }
    }
}

/// The proof that goes with a client attestation (section 5.1), for one server only, at most five minutes old.
pub const CLIENT_ATTESTATION_POP: Profile = Profile::new("client attestation PoP")
    .typ(&["oauth-client-attestation-pop+jwt"])
    .typ_required()
    .sole_audience()
    .algs(SIGNATURES)
    .max_age(FIVE_MINUTES)
    .required(&["aud", "jti", "iat"]);

/// The claims of the proof besides the registered ones.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClientAttestationPop {
    /// What the server gave the client to put here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
}

impl ClientAttestationPop {
    /// A proof with the challenge of the server, if there is one.
    #[must_use]
    pub fn new(challenge: Option<String>) -> Self {
        Self { challenge }
    }
}

/// Verifies client attestations and their proofs, in pairs: the attestation by the attester's keys, the proof by the key in the
/// attestation.
///
/// ```
/// use jose_jwt::profile::{ClientAttestation, ClientAttestationVerifier};
/// use jose_jwt::{Error, JwkSet, JwsAlg, JwtVerifier, VerifyingKeys};
///
/// fn authenticate(
///     attester: &JwkSet,
///     attestation: &str,
///     proof: &str,
/// ) -> Result<Option<String>, Error> {
///     let keys = VerifyingKeys::from_jwks(attester, JwsAlg::Es256)?;
///     let attestations =
///         JwtVerifier::new(keys).issuer("https://attester.example").any_audience();
///     let clients =
///         ClientAttestationVerifier::new(attestations, "https://as.example", JwsAlg::Es256);
///
///     let client = clients.now()?.challenge("…").verify(attestation, proof)?;
///     assert!(client.claims().custom().cnf.jwk.is_some());
///     Ok(client.claims().sub().map(str::to_owned))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct ClientAttestationVerifier<K> {
    attestations: JwtVerifier<K>,
    /// Its key is in each attestation.
    proofs: JwtVerifier<()>,
    allowed: Allowed<JwsAlg>,
}

impl<K: Verify> ClientAttestationVerifier<K> {
    /// Takes the verifier of attestations, whose profile is set here; what identifies this server: the issuer of an authorization
    /// server, or the resource identifier of a resource server; and the algorithms of the proofs.
    #[must_use]
    pub fn new(
        attestations: JwtVerifier<K>,
        server: impl Into<Audience>,
        allowed: impl Into<Allowed<JwsAlg>>,
    ) -> Self {
        // Whether the client holds the key in `cnf` is what the proof shows.
        let attestations = attestations.profile(CLIENT_ATTESTATION).dangerous_ignore_confirmation();
        let proofs = JwtVerifier::of(()).any_issuer().audience(server).profile(CLIENT_ATTESTATION_POP);
        Self { attestations, proofs, allowed: allowed.into() }
    }

    /// Sets how old a proof may be. Five minutes by default.
    #[must_use]
    pub fn max_age(self, age: Duration) -> Self {
        Self { proofs: self.proofs.max_age(age), ..self }
    }

    /// Widens each check of a proof's time by this span, for clocks that differ. That of attestations is set in their verifier.
    ///
    /// # Errors
    ///
    /// [`Error::LeewayTooLong`] over five minutes.
    pub fn leeway(self, leeway: Duration) -> Result<Self, Error> {
        Ok(Self { proofs: self.proofs.dangerous_leeway(Rules::check_leeway(leeway)?), ..self })
    }

    /// Starts to verify a pair at the system's time.
    ///
    /// # Errors
    ///
    /// [`Error::Clock`] if the system's clock is not set.
    #[cfg(feature = "std")]
    pub fn now(&self) -> Result<ClientAttestationVerification<'_, K>, Error> {
        Ok(self.at(NumericDate::now()?))
    }

    /// Starts to verify a pair at a given time.
    pub fn at(&self, now: NumericDate) -> ClientAttestationVerification<'_, K> {
        ClientAttestationVerification { verifier: self, now, challenge: None, guard: None }
    }
}

/// The verification of one client attestation and its proof.
#[must_use = "`verify` verifies"]
pub struct ClientAttestationVerification<'v, K> {
    verifier: &'v ClientAttestationVerifier<K>,
    now: NumericDate,
    challenge: Option<&'v str>,
    guard: Option<&'v dyn ReplayGuard>,
}

/// An attestation and its proof. Whether the proof was used before is not asked yet.
struct Pair {
    attestation: Verified<ClientAttestation>,
    proof: Verified<NoClaims>,
    /// The thumbprint of the key in both, in base64url.
    key: String,
}

impl<'v, K: Verify> ClientAttestationVerification<'v, K> {
    /// Requires the proof to hold the challenge that the server gave.
    pub fn challenge(self, challenge: &'v str) -> Self {
        Self { challenge: Some(challenge), ..self }
    }

    /// Accepts the proof only once. The guard is asked last, with the thumbprint of the key in the place of an issuer.
    pub fn once(self, guard: &'v impl ReplayGuard) -> Self {
        Self { guard: Some(guard), ..self }
    }

    /// Verifies the values of the headers `OAuth-Client-Attestation` and `OAuth-Client-Attestation-PoP`, of which a request has
    /// one each. `sub` of the attestation is the client, and must be `client_id` of the request if that has one.
    ///
    /// # Errors
    ///
    /// Those of [`Verification::verify`](crate::Verification::verify) for each of the two; [`Error::Claim`] of `cnf` if there is
    /// no `jwk` in it, [`Error::Jws`] if that serves none of the allowed algorithms; [`Error::Replayed`] and
    /// [`Error::ReplayStore`] of [`once`](Self::once).
    pub fn verify(self, attestation: &str, proof: &str) -> Result<Verified<ClientAttestation>, Error> {
        let pair = self.check(attestation, proof)?;
        if let Some(guard) = self.guard {
            guard.first_use(&self.token_id(&pair)?)?;
        }
        Ok(pair.attestation)
    }

    /// Like [`verify`](Self::verify), and accepts the proof only once, with a guard that answers later.
    ///
    /// # Errors
    ///
    /// Those of [`verify`](Self::verify).
    pub async fn verify_once_async(
        self,
        attestation: &str,
        proof: &str,
        guard: &impl AsyncReplayGuard,
    ) -> Result<Verified<ClientAttestation>, Error> {
        let pair = self.check(attestation, proof)?;
        guard.first_use(&self.token_id(&pair)?).await?;
        Ok(pair.attestation)
    }

    fn check(&self, attestation: &str, proof: &str) -> Result<Pair, Error> {
        let ClientAttestationVerifier { attestations, proofs, allowed } = self.verifier;
        let attestation = attestations.at(self.now).verify::<ClientAttestation>(attestation)?;
        let jwk = attestation.claims().custom().cnf.jwk.as_ref();
        let jwk = jwk.ok_or_else(|| Error::claim("cnf", Reason::Invalid))?;
        let key = jwk.as_jwk().thumbprint(Hash::Sha256).map_err(jose_jws::Error::Key)?;
        let key = base64url::encode_to_string(key.as_bytes());
        let proofs = proofs.with_keys(VerifyingKey::from_jwk(jwk, *allowed)?);
        let verification = proofs.at(self.now);
        let verification = match self.challenge {
            Some(challenge) => verification.challenge(challenge),
            None => verification,
        };
        let proof = verification.verify::<NoClaims>(proof)?;
        Ok(Pair { attestation, proof, key })
    }

    fn token_id<'p>(&self, pair: &'p Pair) -> Result<TokenId<'p>, Error> {
        let id = self.verifier.proofs.token_id(pair.proof.claims(), self.now)?;
        Ok(TokenId { issuer: Some(&pair.key), ..id })
    }
}

impl<K> fmt::Debug for ClientAttestationVerification<'_, K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientAttestationVerification")
            .field("now", &self.now)
            .field("challenge", &self.challenge)
            .finish_non_exhaustive()
    }
}
