//! The members that make up the key material, read and written by the table of `jose-jwa`.

use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::json::{Object, ObjectWriter, Str};
use jose_b64::{Bytes, Secret};
use jose_jwa::{Curve, JwsAlg, KeyType};
use zeroize::Zeroizing;

use crate::{Error, JwkParser, Usage, key};

/// The key material of a JWK. Each value stands under the name of its member, in the order of the names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Params {
    pub(crate) kty: KeyType,
    pub(crate) crv: Option<Curve>,
    /// Of `AKP` keys, where it is a part of the key.
    pub(crate) alg: Option<JwsAlg>,
    public: Vec<(&'static str, Bytes)>,
    secret: Vec<(&'static str, Secret)>,
}

/// The member of RFC 7518 section 6.3.2.7 for more than two primes.
const OTHER_PRIMES: &str = "oth";

impl Params {
    pub(crate) fn new(kty: KeyType, crv: Option<Curve>) -> Self {
        Self { kty, crv, alg: None, public: Vec::new(), secret: Vec::new() }
    }

    pub(crate) fn akp(alg: JwsAlg) -> Self {
        Self { alg: Some(alg), ..Self::new(KeyType::Akp, None) }
    }

    #[must_use]
    pub(crate) fn with_public(mut self, name: &'static str, octets: impl Into<Bytes>) -> Self {
        insert(&mut self.public, name, octets.into());
        self
    }

    #[must_use]
    pub(crate) fn with_secret(mut self, name: &'static str, octets: impl Into<Secret>) -> Self {
        insert(&mut self.secret, name, octets.into());
        self
    }

    pub(crate) fn read(object: Object<'_>, parser: JwkParser) -> Result<Self, Error> {
        let kty = object.get("kty").ok_or_else(|| match object.get("keys") {
            Some(_) => Error::IsSet,
            None => Error::missing("kty"),
        })?;
        let kty = kty.as_str().ok_or(Error::invalid("kty"))?;
        let kty = find(KeyType::ALL, kty).ok_or(Error::KeyTypeUnknown)?;
        let mut params = Self::new(kty, None);
        if parser.public_only && kty == KeyType::Oct {
            return Err(Error::PrivateMembers);
        }
        for member in kty.members() {
            if member.secret && parser.public_only {
                continue;
            }
            let value = object.get(member.name);
            if member.name == OTHER_PRIMES && value.is_some() {
                return Err(Error::Unsupported("RSA with more than two primes"));
            }
            // `k` is the one secret that a key cannot be without.
            let required = member.required_public || member.name == "k";
            let Some(value) = value else {
                if required {
                    return Err(Error::missing(member.name));
                }
                continue;
            };
            let text = value.as_str().ok_or(Error::invalid(member.name))?;
            if member.name == "crv" {
                params.crv = Some(parser.curve(text, kty)?);
            } else if member.name == "alg" {
                let alg = find(JwsAlg::ALL, text).filter(|alg| alg.key_type() == kty);
                params.alg = Some(alg.ok_or(Error::AlgorithmUnknown)?);
            } else if member.name == "kty" {
            } else if member.secret {
                params =
                    params.with_secret(member.name, read_secret(text).map_err(Error::encoding(member.name))?);
            } else {
                params = params.with_public(member.name, read_octets(member.name, text)?);
            }
        }
        key::check(&params)?;
        Ok(params)
    }

    /// The error for a key of another kind than the one that is wanted.
    pub(crate) fn wrong_key(&self, wanted: &'static str) -> Error {
        Usage::WrongKey { kty: self.kty, crv: self.crv, wanted }.into()
    }

    /// The octets of a public member.
    pub(crate) fn public(&self, name: &'static str) -> Result<&[u8], Error> {
        self.public
            .iter()
            .find(|(member, _)| *member == name)
            .map(|(_, octets)| octets.as_ref())
            .ok_or(Error::missing(name))
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
            writer.string(name, &jose_b64::base64url::encode_secret_to_string(octets))?;
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

/// At its place among the names, as the table has them: keys are equal whatever made them.
fn insert<V>(members: &mut Vec<(&'static str, V)>, name: &'static str, value: V) {
    members.insert(members.partition_point(|(other, _)| *other < name), (name, value));
}

/// The bytes of a public member.
pub(crate) fn read_octets(name: &'static str, text: Str<'_>) -> Result<Bytes, Error> {
    Bytes::from_base64url(text.to_cow().as_bytes()).map_err(Error::encoding(name))
}

/// Whether this is the name of a private member of any key type.
pub(crate) fn is_private<N: PartialEq<str>>(name: &N) -> bool {
    KeyType::ALL.iter().flat_map(|kty| kty.members()).any(|member| member.secret && *name == *member.name)
}

/// The bytes of a secret member. An escape in its text costs a copy, which is wiped.
fn read_secret(text: Str<'_>) -> Result<Secret, jose_b64::Error> {
    if let Some(plain) = text.as_plain() {
        return Secret::from_base64url(plain.as_bytes());
    }
    // Large enough from the start: a buffer that grows leaves copies behind.
    let mut unescaped = Zeroizing::new(String::with_capacity(text.raw().len()));
    unescaped.extend(text.chars());
    Secret::from_base64url(unescaped.as_bytes())
}
