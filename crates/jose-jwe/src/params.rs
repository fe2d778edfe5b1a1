//! The headers of one recipient, taken together, and the key management parameters in them.

use alloc::boxed::Box;
use alloc::vec::Vec;

use jose_b64::base64url;
use jose_b64::json::Value;
use jose_jwa::JweFamily;
use jose_jwk::header::JoseHeader;
use jose_jwk::{Error as KeyError, JweAlg, JweEnc, Jwk, PublicJwk};

use crate::enc::{GCM_IV_LEN, GCM_TAG_LEN};
use crate::{Error, Limits};

/// The fewest octets of a PBES2 salt (RFC 7518 section 4.8.1.1).
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
        JweAlg::ALL.iter().copied().find(|known| alg == *known.as_str()).ok_or(Error::AlgorithmUnknown)
    }

    pub(crate) fn enc(&self) -> Result<JweEnc, Error> {
        let enc = self.all().into_iter().find_map(JoseHeader::enc).ok_or(Error::EncryptionMissing)?;
        JweEnc::ALL.iter().copied().find(|known| enc == *known.as_str()).ok_or(Error::EncryptionUnknown)
    }

    /// Whether a key of this `kid` may be meant: where the header and the key both have one, they must be equal.
    pub(crate) fn fits_kid(&self, kid: Option<&str>) -> bool {
        let own = self.all().into_iter().find_map(JoseHeader::kid);
        own.zip(kid).is_none_or(|(own, kid)| own == *kid)
    }

    /// Whether there is a `kid`.
    pub(crate) fn has_kid(&self) -> bool {
        self.all().into_iter().any(|header| header.kid().is_some())
    }

    /// The octets of a base64url parameter, if it is there.
    pub(crate) fn octets(&self, name: &'static str) -> Result<Option<Vec<u8>>, Error> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let text = value.as_str().ok_or(Error::Header(KeyError::Invalid(name)))?;
        Ok(Some(base64url::decode_to_vec(text.to_cow().as_bytes())?))
    }

    fn exactly<const N: usize>(&self, name: &'static str) -> Result<[u8; N], Error> {
        let octets = self.octets(name)?.ok_or(Error::Header(KeyError::Missing(name)))?;
        octets.try_into().map_err(|_| Error::Header(KeyError::Length(name)))
    }
}

/// The parameters of a key management algorithm, read and checked before any cryptography.
#[derive(Clone, Debug)]
pub(crate) enum Params {
    None,
    Agreement { epk: Box<PublicJwk>, apu: Vec<u8>, apv: Vec<u8> },
    Gcm { iv: [u8; GCM_IV_LEN], tag: [u8; GCM_TAG_LEN] },
    Password { salt: Vec<u8>, count: u32 },
}

impl Params {
    pub(crate) fn read(alg: JweAlg, header: &Union<'_>, limits: &Limits) -> Result<Self, Error> {
        Ok(match alg.family() {
            JweFamily::KeyAgreement => {
                let epk = header.get("epk").ok_or(Error::Header(KeyError::Missing("epk")))?;
                let epk = epk.as_object().ok_or(Error::Header(KeyError::Invalid("epk")))?;
                let epk = Box::new(PublicJwk::try_from(Jwk::from_object(epk)?)?);
                let party = |name| header.octets(name).map(Option::unwrap_or_default);
                Self::Agreement { epk, apu: party("apu")?, apv: party("apv")? }
            }
            JweFamily::GcmKeyWrap => Self::Gcm { iv: header.exactly("iv")?, tag: header.exactly("tag")? },
            JweFamily::Password => {
                let salt = header.octets("p2s")?.ok_or(Error::Header(KeyError::Missing("p2s")))?;
                let count = header.get("p2c").ok_or(Error::Header(KeyError::Missing("p2c")))?;
                // Digits alone: what has a sign, a fraction or an exponent is no count.
                let count =
                    count.as_number().and_then(|text| text.parse().ok()).ok_or(Error::PasswordCost)?;
                if salt.len() < MIN_SALT_LEN || !(limits.min_p2c..=limits.max_p2c).contains(&count) {
                    return Err(Error::PasswordCost);
                }
                Self::Password { salt, count }
            }
            _ => Self::None,
        })
    }
}
