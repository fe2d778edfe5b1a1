//! Keys in a token, as what the library takes for a key that is held elsewhere.

use cryptoki::mechanism::elliptic_curve::{EcKdf, Ecdh1DeriveParams};
use cryptoki::mechanism::rsa::{PkcsMgfType, PkcsOaepParams, PkcsOaepSource, PkcsPssParams};
use cryptoki::mechanism::{Mechanism, MechanismType};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use jose_jwt::Secret;
use jose_jwt::jwe::{Refusal, Request, UnwrapKey};
use jose_jwt::jws::alg::{Ps256, Raw, Rs256};
use jose_jwt::signature::{Error, MultipartSigner};
use p256::ecdsa::Signature;
use sha2::{Digest, Sha256};

use crate::token::{Pair, Token, read};

/// The length of the shared secret of P-256, in bytes.
const SHARED: u64 = 32;

/// A key for ES256. The token signs a digest, and answers with `R` and `S` side by side, as JWS has them.
pub(crate) struct Ecdsa {
    token: Token,
    key: ObjectHandle,
}

impl Ecdsa {
    pub(crate) fn new(token: &Token, pair: &Pair) -> Self {
        Self { token: token.clone(), key: pair.private }
    }
}

impl MultipartSigner<Signature> for Ecdsa {
    fn try_multipart_sign(&self, message: &[&[u8]]) -> Result<Signature, Error> {
        let digest = message.iter().fold(Sha256::new(), |hash, part| hash.chain_update(part)).finalize();
        let signed = self.token.session().sign(&Mechanism::Ecdsa, self.key, &digest);
        Signature::from_slice(&signed.map_err(Error::from_source)?)
    }
}

/// A key for RS256 or PS256. The token hashes the message itself.
pub(crate) struct Rsa {
    token: Token,
    key: ObjectHandle,
    /// A mechanism is not shared between threads.
    mechanism: fn() -> Mechanism<'static>,
}

impl Rsa {
    pub(crate) fn rs256(token: &Token, pair: &Pair) -> Self {
        Self { token: token.clone(), key: pair.private, mechanism: || Mechanism::Sha256RsaPkcs }
    }

    pub(crate) fn ps256(token: &Token, pair: &Pair) -> Self {
        let mechanism = || {
            let (hash_alg, mgf) = (MechanismType::SHA256, PkcsMgfType::MGF1_SHA256);
            Mechanism::Sha256RsaPkcsPss(PkcsPssParams { hash_alg, mgf, s_len: 32.into() })
        };
        Self { token: token.clone(), key: pair.private, mechanism }
    }

    fn sign(&self, message: &[&[u8]]) -> Result<Box<[u8]>, Error> {
        let signed = self.token.session().sign(&(self.mechanism)(), self.key, &message.concat());
        Ok(signed.map_err(Error::from_source)?.into())
    }
}

impl MultipartSigner<Raw<Rs256, Box<[u8]>>> for Rsa {
    fn try_multipart_sign(&self, message: &[&[u8]]) -> Result<Raw<Rs256, Box<[u8]>>, Error> {
        Ok(Raw::new(self.sign(message)?))
    }
}

impl MultipartSigner<Raw<Ps256, Box<[u8]>>> for Rsa {
    fn try_multipart_sign(&self, message: &[&[u8]]) -> Result<Raw<Ps256, Box<[u8]>>, Error> {
        Ok(Raw::new(self.sign(message)?))
    }
}

/// A key that decrypts: RSA-OAEP, or ECDH on P-256, of which the library derives the key from the shared secret.
pub(crate) struct Unwrap {
    token: Token,
    key: ObjectHandle,
}

impl Unwrap {
    pub(crate) fn new(token: &Token, pair: &Pair) -> Self {
        Self { token: token.clone(), key: pair.private }
    }

    fn agree(&self, point: &[u8]) -> crate::Result<Vec<u8>> {
        let session = self.token.session();
        let mechanism = Mechanism::Ecdh1Derive(Ecdh1DeriveParams::new(EcKdf::null(), point));
        let template = [
            Attribute::Class(ObjectClass::SECRET_KEY),
            Attribute::KeyType(KeyType::GENERIC_SECRET),
            Attribute::Token(false),
            Attribute::Sensitive(false),
            Attribute::Extractable(true),
            Attribute::ValueLen(SHARED.into()),
        ];
        let shared = session.derive_key(&mechanism, self.key, &template)?;
        let value = read(&session, shared, AttributeType::Value);
        session.destroy_object(shared)?;
        value
    }
}

impl UnwrapKey for Unwrap {
    fn unwrap_key(&self, request: &Request<'_>) -> Result<Secret, Refusal> {
        match request {
            Request::Unwrap { encrypted_key, .. } => {
                let (hash, mgf) = (MechanismType::SHA1, PkcsMgfType::MGF1_SHA1);
                let mechanism =
                    Mechanism::RsaPkcsOaep(PkcsOaepParams::new(hash, mgf, PkcsOaepSource::empty()));
                let decrypted = self.token.session().decrypt(&mechanism, self.key, encrypted_key);
                decrypted.map(Secret::from).map_err(|_| Refusal::Failed)
            }
            Request::Agree { epk, .. } => {
                let point = epk.to_raw().map_err(|_| Refusal::Failed)?;
                self.agree(&point).map(Secret::from).map_err(|_| Refusal::Unavailable)
            }
            _ => Err(Refusal::Unavailable),
        }
    }
}
