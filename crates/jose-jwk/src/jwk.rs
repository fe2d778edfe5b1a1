use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use jose_b64::json::{self, Object, ObjectWriter};
use jose_jwa::{AlgSet, Curve, Hash, KeyOp, KeyType, KeyUse};
use zeroize::Zeroizing;

use crate::error::Error;
use crate::key;
use crate::metadata::{KeyAlg, Metadata};
use crate::params::{Params, is_private};
use crate::parser::JwkParser;
use crate::thumbprint::Thumbprint;

/// A JSON Web Key (RFC 7517 section 4), public, private or symmetric.
///
/// Whatever made it, its material is well-formed: lengths are those of the curve, points lie on it, a private part is
/// the one of the public part. Whether it is strong enough and meant for an algorithm is checked where it is prepared
/// for one.
///
/// Its `Debug` shows type, curve and `kid`, never a secret octet; it has no `Serialize`. [`PublicJwk`] has.
#[derive(Clone, PartialEq, Eq)]
pub struct Jwk {
    pub(crate) params: Params,
    pub(crate) metadata: Metadata,
    /// Members that are not understood, with the JSON text of their values.
    pub(crate) extra: Vec<(String, String)>,
}

impl Jwk {
    /// Reads a JWK from its JSON text.
    ///
    /// # Errors
    ///
    /// [`Error::Json`] where the text is not strict JSON or octets are not strict base64url, and a variant of
    /// [`Error`] for each rule of RFC 7517, RFC 7518 section 6 and RFC 8037 section 2 that the key breaks.
    pub fn from_json(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::from_object(json::parse_object(text.as_ref())?)
    }

    /// Like [`Jwk::from_json`], but for an object inside another text.
    ///
    /// # Errors
    ///
    /// As [`Jwk::from_json`].
    pub fn from_object(object: Object<'_>) -> Result<Self, Error> {
        Self::read(object, JwkParser::default())
    }

    pub(crate) fn read(object: Object<'_>, parser: JwkParser) -> Result<Self, Error> {
        let kty = object.get("kty").ok_or_else(|| match object.get("keys") {
            Some(_) => Error::IsSet,
            None => Error::missing("kty"),
        })?;
        let kty = KeyType::from_json_str(kty.as_str().ok_or(Error::invalid("kty"))?);
        let kty = kty.ok_or(Error::KeyTypeUnknown)?;
        if parser.public_only && kty == KeyType::Oct {
            return Err(Error::PrivateMembers);
        }
        let (mut params, mut metadata) = (Params::new(kty, None), Metadata::default());
        let mut extra = Vec::new();
        for (name, value) in object.iter() {
            if parser.public_only && is_private(&name) {
                continue;
            }
            if let Some(member) = kty.members().iter().find(|member| name == *member.name) {
                params.read(member, value, parser)?;
            } else if !metadata.read(&name.to_cow(), value)? {
                extra.push((name.to_cow().into_owned(), value.raw().to_owned()));
            }
        }
        metadata.alg = params.alg.map(KeyAlg::Jws).or(metadata.alg);
        params.check_required()?;
        metadata.check()?;
        key::check(&params)?;
        Ok(Self { params, metadata, extra })
    }

    pub(crate) fn from_params(params: Params) -> Self {
        let alg = params.alg.map(KeyAlg::Jws);
        Self { params, metadata: Metadata { alg, ..Metadata::default() }, extra: Vec::new() }
    }

    /// `kty`.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        self.params.kty
    }

    /// `crv`, of `EC` and `OKP` keys.
    #[must_use]
    pub fn curve(&self) -> Option<Curve> {
        self.params.crv
    }

    /// `kid`.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.metadata.kid.as_deref()
    }

    /// `alg`.
    #[must_use]
    pub fn alg(&self) -> Option<&KeyAlg> {
        self.metadata.alg.as_ref()
    }

    /// `use`, if it is a registered value.
    #[must_use]
    pub fn key_use(&self) -> Option<KeyUse> {
        self.metadata.key_use()
    }

    /// The registered values of `key_ops`.
    #[must_use]
    pub fn key_ops(&self) -> Option<AlgSet<KeyOp>> {
        self.metadata.key_ops()
    }

    /// `x5u`. It is never fetched.
    #[must_use]
    pub fn x5u(&self) -> Option<&str> {
        self.metadata.x5u.as_deref()
    }

    /// `x5c`: each certificate in standard base64, as the key has it.
    #[must_use]
    pub fn x5c(&self) -> Option<&[String]> {
        self.metadata.x5c.as_deref()
    }

    /// `x5t`, 20 octets.
    #[must_use]
    pub fn x5t(&self) -> Option<&[u8]> {
        self.metadata.x5t.as_deref()
    }

    /// `x5t#S256`, 32 octets.
    #[must_use]
    pub fn x5t_s256(&self) -> Option<&[u8]> {
        self.metadata.x5t_s256.as_deref()
    }

    /// The octets of a public member of the key material: `x`, `y`, `n`, `e`, `pub`.
    #[must_use]
    pub fn public_member(&self, name: &'static str) -> Option<&[u8]> {
        self.params.public(name).ok()
    }

    /// The octets of a secret member of the key material: `k`, `d`, `p`, `q`, `dp`, `dq`, `qi`, `priv`.
    #[must_use]
    pub fn expose_secret_member(&self, name: &str) -> Option<&[u8]> {
        self.params.secret(name)
    }

    /// A member that this library does not understand, as JSON text.
    #[must_use]
    pub fn extra(&self, name: &str) -> Option<&str> {
        self.extra.iter().find(|(member, _)| member == name).map(|(_, value)| value.as_str())
    }

    /// Whether it holds a secret: private and symmetric keys do.
    #[must_use]
    pub fn is_private(&self) -> bool {
        self.params.is_private()
    }

    /// Sets `kid`.
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.metadata.kid = Some(kid.into());
        self
    }

    /// Sets `kid` to the thumbprint where there is none yet.
    ///
    /// # Errors
    ///
    /// As [`Jwk::thumbprint`].
    pub fn with_thumbprint_kid(self, hash: Hash) -> Result<Self, Error> {
        if self.metadata.kid.is_some() {
            return Ok(self);
        }
        let kid = self.thumbprint(hash)?.to_string();
        Ok(self.with_kid(kid))
    }

    /// Sets `alg`. Whether the key can serve the algorithm is checked when the key is prepared for it.
    ///
    /// # Errors
    ///
    /// [`Usage::WrongKey`] if the key is of type `AKP` and has another `alg`, which is a part of such a key (RFC 9964
    /// section 3).
    pub fn with_alg(mut self, alg: impl Into<KeyAlg>) -> Result<Self, Error> {
        let alg = alg.into();
        match self.params.alg {
            Some(own) if alg != KeyAlg::Jws(own) => Err(self.params.wrong_key("another alg than its own")),
            _ => {
                self.metadata.alg = Some(alg);
                Ok(self)
            }
        }
    }

    /// Sets `use`.
    ///
    /// # Errors
    ///
    /// [`Error::UseAgainstKeyOps`] where the key has `key_ops` that contradict it.
    pub fn with_use(mut self, key_use: KeyUse) -> Result<Self, Error> {
        self.metadata.key_use = Some(key_use.as_str().to_owned());
        self.metadata.check()?;
        Ok(self)
    }

    /// Sets `key_ops`.
    ///
    /// # Errors
    ///
    /// [`Error::UseAgainstKeyOps`] where the key has a `use` that contradicts them.
    pub fn with_key_ops(mut self, ops: AlgSet<KeyOp>) -> Result<Self, Error> {
        self.metadata.key_ops = Some(ops.iter().map(|op| op.to_string()).collect());
        self.metadata.check()?;
        Ok(self)
    }

    /// The key without its private members.
    ///
    /// # Errors
    ///
    /// [`Error::NoPublicPart`] for a symmetric key.
    pub fn to_public(&self) -> Result<PublicJwk, Error> {
        let params = self.params.to_public()?;
        let extra = self.extra.iter().filter(|(name, _)| !is_private(name)).cloned().collect();
        Ok(PublicJwk(Self { params, metadata: self.metadata.clone(), extra }))
    }

    /// The JSON text of the whole key, private members included. It is wiped when it is dropped.
    #[must_use]
    pub fn expose_private_json(&self) -> Zeroizing<String> {
        let lengths = self.params.publics().chain(self.params.secrets()).map(|(_, bytes)| bytes.len());
        // Room for all of the key material, so that no smaller copy of it is left behind by a reallocation.
        let len = lengths.fold(256_usize, |sum, len| sum.saturating_add(len.saturating_mul(2)));
        let mut text = Zeroizing::new(String::with_capacity(len));
        self.write(&mut text);
        text
    }

    /// Whether no member has the name of a private one of any key type.
    pub(crate) fn is_public(&self) -> bool {
        !self.is_private() && !self.extra.iter().any(|(name, _)| is_private(name))
    }

    fn write(&self, text: &mut String) {
        let result = self.try_write(text);
        debug_assert!(
            result.is_ok(),
            "a `String` takes any text, and each value was checked when it was read"
        );
    }

    fn try_write(&self, text: &mut String) -> Result<(), Error> {
        let mut writer = ObjectWriter::new(text)?;
        self.params.write(&mut writer)?;
        self.metadata.write(&mut writer)?;
        for (name, value) in &self.extra {
            writer.raw(name, value)?;
        }
        Ok(writer.finish()?)
    }

    /// The thumbprint with SHA-256, the usual one, or another hash function (RFC 7638).
    ///
    /// # Errors
    ///
    /// [`Error::Unsupported`] for any hash function but SHA-256, SHA-384 and SHA-512.
    pub fn thumbprint(&self, hash: Hash) -> Result<Thumbprint, Error> {
        Thumbprint::of(&self.params, hash)
    }
}

impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("Jwk");
        debug.field("kty", &format_args!("{}", self.params.kty));
        let metadata = &self.metadata;
        let optional: [(_, Option<&dyn fmt::Display>); 3] = [
            ("crv", self.params.crv.as_ref().map(|crv| crv as _)),
            ("alg", metadata.alg.as_ref().map(|alg| alg as _)),
            ("use", metadata.key_use.as_ref().map(|own| own as _)),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                debug.field(name, &format_args!("{value}"));
            }
        }
        if let Some(kid) = &metadata.kid {
            debug.field("kid", kid);
        }
        debug.field("private", &self.is_private()).finish_non_exhaustive()
    }
}

/// A [`Jwk`] that holds no secret: what may be published, and what an embedded `jwk` must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicJwk(Jwk);

impl PublicJwk {
    #[allow(dead_code, reason = "a build without any family makes no key of parameters")]
    pub(crate) fn from_params(params: Params) -> Self {
        Self(Jwk::from_params(params))
    }

    /// Reads a public JWK from its JSON text.
    ///
    /// # Errors
    ///
    /// [`Error::PrivateMembers`] if a member has the name of a private one of any key type, whatever its value; the
    /// other members are then not looked at. Otherwise as [`Jwk::from_json`].
    pub fn from_json(text: impl AsRef<[u8]>) -> Result<Self, Error> {
        Self::from_object(json::parse_object(text.as_ref())?)
    }

    /// Like [`PublicJwk::from_json`], but for an object inside another text.
    ///
    /// # Errors
    ///
    /// As [`PublicJwk::from_json`].
    pub fn from_object(object: Object<'_>) -> Result<Self, Error> {
        if object.iter().any(|(name, _)| is_private(&name)) {
            return Err(Error::PrivateMembers);
        }
        Jwk::from_object(object).map(Self)
    }

    /// The key.
    #[must_use]
    pub fn as_jwk(&self) -> &Jwk {
        &self.0
    }

    /// The JSON text.
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut text = String::new();
        self.0.write(&mut text);
        text
    }
}

impl JwkParser {
    /// Reads a JWK from its JSON text.
    ///
    /// # Errors
    ///
    /// As [`Jwk::from_json`].
    pub fn jwk(self, text: impl AsRef<[u8]>) -> Result<Jwk, Error> {
        Jwk::read(json::parse_object(text.as_ref())?, self)
    }
}

impl AsRef<Jwk> for Jwk {
    fn as_ref(&self) -> &Jwk {
        self
    }
}

impl AsRef<Jwk> for PublicJwk {
    fn as_ref(&self) -> &Jwk {
        &self.0
    }
}

impl TryFrom<Jwk> for PublicJwk {
    type Error = Error;

    fn try_from(jwk: Jwk) -> Result<Self, Error> {
        if jwk.is_public() { Ok(Self(jwk)) } else { Err(Error::PrivateMembers) }
    }
}

impl From<PublicJwk> for Jwk {
    fn from(public: PublicJwk) -> Self {
        public.0
    }
}
