use alloc::string::String;

use jose_b64::base64url;
use jose_jwk::{Hash, Jwk, Thumbprint};
use jose_jws::{Header, Parameters, SigningKey};
use rand_core::TryCryptoRng;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::claims::Claims;
use crate::error::Error;
use crate::numeric_date::NumericDate;
use crate::replay::random_id;
use crate::token::Token;

/// The client's half of DPoP: signs a proof for each request (RFC 9449 section 4.2).
///
/// ```
/// use jose_jwt::profile::{DpopRequest, DpopSigner, DpopVerifier};
/// use jose_jwt::{Curve, Jwk, JwsAlg, SysRng};
/// use std::time::Duration;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let signer = DpopSigner::new(&Jwk::generate(Curve::P256, &mut SysRng)?)?;
///     let proof = signer
///         .proof("GET", "https://api.example/items")
///         .access_token("token")
///         .sign(&mut SysRng)?;
///
///     let verifier = DpopVerifier::new(JwsAlg::Es256, Duration::from_secs(60));
///     let request =
///         DpopRequest::new("GET", "https://api.example/items").access_token("token");
///     assert_eq!(verifier.verify(&proof, &request)?.thumbprint(), signer.thumbprint());
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct DpopSigner {
    key: SigningKey,
    parameters: Parameters,
    thumbprint: Thumbprint,
}

impl DpopSigner {
    /// Prepares a private key.
    ///
    /// # Errors
    ///
    /// [`Error::Jws`] if it is not a private key that names, or has only one, signature algorithm.
    pub fn new(jwk: &Jwk) -> Result<Self, Error> {
        let public = jwk.to_public().map_err(jose_jws::Error::Key)?;
        let thumbprint = jwk.thumbprint(Hash::Sha256).map_err(jose_jws::Error::Key)?;
        let parameters = Parameters::new().json("jwk", &public.to_json()).map_err(jose_jws::Error::Header)?;
        Ok(Self { key: SigningKey::try_from(jwk)?, parameters, thumbprint })
    }

    /// The thumbprint of the key, to which the server binds tokens.
    #[must_use]
    pub fn thumbprint(&self) -> &Thumbprint {
        &self.thumbprint
    }

    /// A proof for a request. Query and fragment of the URI are left out.
    pub fn proof<'p>(&'p self, method: &'p str, uri: &'p str) -> ProofBuilder<'p> {
        let uri = uri.split(['?', '#']).next().unwrap_or(uri);
        ProofBuilder { signer: self, claims: ProofClaims { htm: method, htu: uri, ath: None, nonce: None } }
    }
}

/// A DPoP proof to be signed.
#[derive(Clone, Debug)]
#[must_use = "it is not signed yet"]
pub struct ProofBuilder<'p> {
    signer: &'p DpopSigner,
    claims: ProofClaims<'p>,
}

#[derive(Clone, Debug, Serialize)]
struct ProofClaims<'p> {
    htm: &'p str,
    htu: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'p str>,
}

impl<'p> ProofBuilder<'p> {
    /// Adds the hash of the access token that goes with the request.
    pub fn access_token(mut self, token: &str) -> Self {
        self.claims.ath = Some(base64url::encode_to_string(&Sha256::digest(token)));
        self
    }

    /// Adds the nonce that the server gave.
    pub fn nonce(mut self, nonce: &'p str) -> Self {
        self.claims.nonce = Some(nonce);
        self
    }

    /// Signs the proof at the system's time. `rng` makes its identifier.
    ///
    /// # Errors
    ///
    /// Those of [`Token::sign`]; [`Error::Rng`].
    #[cfg(feature = "std")]
    pub fn sign<R: TryCryptoRng + ?Sized>(self, rng: &mut R) -> Result<String, Error> {
        self.sign_with(NumericDate::now()?, rng)
    }

    /// Like [`sign`](Self::sign), at a given time.
    ///
    /// # Errors
    ///
    /// Those of [`Token::sign`]; [`Error::Rng`].
    pub fn sign_with<R: TryCryptoRng + ?Sized>(self, now: NumericDate, rng: &mut R) -> Result<String, Error> {
        let DpopSigner { key, parameters, .. } = self.signer;
        let claims = Claims::new().jwt_id(random_id(rng)?).with(self.claims);
        let header: Header<'_> = parameters.header().typ("dpop+jwt");
        Token::at(&claims, now).header(header).sign(key)
    }
}
