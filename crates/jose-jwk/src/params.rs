//! The members that make up the key material, read and written by the table of `jose-jwa`.

use alloc::string::String;
use alloc::vec::Vec;

use jose_b64::json::{Kind, ObjectWriter, Str, Value};
use jose_b64::{Bytes, Secret, base64url};
use jose_jwa::{Curve, JweAlg, JwsAlg, KeyType, Member};
use zeroize::Zeroizing;

use crate::error::{Error, MemberError, Usage};
use crate::noted::Notes;
use crate::parser::JwkParser;
use crate::text::Text;

/// The algorithm of an `AKP` key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AkpAlg {
    Jws(JwsAlg),
    Jwe(JweAlg),
}

impl AkpAlg {
    fn from_json_str(name: Str<'_>) -> Option<Self> {
        let jws = JwsAlg::from_json_str(name).filter(|alg| alg.key_type() == KeyType::Akp);
        let jwe = || JweAlg::from_json_str(name).filter(|alg| alg.key_type() == Some(KeyType::Akp));
        jws.map(Self::Jws).or_else(|| jwe().map(Self::Jwe))
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Jws(alg) => alg.as_str(),
            Self::Jwe(alg) => alg.as_str(),
        }
    }
}

/// The key material of a JWK. Each value has the name of its member, in the order of the names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Params {
    pub(crate) kty: KeyType,
    pub(crate) crv: Option<Curve>,
    /// Of `AKP` keys, of which it is a part.
    pub(crate) alg: Option<AkpAlg>,
    public: Vec<(&'static str, Bytes)>,
    secret: Vec<(&'static str, Secret)>,
}

impl Params {
    pub(crate) fn new(kty: KeyType, crv: Option<Curve>) -> Self {
        Self { kty, crv, alg: None, public: Vec::new(), secret: Vec::new() }
    }

    pub(crate) fn akp(alg: JwsAlg) -> Self {
        Self { alg: Some(AkpAlg::Jws(alg)), ..Self::new(KeyType::Akp, None) }
    }

    pub(crate) fn with_public(mut self, name: &'static str, bytes: impl Into<Bytes>) -> Self {
        insert(&mut self.public, name, bytes.into());
        self
    }

    pub(crate) fn with_secret(mut self, name: &'static str, bytes: impl Into<Secret>) -> Self {
        insert(&mut self.secret, name, bytes.into());
        self
    }

    /// Reads a member of the key type. `kty` was read before.
    pub(crate) fn read(
        &mut self,
        member: &Member,
        value: Value<'_>,
        parser: &JwkParser,
        notes: &mut Notes,
    ) -> Result<(), Error> {
        let name = member.name;
        if name == "oth" {
            match value.as_array() {
                None if value.kind() == Kind::Null => notes.push(name, MemberError::Null),
                Some(list) if list.iter().next().is_none() => notes.push(name, MemberError::Empty),
                Some(_) => return Err(Error::Unsupported("RSA with more than two primes")),
                None => return Err(Error::invalid(name)),
            }
            return Ok(());
        }
        let text = value.as_str().ok_or(Error::invalid(name))?;
        match name {
            "kty" => {}
            "crv" if parser.p256k && self.kty == KeyType::Ec && text == "P-256K" => {
                self.crv = Some(Curve::Secp256k1);
            }
            "crv" => {
                let crv = Curve::from_json_str(text).filter(|crv| crv.key_type() == self.kty);
                self.crv = Some(crv.ok_or(Error::CurveUnknown)?);
            }
            "alg" => {
                self.alg = Some(AkpAlg::from_json_str(text).ok_or(Error::AlgorithmUnknown)?);
            }
            _ if member.secret => {
                let mut bytes = read_secret(name, text, parser, notes)?;
                if let Some(stripped) = self.stripped(name, bytes.expose(), parser, notes) {
                    bytes = stripped.into();
                }
                insert(&mut self.secret, name, bytes);
            }
            _ => {
                let mut bytes = read_bytes(name, text, parser, notes)?;
                if let Some(stripped) = self.stripped(name, &bytes, parser, notes) {
                    bytes = stripped.into();
                }
                insert(&mut self.public, name, bytes);
            }
        }
        Ok(())
    }

    /// An integer of an RSA key without its leading zeros, if it has some that are allowed.
    fn stripped<'b>(
        &self,
        name: &'static str,
        bytes: &'b [u8],
        parser: &JwkParser,
        notes: &mut Notes,
    ) -> Option<&'b [u8]> {
        let stripped = parser.integer(bytes);
        if self.kty != KeyType::Rsa || stripped.len() == bytes.len() {
            return None;
        }
        notes.push(name, MemberError::LeadingZero);
        Some(stripped)
    }

    /// Every member is there that a key of the type cannot be without.
    pub(crate) fn check_required(&self) -> Result<(), Error> {
        for member in self.kty.members() {
            let name = member.name;
            let found = match name {
                "kty" => true,
                "crv" => self.crv.is_some(),
                "alg" => self.alg.is_some(),
                // The one secret that a key cannot be without.
                "k" => self.secret(name).is_some(),
                _ => !member.required_public || self.public(name).is_ok(),
            };
            if !found {
                return Err(Error::missing(name));
            }
        }
        Ok(())
    }

    /// The secret members have this length.
    pub(crate) fn check_secret_len(&self, len: usize) -> Result<(), Error> {
        match self.secrets().find(|(_, bytes)| bytes.len() != len) {
            Some((name, _)) => Err(Error::length(name)),
            None => Ok(()),
        }
    }

    /// The error for a key of another kind than the one that is wanted.
    pub(crate) fn wrong_key(&self, wanted: &'static str) -> Error {
        Usage::WrongKey { kty: self.kty, crv: self.crv, wanted }.into()
    }

    /// A public member.
    pub(crate) fn public(&self, name: &'static str) -> Result<&[u8], Error> {
        self.publics().find(|(own, _)| *own == name).map(|(_, bytes)| bytes).ok_or(Error::missing(name))
    }

    /// A secret member, if it is there.
    pub(crate) fn secret(&self, name: &str) -> Option<&[u8]> {
        self.secrets().find(|(own, _)| *own == name).map(|(_, bytes)| bytes)
    }

    /// A secret member that a private key has.
    pub(crate) fn private(&self, name: &str) -> Result<&[u8], Error> {
        self.secret(name).ok_or(Error::Usage(Usage::NotPrivate))
    }

    pub(crate) fn publics(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.public.iter().map(|(name, bytes)| (*name, bytes.as_ref()))
    }

    pub(crate) fn secrets(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.secret.iter().map(|(name, bytes)| (*name, bytes.expose()))
    }

    pub(crate) fn is_private(&self) -> bool {
        !self.secret.is_empty()
    }

    /// This key without its secret members.
    pub(crate) fn to_public(&self) -> Result<Self, Error> {
        if self.kty == KeyType::Oct {
            return Err(Error::NoPublicPart);
        }
        let public = self.public.clone();
        Ok(Self { public, alg: self.alg, ..Self::new(self.kty, self.crv) })
    }

    pub(crate) fn write(&self, writer: &mut ObjectWriter<'_, Text>) -> Result<(), Error> {
        writer.string("kty", self.kty.as_str())?;
        if let Some(crv) = self.crv {
            writer.string("crv", crv.as_str())?;
        }
        for (name, bytes) in self.publics() {
            writer.base64url(name, bytes)?;
        }
        for (name, bytes) in self.secrets() {
            writer.string(name, &base64url::encode_secret_to_string(bytes))?;
        }
        Ok(())
    }
}

/// Inserts in the order of the names, as the table has them, so that keys are equal however they were made.
fn insert<V>(members: &mut Vec<(&'static str, V)>, name: &'static str, value: V) {
    members.insert(members.partition_point(|(other, _)| *other < name), (name, value));
}

/// Whether this is the name of a private member of any key type.
pub(crate) fn is_private<N: PartialEq<str> + ?Sized>(name: &N) -> bool {
    KeyType::ALL.iter().flat_map(|kty| kty.members()).any(|member| member.secret && *name == *member.name)
}

/// The bytes of a public member.
pub(crate) fn read_bytes(
    name: &'static str,
    text: Str<'_>,
    parser: &JwkParser,
    notes: &mut Notes,
) -> Result<Bytes, Error> {
    decode(name, &text.to_cow(), parser, notes, Bytes::from_base64url)
}

/// The bytes of a secret member. An escape in its text costs a copy, which is wiped.
fn read_secret(
    name: &'static str,
    text: Str<'_>,
    parser: &JwkParser,
    notes: &mut Notes,
) -> Result<Secret, Error> {
    if let Some(plain) = text.as_plain() {
        return decode(name, plain, parser, notes, Secret::from_base64url);
    }
    // Large enough from the start: a buffer that grows leaves copies behind.
    let mut unescaped = Zeroizing::new(String::with_capacity(text.raw().len()));
    unescaped.extend(text.chars());
    decode(name, &unescaped, parser, notes, Secret::from_base64url)
}

/// Decodes strict base64url, or another base64 that the parser allows.
fn decode<B>(
    name: &'static str,
    text: &str,
    parser: &JwkParser,
    notes: &mut Notes,
    decode: fn(&[u8]) -> Result<B, jose_b64::Error>,
) -> Result<B, Error> {
    decode(text.as_bytes()).or_else(|error| {
        let converted = parser.base64url(text).ok_or(Error::encoding(name)(error))?;
        let bytes = decode(converted.as_bytes()).map_err(Error::encoding(name))?;
        // Of a secret it is not said where the character stands.
        let error = if is_private(name) { jose_b64::Error::Base64 } else { error };
        notes.push(name, MemberError::Encoding(error));
        Ok(bytes)
    })
}
