//! A token and the keys in it.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::Error;
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use jose_b64::base64url;
use jose_jwt::{Curve, PublicJwk};

use crate::Result;

/// P-256, as a DER object identifier.
const P256: [u8; 10] = [0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];

/// What the member that holds a point begins with: an OCTET STRING of 65 bytes.
const POINT: [u8; 2] = [0x04, 0x41];

#[derive(Clone, Copy)]
pub(crate) enum Kind {
    P256,
    Rsa,
}

/// A session with a token, one for all keys.
#[derive(Clone)]
pub(crate) struct Token(Arc<Mutex<Session>>);

/// A key pair in a token: the public key, and the name of the private one.
pub(crate) struct Pair {
    pub(crate) public: PublicJwk,
    pub(crate) private: ObjectHandle,
}

impl Token {
    pub(crate) fn open(module: &Path, label: &str, pin: &str) -> Result<Self> {
        let pkcs11 = Pkcs11::new(module)?;
        pkcs11.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK))?;
        for slot in pkcs11.get_slots_with_token()? {
            if pkcs11.get_token_info(slot)?.label() == label {
                let session = pkcs11.open_rw_session(slot)?;
                session.login(UserType::User, Some(&AuthPin::new(pin.into())))?;
                return Ok(Self(Arc::new(Mutex::new(session))));
            }
        }
        Err(format!("no token {label}").into())
    }

    pub(crate) fn session(&self) -> MutexGuard<'_, Session> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a key pair whose private key stays where it is.
    pub(crate) fn generate(&self, kind: Kind) -> Result<Pair> {
        let session = self.session();
        let mut public = vec![Attribute::Token(false), Attribute::Verify(true)];
        let mut private = vec![
            Attribute::Token(false),
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
        ];
        let mechanism = match kind {
            Kind::P256 => {
                public.push(Attribute::EcParams(P256.to_vec()));
                private.push(Attribute::Derive(true));
                Mechanism::EccKeyPairGen
            }
            Kind::Rsa => {
                public
                    .extend([Attribute::PublicExponent(vec![1, 0, 1]), Attribute::ModulusBits(2048.into())]);
                private.push(Attribute::Decrypt(true));
                Mechanism::RsaPkcsKeyPairGen
            }
        };
        let (public, private) = session.generate_key_pair(&mechanism, &public, &private)?;
        let public = match kind {
            Kind::P256 => {
                let encoded = read(&session, public, AttributeType::EcPoint)?;
                let point = encoded.strip_prefix(&POINT).ok_or("no point of P-256")?;
                PublicJwk::from_raw(Curve::P256, point)?
            }
            Kind::Rsa => {
                let encode = |attribute| -> Result<String> {
                    Ok(base64url::encode_to_string(&read(&session, public, attribute)?))
                };
                let (n, e) = (encode(AttributeType::Modulus)?, encode(AttributeType::PublicExponent)?);
                PublicJwk::from_json(format!(r#"{{"kty":"RSA","n":"{n}","e":"{e}"}}"#))?
            }
        };
        Ok(Pair { public, private })
    }

    /// The token does not give a private key away.
    pub(crate) fn must_not_leave(&self, pair: &Pair) -> Result<()> {
        for secret in [AttributeType::Value, AttributeType::PrivateExponent, AttributeType::Prime1] {
            if read(&self.session(), pair.private, secret).is_ok() {
                return Err("the private key can be read".into());
            }
        }
        Ok(())
    }
}

/// The bytes of an attribute.
pub(crate) fn read(session: &Session, object: ObjectHandle, attribute: AttributeType) -> Result<Vec<u8>> {
    let attributes: std::result::Result<_, Error> = session.get_attributes(object, &[attribute]);
    match attributes?.into_iter().next() {
        Some(
            Attribute::EcPoint(bytes)
            | Attribute::Modulus(bytes)
            | Attribute::PublicExponent(bytes)
            | Attribute::PrivateExponent(bytes)
            | Attribute::Prime1(bytes)
            | Attribute::Value(bytes),
        ) => Ok(bytes),
        _ => Err("no such attribute".into()),
    }
}
