use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use jose_jwa::header::Header;
use jose_jwa::{JwsAlg, Status};
use jose_jwk::{Jwk, KeyAlg, Operation, RsaLimits, Usage};
use rand_core::TryCryptoRng;

use super::prepared::{self, Shared, Signer, Source};
use super::{Sign, sealed};
use crate::error::Error;
use crate::hash::{Hasher, SignHashed};
use crate::header;

/// A key that signs with one algorithm, prepared once from a JWK or from a key of your own.
///
/// Clones share the prepared key. To sign a payload in chunks, pass it to [`stream::Signer`](crate::stream::Signer).
///
/// ```
/// use jose_jws::jwk::{Curve, Jwk, SysRng};
/// use jose_jws::{JwsAlg, Sign, SigningKey};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let jwk = Jwk::generate(Curve::P256, &mut SysRng)?;
///     // The algorithm is the key's own, or said.
///     assert_eq!(SigningKey::try_from(&jwk)?.alg(), JwsAlg::Es256);
///     assert!(SigningKey::from_jwk(&jwk, JwsAlg::Rs256).is_err());
///     Ok(())
/// }
/// ```
#[derive(Clone)]
pub struct SigningKey {
    kid: Option<String>,
    signer: Shared<Signer>,
    headers: Shared<[Vec<u8>; 2]>,
}

/// The values of `typ` in the headers that a key has at hand. Most messages have one of these and nothing else of their own.
const TYPES: [Option<&str>; 2] = [None, Some("JWT")];

/// The base64url of those headers. One that is too long is empty: whoever signs writes it, and gets the error.
fn write_headers(alg: JwsAlg, kid: Option<&str>) -> [Vec<u8>; 2] {
    TYPES.map(|typ| {
        let header = typ.map_or(Header::new(), |typ| Header::new().typ(typ));
        let mut out = Vec::new();
        header::write(alg.as_str(), &header::named(&header, kid), &mut out).map(|_| out).unwrap_or_default()
    })
}

impl SigningKey {
    /// Prepares a key for this algorithm.
    ///
    /// Signatures are deterministic (RFC 6979 for ECDSA), except for RSA's, which draw random numbers from the system.
    /// Many verifiers know an Ed25519 key only under [`JwsAlg::EdDsa`].
    ///
    /// # Errors
    ///
    /// [`Error::Key`] with the rule that forbids it: type, curve, size, `use`, `key_ops`, `alg`, a public key, or a
    /// feature that this build lacks; [`Error::RngMissing`] for an RSA key without the feature `std`.
    pub fn from_jwk(jwk: impl AsRef<Jwk>, alg: JwsAlg) -> Result<Self, Error> {
        Self::prepare(jwk.as_ref(), alg, None)
    }

    /// Like [`from_jwk`](Self::from_jwk), but each signature draws random numbers from a generator that `rng` returns,
    /// such as `|| SysRng`.
    ///
    /// RSA needs them. With ECDSA and ML-DSA they hedge the signature: a fault in the computation reveals less of the
    /// key. HMAC and EdDSA draw none.
    ///
    /// # Errors
    ///
    /// Those of [`from_jwk`](Self::from_jwk).
    pub fn randomized<F, R>(jwk: impl AsRef<Jwk>, alg: JwsAlg, rng: F) -> Result<Self, Error>
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: TryCryptoRng + 'static,
    {
        Self::prepare(jwk.as_ref(), alg, Some(Source::new(rng)))
    }

    fn prepare(jwk: &Jwk, alg: JwsAlg, source: Option<Source>) -> Result<Self, Error> {
        jwk.check(Operation::Sign(alg))?;
        Ok(Self::of(jwk.kid(), prepared::signer(alg, jwk, source)?))
    }

    fn of(kid: Option<&str>, signer: Signer) -> Self {
        let headers = Shared::new(write_headers(signer.as_sign().alg(), kid));
        Self { kid: kid.map(String::from), signer: Shared::new(signer), headers }
    }

    /// Takes a key that is bound to its algorithm already, such as one that talks to an HSM.
    ///
    /// ```
    /// use jose_jws::{Key, Sign, SigningKey, alg::Es256};
    ///
    /// fn main() -> Result<(), signature::Error> {
    ///     let key = p256::ecdsa::SigningKey::from_slice(&[7; 32])?;
    ///     let key = SigningKey::new(Key::<Es256, _>::new(key).with_kid("key-1"));
    ///     assert_eq!(key.kid(), Some("key-1"));
    ///     Ok(())
    /// }
    /// ```
    pub fn new(key: impl Sign + Send + Sync + 'static) -> Self {
        let kid = key.kid().map(String::from);
        Self::of(kid.as_deref(), Signer::Whole(Box::new(key)))
    }

    /// Takes a key that is held elsewhere and described by a JWK, public or not: the JWK's `use`, `key_ops`, `alg`, type
    /// and curve are checked as for any other key, and its `kid` names the key.
    ///
    /// # Errors
    ///
    /// [`Error::Key`] with the rule that forbids the key's algorithm.
    pub fn external(jwk: impl AsRef<Jwk>, key: impl Sign + Send + Sync + 'static) -> Result<Self, Error> {
        let jwk = jwk.as_ref();
        check_external(jwk, key.alg())?;
        let kid = jwk.kid().or(key.kid()).map(String::from);
        Ok(Self::of(kid.as_deref(), Signer::Whole(Box::new(key))))
    }
}

/// Checks what the JWK of a key that is held elsewhere says of it. A public one says whether its signatures are verified.
pub(super) fn check_external(jwk: &Jwk, alg: JwsAlg) -> Result<(), Error> {
    let operation = if jwk.is_private() { Operation::Sign(alg) } else { Operation::Verify(alg) };
    Ok(jwk.check_external(operation, RsaLimits::STRICT)?)
}

/// The algorithm of a key: the one that its `alg` names, or the only one that it serves and that is not deprecated.
pub(super) fn only_alg(jwk: &Jwk) -> Result<JwsAlg, Error> {
    match jwk.alg() {
        Some(KeyAlg::Jws(alg)) => return Ok(*alg),
        Some(_) => return Err(Error::Key(Usage::AlgForbids { wanted: "a signature algorithm" }.into())),
        None => {}
    }
    let serves = JwsAlg::for_key(jwk.key_type(), jwk.curve());
    let mut algs = serves.iter().filter(|alg| alg.status() != Status::Deprecated);
    match (algs.next(), algs.next()) {
        (Some(alg), None) => Ok(alg),
        (Some(_), Some(_)) => Err(Error::AlgorithmAmbiguous { serves }),
        (None, _) => {
            let usage = Usage::WrongKey { kty: jwk.key_type(), crv: jwk.curve(), wanted: "signatures" };
            Err(Error::Key(usage.into()))
        }
    }
}

/// The algorithm is the one that `alg` of the key names, or the only one that the key serves and that is not deprecated.
impl TryFrom<&Jwk> for SigningKey {
    type Error = Error;

    /// # Errors
    ///
    /// [`Error::AlgorithmAmbiguous`] if there are several; otherwise those of [`SigningKey::from_jwk`].
    fn try_from(jwk: &Jwk) -> Result<Self, Error> {
        Self::from_jwk(jwk, only_alg(jwk)?)
    }
}

impl Sign for SigningKey {
    fn alg(&self) -> JwsAlg {
        self.signer.as_sign().alg()
    }

    fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    fn max_signature_len(&self) -> usize {
        self.signer.as_sign().max_signature_len()
    }

    fn sign(&self, message: &[&[u8]], out: &mut [u8]) -> Result<usize, Error> {
        self.signer.as_sign().sign(message, out)
    }

    fn written_header(&self, header: &Header<'_>) -> Option<&[u8]> {
        let typ = header.only_typ()?;
        let (_, written) = TYPES.iter().zip(self.headers.iter()).find(|(known, _)| **known == typ)?;
        (!written.is_empty()).then_some(written)
    }
}

/// [`Error::NotStreamable`] with EdDSA and ML-DSA, and with keys from [`SigningKey::new`] and [`SigningKey::external`].
impl SignHashed for SigningKey {
    fn hasher(&self) -> Result<Hasher, Error> {
        self.signer.as_hashed()?.hasher()
    }

    fn sign_hashed(&self, hasher: Hasher, out: &mut [u8]) -> Result<usize, Error> {
        self.signer.as_hashed()?.sign_hashed(hasher, out)
    }
}

impl sealed::Sealed for SigningKey {}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("alg", &self.alg()).field("kid", &self.kid).finish_non_exhaustive()
    }
}
