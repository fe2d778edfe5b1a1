//! The headers of one recipient, taken together, and the key management parameters in them.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::json::{Str, Value};
use jose_jwa::header::{HeaderError, HeaderIndex, JoseHeader};
use jose_jwa::{Curve, JweAlg, JweEnc, JweFamily};
use jose_jwk::PublicJwk;

use crate::error::{Error, Part};
use crate::jwe::limits::Limits;

/// The length of the initialization vector of AES-GCM, in bytes.
pub(crate) const GCM_IV_LEN: usize = 12;

/// The length of the authentication tag of AES-GCM, in bytes.
const GCM_TAG_LEN: usize = 16;

/// The minimum length of a PBES2 salt, in bytes (RFC 7518 section 4.8.1.1).
const MIN_SALT_LEN: usize = 8;

/// The protected, the shared unprotected and the recipient's own header, which have no name in common.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Union<'h> {
    pub(crate) protected: JoseHeader<'h>,
    pub(crate) unprotected: JoseHeader<'h>,
    pub(crate) own: JoseHeader<'h>,
}

impl<'h> Union<'h> {
    fn all(&self) -> [&JoseHeader<'h>; 3] {
        [&self.protected, &self.unprotected, &self.own]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.all().into_iter().all(JoseHeader::is_empty)
    }

    pub(crate) fn check_disjoint(&self) -> Result<(), Error> {
        self.protected.check_disjoint(&self.unprotected)?;
        self.protected.check_disjoint(&self.own)?;
        Ok(self.unprotected.check_disjoint(&self.own)?)
    }

    pub(crate) fn get(&self, name: &str) -> Option<Value<'h>> {
        self.all().into_iter().find_map(|header| header.get(name))
    }

    /// `alg`, if it is known.
    pub(crate) fn alg(&self) -> Result<JweAlg, Error> {
        let alg = self.all().into_iter().find_map(JoseHeader::alg).ok_or(Error::AlgorithmMissing)?;
        JweAlg::from_json_str(alg).ok_or(Error::AlgorithmUnknown)
    }

    /// `enc`; `None` with Integrated Encryption, which has none.
    pub(crate) fn enc(&self) -> Result<Option<JweEnc>, Error> {
        if self.alg().is_ok_and(|alg| alg.family() == JweFamily::HpkeIntegrated) {
            return self.check_integrated().map(|()| None);
        }
        let enc = self.all().into_iter().find_map(JoseHeader::enc).ok_or(Error::EncryptionMissing)?;
        JweEnc::from_json_str(enc).map(Some).ok_or(Error::EncryptionUnknown)
    }

    /// Checks what Integrated Encryption asks of the headers: `alg` and `psk_id` are integrity protected, and there is neither
    /// `enc` nor `ek`.
    fn check_integrated(&self) -> Result<(), Error> {
        if self.get("enc").is_some() {
            return Err(Error::EncryptionUnexpected);
        }
        let outside = |name| self.protected.get(name).is_none() && self.get(name).is_some();
        match ["alg", "psk_id"].into_iter().find(|name| outside(name)) {
            Some(name) => Err(HeaderError::Unprotected(name).into()),
            None if self.get("ek").is_some() => Err(HeaderError::Invalid("ek").into()),
            None => Ok(()),
        }
    }

    pub(crate) fn kid(&self) -> Option<Str<'h>> {
        self.all().into_iter().find_map(JoseHeader::kid)
    }

    /// The bytes of a base64url parameter, if it is there.
    pub(crate) fn bytes(&self, name: &'static str) -> Result<Option<Vec<u8>>, Error> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = value.as_str().ok_or(HeaderError::Invalid(name))?;
        Part::Parameter(name).decode(text.to_cow().as_bytes()).map(Some)
    }

    fn exactly<const N: usize>(&self, name: &'static str) -> Result<[u8; N], Error> {
        let bytes = self.bytes(name)?.ok_or(HeaderError::Missing(name))?;
        Ok(bytes.try_into().map_err(|_| HeaderError::Length(name))?)
    }

    /// `epk`, a public key on a curve that one of the keys is on. Its type and curve are compared before it is parsed as a key.
    fn epk(&self, is_own: impl Fn(Curve) -> bool) -> Result<PublicJwk, Error> {
        const INVALID: HeaderError = HeaderError::Invalid("epk");
        let epk = self.get("epk").ok_or(HeaderError::Missing("epk"))?.as_object().ok_or(INVALID)?;
        let name = |name| epk.get(name).and_then(|value| value.as_str());
        let crv = name("crv").and_then(Curve::from_json_str).ok_or(INVALID)?;
        let fits = is_own(crv) && name("kty").is_some_and(|kty| kty == crv.key_type().as_str());
        if !fits {
            return Err(INVALID.into());
        }
        PublicJwk::from_object(epk).map_err(Error::Epk)
    }
}

/// A header of a message that was decrypted. The text of one without parameters is empty.
pub(crate) struct OwnedHeader {
    text: String,
    index: HeaderIndex,
}

impl OwnedHeader {
    /// Takes the text that a header was parsed from.
    pub(crate) fn new(text: String, index: HeaderIndex) -> Self {
        Self { text, index }
    }

    pub(crate) fn of(header: &JoseHeader<'_>) -> Self {
        let text = if header.is_empty() { String::new() } else { header.text().into() };
        Self { text, index: header.index() }
    }

    pub(crate) fn view(&self) -> JoseHeader<'_> {
        self.index.view(self.text.as_bytes())
    }
}

/// The parameters of a key management algorithm, read and checked before any cryptography.
#[derive(Debug)]
pub(crate) enum Params {
    None,
    Agreement {
        epk: Box<PublicJwk>,
        apu: Vec<u8>,
        apv: Vec<u8>,
    },
    Gcm {
        iv: [u8; GCM_IV_LEN],
        tag: [u8; GCM_TAG_LEN],
    },
    Password {
        salt: Vec<u8>,
        count: u32,
    },
    /// `ek` is empty with Integrated Encryption, whose encrypted key it is.
    Hpke {
        ek: Vec<u8>,
        psk_id: Option<Vec<u8>>,
    },
}

impl Params {
    /// The encapsulated secret of Key Encryption with HPKE; empty for every other algorithm.
    pub(crate) fn ek(&self) -> &[u8] {
        match self {
            Self::Hpke { ek, .. } => ek,
            _ => &[],
        }
    }

    /// Reads the parameters for keys on the curves of which `is_own` is true.
    pub(crate) fn read(
        alg: JweAlg,
        header: &Union<'_>,
        is_own: impl Fn(Curve) -> bool,
        limits: &Limits,
    ) -> Result<Self, Error> {
        Ok(match alg.family() {
            JweFamily::KeyAgreement => {
                let epk = Box::new(header.epk(is_own)?);
                let party = |name| header.bytes(name).map(Option::unwrap_or_default);
                Self::Agreement { epk, apu: party("apu")?, apv: party("apv")? }
            }
            JweFamily::GcmKeyWrap => Self::Gcm { iv: header.exactly("iv")?, tag: header.exactly("tag")? },
            JweFamily::Password => {
                let salt = header.bytes("p2s")?.ok_or(HeaderError::Missing("p2s"))?;
                let count = header.get("p2c").ok_or(HeaderError::Missing("p2c"))?;
                // Digits only: a sign, a fraction or an exponent does not make a count.
                let count =
                    count.as_number().and_then(|text| text.parse().ok()).ok_or(Error::PasswordCost)?;
                if salt.len() < MIN_SALT_LEN || !(limits.min_p2c..=limits.max_p2c).contains(&count) {
                    return Err(Error::PasswordCost);
                }
                Self::Password { salt, count }
            }
            JweFamily::HpkeIntegrated => Self::Hpke { ek: Vec::new(), psk_id: header.bytes("psk_id")? },
            JweFamily::HpkeKeyEncryption => {
                let ek = header.bytes("ek")?.ok_or(HeaderError::Missing("ek"))?;
                Self::Hpke { ek, psk_id: header.bytes("psk_id")? }
            }
            _ => Self::None,
        })
    }
}
