//! The members that make up the key material, read and written by the table of `jose-jwa`.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::json::{Object, ObjectWriter, Str};
use jose_b64::{Bytes, Secret};
use jose_jwa::{Curve, KeyType};
use zeroize::Zeroizing;

use crate::{Error, key};

/// The key material of a JWK. Each value stands under the name of its member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Params {
    pub(crate) kty: KeyType,
    pub(crate) crv: Option<Curve>,
    public: Vec<(&'static str, Bytes)>,
    secret: Vec<(&'static str, Secret)>,
}

/// Members of [`KeyType::members`] that are names, not octets.
const NAMES: &[&str] = &["kty", "crv", "alg"];

/// The member of RFC 7518 section 6.3.2.7 for more than two primes.
const OTHER_PRIMES: &str = "oth";

impl Params {
    pub(crate) fn new(kty: KeyType, crv: Option<Curve>) -> Self {
        Self { kty, crv, public: Vec::new(), secret: Vec::new() }
    }

    /// A key of its members' octets, checked.
    #[must_use]
    pub(crate) fn with_public(mut self, name: &'static str, octets: impl Into<Bytes>) -> Self {
        self.public.push((name, octets.into()));
        // In the order of the table, as it is read: keys are equal whatever made them.
        self.public.sort_unstable_by_key(|(name, _)| *name);
        self
    }

    #[must_use]
    pub(crate) fn with_secret(mut self, name: &'static str, octets: impl Into<Secret>) -> Self {
        self.secret.push((name, octets.into()));
        self.secret.sort_unstable_by_key(|(name, _)| *name);
        self
    }

    pub(crate) fn read(object: Object<'_>) -> Result<Self, Error> {
        let kty = object.get("kty").ok_or(Error::Missing("kty"))?.as_str().ok_or(Error::Invalid("kty"))?;
        let kty = find(KeyType::ALL, kty).ok_or(Error::KeyTypeUnknown)?;
        let mut params = Self::new(kty, None);
        for member in kty.members() {
            let value = object.get(member.name);
            if member.name == OTHER_PRIMES && value.is_some() {
                return Err(Error::Unsupported("RSA with more than two primes"));
            }
            // `k` is the one secret that a key cannot be without.
            let required = member.required_public || member.name == "k";
            let Some(value) = value else {
                if required {
                    return Err(Error::Missing(member.name));
                }
                continue;
            };
            let text = value.as_str().ok_or(Error::Invalid(member.name))?;
            if member.name == "crv" {
                let curve = find(Curve::ALL, text).filter(|curve| curve.key_type() == kty);
                params.crv = Some(curve.ok_or(Error::CurveUnknown)?);
            } else if NAMES.contains(&member.name) {
            } else if member.secret {
                let text = zeroizing(text);
                params = params.with_secret(member.name, Secret::from_base64url(text.as_bytes())?);
            } else {
                params = params.with_public(member.name, Bytes::from_base64url(text.to_cow().as_bytes())?);
            }
        }
        key::check(&params)?;
        Ok(params)
    }

    /// The octets of a public member.
    pub(crate) fn public(&self, name: &'static str) -> Result<&[u8], Error> {
        self.public
            .iter()
            .find(|(member, _)| *member == name)
            .map(|(_, octets)| octets.as_ref())
            .ok_or(Error::Missing(name))
    }

    /// The octets of a secret member, if it is there.
    pub(crate) fn secret(&self, name: &str) -> Option<&[u8]> {
        self.secret.iter().find(|(member, _)| *member == name).map(|(_, octets)| octets.expose())
    }

    /// All public members with their octets.
    pub(crate) fn publics(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.public.iter().map(|(name, octets)| (*name, octets.as_ref()))
    }

    /// All secret members with their octets.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.secret.iter().map(|(name, octets)| (*name, octets.expose()))
    }

    pub(crate) fn is_private(&self) -> bool {
        !self.secret.is_empty()
    }

    /// The same key without its secret members.
    pub(crate) fn to_public(&self) -> Result<Self, Error> {
        if self.kty == KeyType::Oct {
            return Err(Error::NoPublicPart);
        }
        Ok(Self { secret: Vec::new(), ..self.clone() })
    }

    pub(crate) fn write(&self, writer: &mut ObjectWriter<'_, String>) -> Result<(), Error> {
        writer.string("kty", self.kty.as_str())?;
        if let Some(crv) = self.crv {
            writer.string("crv", crv.as_str())?;
        }
        for (name, octets) in self.publics() {
            writer.base64url(name, octets)?;
        }
        for (name, octets) in self.secrets() {
            writer.string(name, &jose_b64::base64url::encode_secret_string(octets))?;
        }
        Ok(())
    }

    /// Whether this member belongs to the key material and not to what is said about it.
    pub(crate) fn owns(&self, name: Str<'_>) -> bool {
        self.kty.members().iter().any(|member| name == *member.name)
    }
}

/// The identifier of this name. A name is compared unescaped.
pub(crate) fn find<A: jose_jwa::Identifier>(all: &[A], name: Str<'_>) -> Option<A> {
    name.to_cow().parse().ok().filter(|found| all.contains(found))
}

/// The text of a secret member. An escape in it costs a copy, which is wiped.
fn zeroizing(text: Str<'_>) -> Zeroizing<String> {
    match text.to_cow() {
        Cow::Borrowed(text) => Zeroizing::new(String::from(text)),
        Cow::Owned(text) => Zeroizing::new(text),
    }
}
